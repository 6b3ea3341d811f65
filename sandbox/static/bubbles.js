// One message as the phone shows it.

import { h } from "./dom.js";

const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]|(?:^|\s)t\.me\/[\w?=&-]+/g;
const WHATSAPP_MARKS = /(^|[\s(])([*_~])(\S(?:[^*_~\n]*\S)?)\2(?=$|[\s).,;:!?])/g;
const MARK_TAGS = { "*": "strong", _: "em", "~": "s" };

// WhatsApp shows *bold*, _italic_ and ~struck~; other channels show the characters.
function marked(text, channel) {
  if (channel !== "whatsapp") return [text];
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(WHATSAPP_MARKS)) {
    parts.push(text.slice(from, match.index) + match[1], h(MARK_TAGS[match[2]], {}, match[3]));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

function words(text, channel, onLink) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = match[0].trimStart();
    const start = match.index + match[0].length - shown.length;
    const url = shown.startsWith("t.me/") ? `https://${shown}` : shown;
    parts.push(...marked(text.slice(from, start), channel));
    parts.push(
      h("a", { href: url, target: "_blank", rel: "noopener", onclick: (event) => onLink(event, url) }, shown),
    );
    from = start + shown.length;
  }
  return [...parts, ...marked(text.slice(from), channel)];
}

const clockTime = (at, zone) =>
  new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });

function media(message) {
  if (message.location) {
    const [lat, lon] = message.location;
    const where = `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
    return h("div", { class: "map", role: "img", "aria-label": `Location ${where}` }, h("i", { class: "pin" }), h("span", {}, where));
  }
  if (message.media === "voice") {
    const bars = [7, 14, 10, 18, 12, 20, 9, 15, 6, 13, 17, 8, 12, 6];
    const wave = h("i", { class: "wave" }, ...bars.map((size) => h("b", { "data-size": size })));
    return h("div", { class: "voice", role: "img", "aria-label": "Voice note, 3 seconds" }, h("i", { class: "play" }), wave, h("span", {}, "0:03"));
  }
  if (message.media === "sticker") return h("div", { class: "sticker", role: "img", "aria-label": "Sticker" }, "👍");
  if (message.media && message.media !== "tap") {
    const shown = message.media === "image" ? "Photo" : message.media;
    const picture = h("div", { class: "photo", role: "img", "aria-label": shown });
    return message.file ? h("a", { href: safe(message.file), target: "_blank", rel: "noopener" }, picture, `${shown} ↗`) : picture;
  }
  return null;
}

const TICKS = { sent: "✓", delivered: "✓✓", read: "✓✓" };

function foot(message, channel, zone) {
  const own = message.from === "customer";
  const ticks = own && channel !== "sms" && TICKS[message.status];
  return h(
    "span",
    { class: "foot" },
    message.edited ? "edited " : null,
    h("time", { datetime: message.at }, clockTime(message.at, zone)),
    ticks ? h("span", { class: `ticks ${message.status}`, role: "img", "aria-label": message.status }, ticks) : null,
  );
}

function options(message, live, act) {
  if (!message.options.length) return null;
  if (message.list_button) {
    return h("div", { class: "options" }, h("button", { type: "button", disabled: !live, onclick: () => act.list(message) }, h("i", { class: "bars" }), message.list_button));
  }
  const buttons = message.options.map((option) =>
    option.kind === "url"
      ? h("a", { class: "option", href: safe(option.url), target: "_blank", rel: "noopener", onclick: (event) => act.link(event, option.url) }, `${option.title} ↗`)
      : h("button", { type: "button", disabled: !live, onclick: () => act.choose(option) }, option.title),
  );
  return h("div", { class: "options" }, ...buttons);
}

const safe = (url) => (/^https?:\/\//.test(url) ? url : "#");

// What a mail ends with is where its recipient chooses what to be written about.
function footer(message, channel) {
  if (channel !== "email") return h("small", { class: "footer" }, message.footer);
  const way = h("a", { href: safe(message.footer), target: "_blank", rel: "noopener" }, "Unsubscribe");
  return h("small", { class: "footer" }, way);
}

// `live`: this is the latest message with options, the only one whose options still answer.
export function bubble(message, { channel, zone, live, act }) {
  if (message.media === "tap") return h("p", { class: "tap" }, `You tapped “${message.text}”`);
  const side = message.from === "customer" ? "mine" : "theirs";
  const body = h(
    "div",
    { class: "bubble" },
    message.header ? h("strong", { class: "header" }, message.header) : null,
    media(message),
    message.text ? h("span", { class: "text" }, ...words(message.text, channel, act.link)) : null,
    message.footer ? footer(message, channel) : null,
    foot(message, channel, zone),
  );
  const bare = message.media === "sticker" ? " bare" : "";
  return h("div", { class: `message ${side}${bare}`, "data-seq": message.seq, "data-from": message.from }, body, options(message, live, act));
}

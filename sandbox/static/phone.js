// One person's phone: a frame, a tab per channel, and the open conversation.

import { bubble } from "./bubbles.js";
import { ask, h, notice } from "./dom.js";

const NAMES = { whatsapp: "WhatsApp", sms: "Messages", telegram: "Telegram", email: "Mail" };
const TABS = { whatsapp: "WhatsApp", sms: "SMS", telegram: "Telegram", email: "Mail" };
const OPENERS = {
  fr: ["Où est mon colis ?", "Je ne serai pas là aujourd'hui"],
  en: ["Where is my parcel?", "Can you deliver tomorrow evening?"],
};
const PLACES = { fr: [48.8584, 2.3775], en: [51.5357, -0.1029] };
const ATTACHMENTS = { location: "Location", image: "Photo", voice: "Voice note", sticker: "Sticker" };

export class PhoneView {
  constructor(phone, page) {
    this.phone = phone;
    this.page = page; // { merchant, bot, now() }
    this.threads = new Map(phone.channels.map((channel) => [channel, []]));
    this.unread = new Map();
    this.channel = phone.channels[0];
    const british = phone.number.startsWith("+44");
    this.zone = british ? "Europe/London" : "Europe/Paris";
    this.language = phone.number.startsWith("+33") && phone.name !== "Sofia" ? "fr" : "en";
    this.build();
  }

  get messages() {
    return this.threads.get(this.channel);
  }

  build() {
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": `${this.phone.name}'s channels` });
    this.time = h("span", { class: "phone-time" });
    this.title = h("strong");
    this.subtitle = h("span", { class: "subtitle" });
    this.log = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "Messages", tabindex: "0" });
    this.sheet = h("div", { class: "sheet", hidden: true });
    this.input = h("input", { "aria-label": "Message", placeholder: "Message", maxlength: "4096", autocomplete: "off" });
    this.form = h("form", { class: "compose", onsubmit: (event) => this.submit(event) }, this.attach(), this.input, h("button", { type: "submit", class: "send", "aria-label": "Send" }, h("i", { class: "plane" })));
    const screen = h(
      "div",
      { class: "screen" },
      h("div", { class: "status" }, this.time, h("i", { class: "notch" }), h("i", { class: "battery" })),
      h("div", { class: "app-bar" }, h("i", { class: "avatar", "aria-hidden": "true" }, this.page.merchant[0] || "?"), h("div", {}, this.title, this.subtitle)),
      this.log,
      this.form,
      this.sheet,
    );
    this.element = h(
      "section",
      { class: "person", "aria-label": `${this.phone.name}'s phone`, "data-number": this.phone.number },
      h("div", { class: "who" }, h("div", {}, h("h2", {}, this.phone.name), h("p", {}, this.phone.number)), this.tabs),
      h("div", { class: "phone" }, screen),
    );
    this.show();
  }

  attach() {
    const menu = h("details", { class: "attach" }, h("summary", { "aria-label": "Attach" }, "+"));
    const items = Object.entries(ATTACHMENTS).map(([kind, label]) =>
      h("button", { type: "button", onclick: () => {
        menu.open = false;
        this.speak(kind === "location" ? { location: PLACES[this.language] } : { media: kind });
      } }, h("i", { class: "icon", "data-kind": kind }), label),
    );
    menu.append(h("div", { class: "menu" }, ...items));
    return menu;
  }

  // -- what happens

  load(channel, messages) {
    this.threads.set(channel, messages);
    if (channel === this.channel) this.show();
  }

  receive(channel, message) {
    const messages = this.threads.get(channel) || [];
    const known = messages.findIndex((other) => other.seq === message.seq);
    if (known >= 0) messages[known] = message;
    else messages.push(message);
    this.threads.set(channel, messages);
    if (known < 0 && message.from === "business") this.stopTyping();
    if (channel === this.channel) return this.show();
    if (known < 0 && message.from === "business") {
      if (!this.messages.length && !this.input.value) return this.open(channel);
      this.unread.set(channel, (this.unread.get(channel) || 0) + 1);
      this.drawTabs();
    }
  }

  open(channel) {
    this.channel = channel;
    this.unread.delete(channel);
    this.closeSheet();
    this.show();
    this.read();
  }

  // Opens a conversation with words that wait to be sent.
  prepare(channel, text) {
    this.open(this.threads.has(channel) ? channel : this.channel);
    this.input.value = text;
    this.element.scrollIntoView({ block: "center" });
    this.input.focus({ preventScroll: true });
  }

  read() {
    if (!this.messages.some((m) => m.from === "business" && m.status === "delivered")) return;
    ask("POST", this.path("/read")).catch(() => {});
  }

  typing(channel) {
    if (channel !== this.channel) return;
    this.stopTyping();
    this.dots = h("div", { class: "message theirs typing", "aria-label": "typing" }, h("div", { class: "bubble" }, h("i"), h("i"), h("i")));
    this.log.append(this.dots);
    this.scroll();
    this.dotsTimer = setTimeout(() => this.stopTyping(), 5000);
  }

  // What a bot answers a tap with: a line over the chat that goes away by itself.
  toast(text) {
    const line = h("p", { class: "toast", role: "status" }, text);
    this.form.before(line);
    setTimeout(() => line.remove(), 3000);
  }

  stopTyping() {
    clearTimeout(this.dotsTimer);
    this.dots?.remove();
    this.dots = null;
  }

  path(more = "") {
    return `/phones/${encodeURIComponent(this.phone.number)}/${this.channel}${more}`;
  }

  async speak(said) {
    try {
      await ask("POST", this.path(), said);
      return true;
    } catch (error) {
      notice(error.message);
      return false;
    }
  }

  async submit(event) {
    event.preventDefault();
    const text = this.input.value;
    if (!text.trim()) return;
    this.input.value = "";
    if (!(await this.speak({ text }))) this.input.value = text;
    this.input.focus();
  }

  // A merchant's t.me link opens the bot in this person's Telegram, as on a real phone.
  link(event, url) {
    const found = /^https:\/\/t\.me\/(\w+)\?start=([\w-]{1,64})$/.exec(url);
    if (!found || found[1] !== this.page.bot || !this.threads.has("telegram")) return;
    event.preventDefault();
    this.open("telegram");
    this.speak({ text: `/start ${found[2]}` });
  }

  openList(message) {
    const rows = message.options.map((option) =>
      h("button", { type: "button", onclick: () => {
        this.closeSheet();
        this.speak({ choose: option.id });
      } }, h("span", {}, option.title), option.description ? h("small", {}, option.description) : null),
    );
    const close = h("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => this.closeSheet() }, "×");
    const panel = h("div", { class: "panel", role: "dialog", "aria-label": message.list_button }, h("header", {}, h("strong", {}, message.list_button), close), ...rows);
    this.sheet.replaceChildren(panel);
    this.sheet.hidden = false;
    rows[0]?.focus();
  }

  closeSheet() {
    this.sheet.hidden = true;
    this.sheet.replaceChildren();
  }

  // -- what it looks like

  show() {
    this.element.dataset.channel = this.channel;
    this.title.textContent = this.page.merchant;
    this.subtitle.textContent = { whatsapp: "Business account", sms: "Text message", telegram: "bot", email: "E-mail" }[this.channel];
    this.input.placeholder = this.channel === "sms" ? "Text message" : "Message";
    this.drawTabs();
    this.drawLog();
    this.tick();
  }

  drawTabs() {
    const tabs = this.phone.channels.map((channel) => {
      const count = this.unread.get(channel);
      return h("button", { type: "button", role: "tab", class: channel, "aria-selected": String(channel === this.channel), onclick: () => this.open(channel) }, TABS[channel], count ? h("b", { "aria-label": `${count} new` }, String(count)) : null);
    });
    this.tabs.replaceChildren(...tabs);
    this.page.onUnread?.(this);
  }

  drawLog() {
    const near = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 160;
    const last = this.messages.findLast((m) => m.from === "business" && m.options.length);
    const act = {
      choose: (option) => this.speak({ choose: option.id }),
      list: (message) => this.openList(message),
      link: (event, url) => this.link(event, url),
    };
    const parts = [];
    let day = "";
    for (const message of this.messages) {
      const on = new Date(message.at).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: this.zone });
      if (on !== day) parts.push(h("p", { class: "date" }, (day = on)));
      parts.push(bubble(message, { channel: this.channel, zone: this.zone, live: message === last, act }));
    }
    this.log.replaceChildren(...(parts.length ? parts : [this.empty()]));
    this.delivered();
    if (this.dots) this.log.append(this.dots);
    if (near || this.messages.at(-1)?.from === "customer") this.scroll();
  }

  // Messages apps say "Delivered" in words, under the last text of one's own.
  delivered() {
    const own = this.messages.findLast((m) => m.from === "customer");
    if (this.channel !== "sms" || !own) return;
    this.log.querySelector(`[data-seq="${own.seq}"]`)?.append(h("small", { class: "delivered" }, "Delivered"));
  }

  empty() {
    if (this.channel === "telegram") {
      const start = h("button", { type: "button", class: "start", onclick: () => this.speak({ text: "/start" }) }, "Start");
      return h("div", { class: "empty" }, h("p", {}, "A bot cannot write first. Open it from the link in a text message, or just start it."), start);
    }
    const openers = OPENERS[this.language].map((text) => h("button", { type: "button", onclick: () => this.speak({ text }) }, text));
    return h("div", { class: "empty" }, h("p", {}, "Nothing here yet. Say something, or wait: the parcels are about to move."), ...openers);
  }

  scroll() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  tick() {
    this.time.textContent = new Date(this.page.now()).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: this.zone });
  }
}

export const channelName = (channel) => NAMES[channel];

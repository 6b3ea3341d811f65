// The page: clock, parcels, and a phone per person, kept live by /events.

import { ask, h, notice } from "./dom.js";
import { PhoneView } from "./phone.js";

const ZONE = "Europe/Paris";
const STATUS = {
  created: "Label printed",
  in_transit: "On its way",
  out_for_delivery: "Out for delivery",
  delivered: "Delivered",
  delayed: "Delayed",
  attempt_failed: "Missed",
  cancelled: "Cancelled",
};
const element = (id) => document.getElementById(id);
const views = new Map();
const page = { merchant: "", bot: "", gateway: "", now: () => Date.now() + offset, onUnread: drawPeople };
let offset = 0;
let demo = { pace: 0, parcels: [] };
let shown = null; // on a narrow screen: whose phone

// -- clock

function setClock(now) {
  offset = Date.parse(now) - Date.now();
  tick();
}

function tick() {
  const now = new Date(page.now());
  const day = now.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", timeZone: ZONE });
  const month = now.toLocaleDateString("en-GB", { month: "short", timeZone: ZONE });
  const time = now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: ZONE });
  element("clock").replaceChildren(h("span", {}, day.replace(",", ""), h("small", {}, ` ${month}`)), h("b", {}, time), h("span", {}, "Paris"));
  element("clock").setAttribute("datetime", now.toISOString());
  for (const view of views.values()) view.tick();
}

// Seconds until 09:00 tomorrow in Paris; the second look corrects for a clock change in between.
function untilTomorrow() {
  const wall = (at) => {
    const parts = new Date(at).toLocaleTimeString("en-GB", { timeZone: ZONE, hour12: false }).split(":").map(Number);
    return parts[0] * 3600 + parts[1] * 60 + parts[2];
  };
  const seconds = 24 * 3600 - wall(page.now()) + 9 * 3600;
  return seconds + (9 * 3600 - wall(page.now() + seconds * 1000));
}

async function advance(button) {
  const wanted = button.dataset.advance;
  button.disabled = true;
  try {
    const duration = wanted === "tomorrow" ? `PT${Math.round(untilTomorrow())}S` : wanted;
    setClock((await ask("POST", "/clock", { advance: duration })).now);
  } catch (error) {
    notice(error.message);
  } finally {
    button.disabled = false;
  }
}

// -- parcels

const steer = (body) =>
  ask("POST", "/demo", body).then(drawDemo).catch((error) => notice(error.message));

// What comes of it is told by the stream, which may be quicker than the answer.
const push = (reference) =>
  ask("POST", "/demo", { next: reference }).catch((error) => notice(error.message));

function parcelCard(parcel) {
  const label = STATUS[parcel.status] || parcel.status || "Expected";
  const next = parcel.next && STATUS[parcel.next];
  return h(
    "li",
    { class: "parcel", "data-status": parcel.status || "expected", title: parcel.tracking_number },
    h("div", {}, h("strong", {}, parcel.item), h("span", {}, `for ${parcel.person}`)),
    h("p", { class: "state" }, label),
    h(
      "div",
      { class: "parcel-tools" },
      parcel.tracking_url && /^https?:\/\//.test(parcel.tracking_url)
        ? h("a", { href: parcel.tracking_url, target: "_blank", rel: "noopener" }, "Track")
        : null,
      next
        ? h("button", { type: "button", "aria-label": `${parcel.item}: next, ${next}`, onclick: () => push(parcel.reference) }, `Next: ${next.toLowerCase()} ›`)
        : null,
    ),
  );
}

function drawDemo(found) {
  demo = found;
  const running = demo.pace > 0;
  element("pace-note").textContent = running
    ? "The demo day runs fast: a step every half minute instead of every few hours. A parcel that was moved is delivered half a minute later, dated in its new window."
    : "The demo day stands still. Let it run, or push a parcel on yourself.";
  element("pause").textContent = running ? "Pause" : "Run";
  element("parcels").replaceChildren(...demo.parcels.map(parcelCard));
  const tracked = demo.parcels.find((parcel) => parcel.tracking_url);
  element("tracking").hidden = !tracked;
  if (tracked) element("tracking").href = tracked.tracking_url;
}

// -- phones

function view(phone) {
  let found = views.get(phone.number);
  if (!found) {
    found = new PhoneView(phone, page);
    views.set(phone.number, found);
    element("phones").insertBefore(found.element, element("phones").querySelector(".ghost"));
    found.scroll();
    drawPeople();
  }
  return found;
}

function drawPeople() {
  // What was chosen stays chosen while its phone is not here yet (the page is being filled anew).
  const visible = views.has(shown) ? shown : views.keys().next().value;
  const tabs = [...views.values()].map((each) => {
    const number = each.phone.number;
    each.element.classList.toggle("shown", number === visible);
    const count = [...each.unread.values()].reduce((a, b) => a + b, 0);
    return h("button", { type: "button", "aria-pressed": String(number === visible), onclick: () => {
      shown = number;
      drawPeople();
      each.scroll();
    } }, each.phone.name, count ? h("b", {}, String(count)) : null);
  });
  tabs.push(h("button", { type: "button", class: "more", "aria-label": "Add a phone", onclick: () => element("add").showModal() }, "+"));
  element("people").replaceChildren(...tabs);
}

async function addPhone(event) {
  event.preventDefault();
  const form = event.target;
  try {
    const phone = await ask("POST", "/phones", { name: form.name.value, number: form.number.value });
    shown = phone.number;
    view(phone);
    drawPeople();
    form.reset();
    element("add").close();
  } catch (error) {
    notice(error.message);
  }
}

// -- live

async function load() {
  const state = await ask("GET", "/state");
  Object.assign(page, { merchant: state.merchant, bot: state.bot, gateway: state.gateway });
  setClock(state.now);
  element("merchant").textContent = state.merchant;
  element("console").href = `${state.gateway}/console`;
  element("api").href = `${state.gateway}/api/v1/docs`;
  for (const phone of state.phones) {
    const each = view(phone);
    for (const channel of phone.channels) {
      each.load(channel, state.threads[`${phone.number}/${channel}`] || []);
    }
    if (!each.messages.length) {
      const busy = phone.channels.find((channel) => each.threads.get(channel).length);
      if (busy) each.open(busy);
    }
    each.scroll();
  }
  drawDemo(state.demo);
}

// A tracking page leads here: ?phone=+44…&channel=sms&say=words opens that phone, the words typed.
async function arrive() {
  const asked = new URLSearchParams(location.search);
  const number = asked.get("phone");
  if (!number) return;
  history.replaceState(null, "", location.pathname);
  if (!views.has(number)) {
    await ask("POST", "/phones", { number });
    await load();
  }
  shown = number;
  drawPeople();
  views.get(number)?.prepare(asked.get("channel"), asked.get("say") || "");
}

const heard = {
  message: (event) => views.get(event.number)?.receive(event.channel, event.message),
  status: (event) => views.get(event.number)?.receive(event.channel, event.message),
  typing: (event) => views.get(event.number)?.typing(event.channel),
  toast: (event) => views.get(event.number)?.toast(event.text),
  phone: (event) => view(event.phone),
  clock: (event) => setClock(event.now),
  demo: (event) => drawDemo(event.demo),
};

function listen() {
  const stream = new EventSource("/events");
  let lost = false;
  stream.onmessage = (event) => {
    const found = JSON.parse(event.data);
    heard[found.type]?.(found);
  };
  stream.onerror = () => (lost = true);
  stream.onopen = () => {
    if (lost) load().catch(() => {});
    lost = false;
    document.body.dataset.live = "yes";
  };
}

function ghost() {
  return h("button", { type: "button", class: "ghost", onclick: () => element("add").showModal() }, h("span", {}, "+"), "Another phone");
}

element("phones").append(ghost());
for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => advance(button));
}
element("pause").addEventListener("click", () => steer({ pace: demo.pace > 0 ? 0 : 1 }));
element("start-again").addEventListener("click", () => steer({ start: true }));
element("add").querySelector("form").addEventListener("submit", addPhone);
element("add-cancel").addEventListener("click", () => element("add").close());
setInterval(tick, 1000);
load().then(listen).then(arrive).catch((error) => notice(error.message));

// Keeps an open console up to date, and sends what the agent types without leaving the page.
// Every page works without this script; it only spares reloading.
"use strict";

const page = document.body.dataset;
const here = page.open ? `/console/c/${page.open}` : null;

// What the server sent last for each element, before times were written into it.
const served = new Map();
const key = (element) => element.dataset.key ?? element.outerHTML;
const parts = (root) => [...root.querySelectorAll("[data-part], [data-list] > *")];
parts(document).forEach((element) => served.set(element.id, key(element)));

// Times: "4 min" from an instant, by the server's clock rather than this machine's.
let skew = Date.parse(document.documentElement.dataset.now) - Date.now();

function span(minutes) {
  if (minutes < 1) return page.nowWord;
  if (minutes < 60) return `${Math.floor(minutes)} min`;
  if (minutes < 60 * 24) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 60 / 24)} d`;
}

const minutesSince = (time) => (Date.now() + skew - Date.parse(time.dateTime)) / 60000;

function write(time, text) {
  if (time.textContent !== text) time.textContent = text;
}

function writeTimes() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    write(time, span(Math.max(0, minutesSince(time))));
  }
  // A target counts down, and when it is missed it counts on below zero.
  for (const time of document.querySelectorAll("time[data-until]")) {
    const left = -minutesSince(time);
    write(time, left >= 0 ? span(left) : `−${span(-left)}`);
  }
}

function writeTitle() {
  const waiting = Number(document.getElementById("queue-waiting")?.dataset.count ?? 0);
  const mine = document.querySelectorAll("#rows-mine .unanswered").length;
  const plain = document.title.replace(/^\(\d+\) /, "");
  document.title = waiting + mine ? `(${waiting + mine}) ${plain}` : plain;
}

// Fragments: replace only what the server says differently, so that focus, scrolling,
// selections and screen readers are left in peace.
function changed(fresh) {
  const same = served.get(fresh.id) === key(fresh);
  served.set(fresh.id, key(fresh));
  return !same;
}

function swapPart(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old || !changed(fresh)) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const open = [...old.querySelectorAll("details[open][id]")].map((menu) => menu.id);
  const typed = [...old.querySelectorAll("input[id], select[id]")];
  old.replaceWith(fresh);
  open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  // What stands in an open menu is the agent's, whatever has changed around it.
  if (open.length || focused) {
    typed.forEach((one) => {
      const same = document.getElementById(one.id);
      if (!fresh.contains(same)) return;
      // A chosen file is carried over as a file: its name is nothing that can be written.
      if (one.type === "file") same.files = one.files;
      else same.value = one.value;
    });
  }
  if (focused) {
    const same = focused.id && document.getElementById(focused.id);
    (same || fresh.querySelector("textarea, button, a"))?.focus();
  }
  if (fresh.id === "composer") restoreDraft();
}

function swapList(fresh) {
  const list = document.getElementById(fresh.id);
  if (!list) return;
  const keep = new Set([...fresh.children].map((item) => item.id));
  [...list.children].filter((item) => !keep.has(item.id)).forEach((item) => item.remove());
  [...fresh.children].forEach((item, place) => {
    let old = [...list.children].find((other) => other.id === item.id);
    const news = changed(item);
    if (!old || news) {
      if (!old && fresh.id === "rows-waiting") item.classList.add("fresh");
      const focused = old?.contains(document.activeElement);
      if (old) old.replaceWith(item);
      old = item;
      if (focused) item.querySelector("a")?.focus();
    }
    if (list.children[place] !== old) list.insertBefore(old, list.children[place] ?? null);
  });
}

async function fetchInto(address) {
  const response = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
  if (response.status === 401) return location.assign("/console/login");
  // A conversation that was merged into another is gone, and its address leads there.
  if (response.status === 404 && here && address.startsWith(here)) return location.reload();
  if (!response.ok) return;
  const scroll = document.getElementById("scroll");
  const low = scroll && scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  fresh.querySelectorAll("[data-part]").forEach((part) => swapPart(document.adoptNode(part)));
  fresh.querySelectorAll("[data-list]").forEach(swapList);
  writeTimes();
  writeTitle();
  if (low) scroll.scrollTop = scroll.scrollHeight;
}

// At most one request an address at a time; what is asked meanwhile is asked once more after, and
// whoever asked waits until that is on the page.
const running = new Map();

function refresh(address) {
  const one = running.get(address);
  if (one) {
    one.again = true;
    return one.done;
  }
  const now = { again: false };
  running.set(address, now);
  now.done = fetchUntilQuiet(address, now).finally(() => running.delete(address));
  return now.done;
}

async function fetchUntilQuiet(address, now) {
  do {
    now.again = false;
    try {
      await fetchInto(address);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // the network: the stream comes again
    }
  } while (now.again);
}

function refreshAll(conversations = ["*"]) {
  const told = conversations.filter((one) => !one.startsWith("presence:"));
  const work = [];
  const asked = page.asked ? `&${page.asked.slice(1)}` : "";
  if (told.length) work.push(refresh(`/console/queue?open=${page.open}${asked}`));
  const mine = ["*", page.open, `presence:${page.open}`].some((one) => conversations.includes(one));
  // What is on a page that nobody looks at is not read.
  const seen = document.hidden ? "" : "?seen";
  if (here && mine) work.push(refresh(`${here}/parts${seen}`));
  return Promise.all(work);
}

// The stream of changes. Whenever it begins anew everything is fetched: nothing is missed.
const live = document.getElementById("live");
let offline = null;

function showLive(on) {
  clearTimeout(offline);
  const write = () => {
    live.className = on ? "live on" : "live off";
    live.textContent = on ? live.dataset.on : live.dataset.off;
  };
  // A stream that comes again within moments is no news.
  if (on) write();
  else offline = setTimeout(write, 4000);
}

function listen() {
  const stream = new EventSource("/console/events");
  stream.onopen = () => { showLive(true); refreshAll(); };
  stream.addEventListener("changed", (event) => refreshAll(JSON.parse(event.data)).then(tellNews));
  stream.onerror = () => {
    showLive(false);
    if (stream.readyState === EventSource.CLOSED) setTimeout(reopen, 2000);
  };
}

async function reopen() {
  await refreshAll();
  listen();
}

// Writing. A draft outlives reloads and changes of the page, in this tab only.
const draftKey = `draft:${page.open}`;
const box = () => document.getElementById("text");

function closeMenus() {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => menu.removeAttribute("open"));
}

function restoreDraft() {
  if (box() && !box().value) box().value = sessionStorage.getItem(draftKey) ?? "";
}

function say(text) {
  const said = document.getElementById("said");
  if (!said) return;
  said.hidden = !text;
  said.textContent = text;
}

async function send(form, by) {
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  say("");
  const filled = new FormData(form, by);
  // Only a form with a file is sent in parts.
  const sent = form.enctype === "multipart/form-data" ? filled : new URLSearchParams(filled);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: sent,
      headers: { "X-Requested-With": "fetch", "X-CSRF-Token": page.csrf },
    });
    if (response.status === 401) return location.assign("/console/login");
    const text = await response.text();
    if (response.ok) await (after[form.dataset.live] ?? after.act)(form, text, sent.get("text"));
    else say(text);
    if (!response.ok) refreshAll();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    say(page.unreachable);
  } finally {
    button.disabled = false;
  }
}

const after = {
  async take() {
    await refreshAll();
    // Whoever has begun something else meanwhile is left to it.
    const at = document.activeElement;
    if (at === document.body || at.closest("#head")) box()?.focus();
  },
  async "hand-back"() { closeMenus(); await refreshAll(); },
  async act(form, draft) {
    closeMenus();
    form.reset();
    // What is sent from this form next is another one.
    if (form.elements.draft) form.elements.draft.value = draft;
    await refreshAll();
  },
  async quiet() {},
  async undo(form, text) {
    await refreshAll();
    if (box()) { box().value = text; sessionStorage.setItem(draftKey, text); box().focus(); }
  },
  // The next message may be typed, and sent, before the last one is on the page.
  reply(form, draft, sent) {
    const { text } = form.elements;
    const gone = sent.replaceAll("\r\n", "\n");
    form.elements.draft.value = draft;
    if (text.value.startsWith(gone)) text.value = text.value.slice(gone.length);
    sessionStorage.setItem(draftKey, text.value);
    refreshAll().then(scrollDown);
  },
  reveal(form, number) {
    document.getElementById("phone").textContent = number;
    form.remove();
  },
};

function scrollDown() {
  const scroll = document.getElementById("scroll");
  if (scroll) scroll.scrollTop = scroll.scrollHeight;
}

document.addEventListener("submit", (event) => {
  if (event.target.action.endsWith("/logout")) sessionStorage.clear();
  if (!event.target.dataset.live) return;
  event.preventDefault();
  send(event.target, event.submitter?.name ? event.submitter : undefined);
});

document.addEventListener("keydown", (event) => {
  if (event.target !== box() || event.key !== "Enter" || event.shiftKey || event.defaultPrevented) return;
  // On a phone's keyboard Enter is the only way to a new line; while composing it picks a word.
  if (event.isComposing || matchMedia("(pointer: coarse)").matches) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

document.addEventListener("input", (event) => {
  if (event.target === box()) sessionStorage.setItem(draftKey, box().value);
});

restoreDraft();
writeTimes();
writeTitle();
scrollDown();
setInterval(writeTimes, 10000);
listen();

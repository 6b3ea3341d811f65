// Everything by key, where colleagues are, and news while one looks elsewhere.
"use strict";

const sheet = document.getElementById("keys-sheet");
document.getElementById("help").addEventListener("click", () => sheet.showModal());

// The next or the last row of the queue.
function step(by) {
  const rows = [...document.querySelectorAll(".queue li[id^=row-] a")];
  const at = rows.indexOf(document.activeElement.closest?.(".queue li a")) >= 0
    ? rows.indexOf(document.activeElement.closest(".queue li a"))
    : rows.findIndex((row) => row.getAttribute("aria-current"));
  rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
}

function use(element) {
  const menu = element.closest("details[data-menu], details.narrow");
  if (menu && element.tagName !== "SUMMARY") menu.open = true;
  if (element.tagName === "SUMMARY") {
    menu.open = !menu.open;
    (menu.open ? menu.querySelector("button, select, input:not([type=hidden])") : element)?.focus();
  } else if (element.type === "checkbox") {
    element.click();
    box()?.focus();
  } else if (element.tagName === "BUTTON" || element.tagName === "A") {
    element.click();
  } else {
    element.focus();
  }
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape") {
    closeMenus();
    if (typing) event.target.blur();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || sheet.open) return;
  if (event.key === "j") return step(1);
  if (event.key === "k") return step(-1);
  if (event.key === "f") { location.hash = location.hash === "#facts" ? "#head" : "#facts"; return; }
  const wanted = [...document.querySelectorAll(`[data-hotkey="${CSS.escape(event.key)}"]`)].at(-1);
  if (!wanted) return;
  event.preventDefault();
  use(wanted);
});

// A menu closes when one clicks elsewhere.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// Colleagues see who looks at a conversation and who types in it.
let typedAt = 0;
let toldTyping = false;

async function present() {
  const typing = Date.now() - typedAt < 5000;
  toldTyping = typing;
  const body = new URLSearchParams({ open: document.hidden ? "" : page.open, typing: typing ? "yes" : "no" });
  await fetch("/console/presence", {
    method: "POST", body, headers: { "X-Requested-With": "fetch", "X-CSRF-Token": page.csrf },
  }).catch(() => null);
}

document.addEventListener("input", (event) => {
  if (event.target !== box()) return;
  typedAt = Date.now();
  if (!toldTyping) present();
});
setInterval(() => { if (toldTyping && Date.now() - typedAt >= 5000) present(); }, 1000);
setInterval(present, 30000);
document.addEventListener("visibilitychange", () => { present(); if (!document.hidden) refreshAll(); });
present();

// News: a row that has just become unread, told by the browser when the page is not looked at.
const known = new Map();
const notify = document.getElementById("notify");

function rowsWithNews() {
  return [...document.querySelectorAll("#rows-waiting li, #rows-mine li, #rows-found li")].filter((row) => row.dataset.news);
}

function tellNews() {
  for (const row of rowsWithNews()) {
    const fresh = known.get(row.id) !== row.dataset.news;
    known.set(row.id, row.dataset.news);
    if (!fresh || !document.hidden || globalThis.Notification?.permission !== "granted") continue;
    const name = row.querySelector(".name").textContent.trim();
    const told = new Notification(`${name} · ${page.news}`, { body: row.querySelector(".last").textContent.trim(), tag: row.id });
    told.onclick = () => { window.focus(); location.assign(row.querySelector("a").href); };
  }
}

rowsWithNews().forEach((row) => known.set(row.id, row.dataset.news));
if (globalThis.Notification?.permission === "default") {
  notify.hidden = false;
  notify.addEventListener("click", async () => { await Notification.requestPermission(); notify.hidden = true; });
}

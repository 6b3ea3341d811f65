// Helps to write: answers in store after a "/", notes for colleagues, and how a text will go out.
"use strict";

const store = () => document.getElementById("store");
const offered = () => [...(store()?.querySelectorAll("[role=option]:not([hidden])") ?? [])];
const chosen = () => offered().find((one) => one.getAttribute("aria-selected") === "true");

function choose(option) {
  offered().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
  option?.scrollIntoView({ block: "nearest" });
}

// "/re" at the very beginning offers what is in store under "re...".
function offerStore() {
  if (!store()) return;
  const typed = /^\/([a-z0-9-]*)$/i.exec(box().value)?.[1].toLowerCase();
  store().querySelectorAll("[role=option]").forEach((one) => {
    one.hidden = typed === undefined || !one.textContent.toLowerCase().includes(typed);
  });
  store().hidden = offered().length === 0;
  if (!chosen()) choose(offered()[0]);
}

async function fill(option) {
  const response = await fetch(`${here}/store/${option.dataset.shortcut}`, { headers: { "X-Requested-With": "fetch" } });
  const text = await response.text();
  if (!response.ok) return say(text);
  box().value = text;
  sessionStorage.setItem(draftKey, text);
  store().hidden = true;
  box().focus();
  const gap = text.indexOf("___");
  if (gap >= 0) box().setSelectionRange(gap, gap + 3);
  preview();
}

const moves = {
  ArrowDown: () => choose(offered()[(offered().indexOf(chosen()) + 1) % offered().length]),
  ArrowUp: () => choose(offered().at(offered().indexOf(chosen()) - 1)),
  Enter: () => fill(chosen()),
  Tab: () => fill(chosen()),
  Escape: () => { store().hidden = true; },
};

// Before the handler that sends on Enter.
document.addEventListener("keydown", (event) => {
  if (event.target !== box() || !store() || store().hidden || !moves[event.key]) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  moves[event.key]();
}, true);

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("#store [role=option]");
  if (!option) return;
  event.preventDefault();
  fill(option);
});

// In how many parts it will go out, from the channel's own adapter.
let soon = null;

function preview() {
  clearTimeout(soon);
  soon = setTimeout(async () => {
    const shown = document.getElementById("preview");
    if (!shown || !box()) return;
    if (!box().value.trim() || document.getElementById("as-note")?.checked) { shown.textContent = ""; return; }
    const response = await fetch(`${here}/preview`, {
      method: "POST",
      body: new URLSearchParams({ text: box().value }),
      headers: { "X-Requested-With": "fetch", "X-CSRF-Token": page.csrf },
    }).catch(() => null);
    if (response?.ok) shown.textContent = await response.text();
  }, 400);
}

document.addEventListener("input", (event) => {
  if (event.target !== box()) return;
  offerStore();
  preview();
});

function noteMode() {
  const on = document.getElementById("as-note").checked;
  const form = box().form;
  form.classList.toggle("as-note", on);
  box().placeholder = on ? box().dataset.note : box().dataset.reply;
  const button = form.querySelector(".send button");
  button.textContent = on ? button.dataset.note : button.dataset.send;
  preview();
}

document.addEventListener("change", (event) => {
  if (event.target.id === "as-note") noteMode();
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// A file that is dropped on the page, or pasted while one writes, is put where the button would put
// it, and goes when that is pressed: nothing is sent by a slip of the hand.
const holdsFiles = (data) => [...(data?.types ?? [])].includes("Files");

function dropping(on) {
  document.body.classList.toggle("dropping", on && document.getElementById("file") !== null);
}

function offerFile(files) {
  const input = document.getElementById("file");
  if (!input || !files.length) return;
  const one = new DataTransfer();
  one.items.add(files[0]);
  input.files = one.files;
  closeMenus();
  input.closest("details").open = true;
  const button = document.getElementById("send-file");
  button.scrollIntoView({ block: "nearest" });
  button.focus();
  say(files.length > 1 ? input.dataset.one : "");
}

document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event.dataTransfer)) return;
  // Otherwise the browser would leave the page for the file.
  event.preventDefault();
  dropping(true);
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) dropping(false); });
document.addEventListener("drop", (event) => {
  if (!holdsFiles(event.dataTransfer)) return;
  event.preventDefault();
  dropping(false);
  offerFile(event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  if (event.target !== box() || !event.clipboardData?.files.length) return;
  // What is copied from a text editor may come as a picture too: the words are meant.
  if (event.clipboardData.getData("text/plain")) return;
  event.preventDefault();
  offerFile(event.clipboardData.files);
});

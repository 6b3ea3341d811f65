// Keeps the page of a parcel fresh while somebody looks at it.
"use strict";

const EVERY = 60000;
let last = Date.now();

async function refresh() {
  if (document.hidden || Date.now() - last < EVERY) return;
  last = Date.now();
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const [now, then] = [fresh.getElementById("parcel"), document.getElementById("parcel")];
  // Left alone while a button has the focus, unless there is news.
  if (now && then && now.innerHTML !== then.innerHTML) then.replaceChildren(...now.childNodes);
}

document.addEventListener("visibilitychange", refresh);
setInterval(refresh, EVERY / 4);

/**
 * Asks the browser to keep the handbook, when the reader has what they came for; says in the page's foot
 * what is kept, and in a quiet bar that there is a new version. Where a browser cannot, nothing happens.
 */

import { h, wordButton } from "./dom.js";
import { runtime } from "./runtime-client.js";

/** The page comes first, and what the reader types into it. */
const REST_MS = 2000;

/** @typedef {{ pages: boolean, runtime: boolean, full: boolean }} Kept */

/** Which build this page was opened from, as the service worker names it. */
let origin = "";
let announced = false;

/** Keep the handbook, from the place that the page names. */
export function keepForOffline() {
  const place = document.querySelector('meta[name="handbook-offline"]')?.getAttribute("content");
  if (!place || !navigator.serviceWorker) {
    return; // The page says nothing, or stands on plain http.
  }
  const { serviceWorker } = navigator;
  const ask = async () => (await serviceWorker.ready).active?.postMessage({ origin, runtime: !savesData() });
  serviceWorker.addEventListener("message", ({ data }) => {
    origin ||= data.origin ?? "";
    if (data.kept) {
      tell(data.kept);
    }
    if (data.behind && announce()) {
      ask(); // What is used next is kept before it is needed.
    }
  });
  whenAtRest(async () => {
    try {
      const registration = await serviceWorker.register(new URL(place, document.baseURI));
      registration.installing?.addEventListener("statechange", ({ target }) => {
        if (/** @type {ServiceWorker} */ (target).state === "redundant" && !registration.active) {
          tell({ pages: false, runtime: false, full: true });
        }
      });
      document.addEventListener("visibilitychange", () => {
        if (!document.hidden) {
          registration.update().catch(() => {});
        }
      });
      window.addEventListener("pageshow", ask); // What comes back out of the browser's memory was let go of.
      await ask();
    } catch {
      tell({ pages: false, runtime: false, full: false });
    }
  });
}

function savesData() {
  return Boolean(/** @type {any} */ (navigator).connection?.saveData);
}

/** Wait for the page, for the first answer where it calculates, and for a moment of rest. @param {() => void} act */
function whenAtRest(act) {
  const rest = () => setTimeout(() => (window.requestIdleCallback ?? setTimeout)(act), REST_MS);
  const client = runtime();
  if (!document.querySelector("policy-calculator") || ["ready", "failed"].includes(client.state)) {
    rest();
    return;
  }
  const settled = () => {
    if (client.state === "ready" || client.state === "failed") {
      client.removeEventListener("state", settled);
      rest();
    }
  };
  client.addEventListener("state", settled);
}

/** @param {Kept} kept */
function tell(kept) {
  const foot = document.querySelector(".md-copyright");
  const line = foot?.querySelector(".kept") ?? h("div", { class: "kept" });
  line.textContent = sentence(kept);
  foot?.append(line);
}

/** @param {Kept} kept */
function sentence({ pages, runtime: calculates, full }) {
  if (!pages) {
    return "浏览器没有留下手册，没有网络时打不开。";
  }
  if (calculates) {
    return "手册已经存在本机，没有网络也能用。";
  }
  if (full) {
    return "条文已经存在本机。地方不够，算一算和测一测没有网络时用不了。";
  }
  return savesData() ? "条文已经存在本机。省流量时，算一算和测一测用过才留下。" : "条文已经存在本机。";
}

/** What is open stays as it is until the reader wants the new one. Tells whether that was not said before. */
function announce() {
  if (announced) {
    return false;
  }
  announced = true;
  const bar = h("div", { class: "update-bar", role: "status" });
  const reload = wordButton("reload", "刷新");
  const later = wordButton("later", "以后");
  reload.addEventListener("click", () => location.reload());
  later.addEventListener("click", () => bar.remove());
  document.querySelector(".md-header")?.append(bar);
  bar.append(h("p", {}, "有新版本，刷新后使用。"), reload, later);
  return true;
}

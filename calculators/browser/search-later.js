/**
 * Material's search worker, started late: it builds its index as soon as it gets the texts, and on a page
 * with a calculator that work belongs after the first answer. Until then it only keeps what it is told.
 *
 * It lies beside the search worker, whose name stands in the fragment of its own address.
 */

const CALM_MS = 3000;

/** @type {unknown[]} */
const told = [];

/** @param {MessageEvent} event */
function keep(event) {
  told.push(event.data);
}

self.addEventListener("message", keep);
setTimeout(() => {
  self.removeEventListener("message", keep);
  /** @type {any} */ (self).importScripts(self.location.hash.slice(1));
  told.forEach((data) => self.dispatchEvent(new MessageEvent("message", { data })));
}, CALM_MS);

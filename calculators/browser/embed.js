/** A calculator in a frame of another page: tells that page how high it is, and follows the reader's scheme. */

import { PolicyCalculator } from "./policy-calculator.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

function followScheme() {
  document.body.dataset.mdColorScheme = dark.matches ? "slate" : "default";
}

/** The height alone is told, to whichever page is around: it holds nothing of what was typed. */
function tellHeight() {
  const calculator = document.querySelector("policy-calculator")?.getAttribute("calculator");
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  window.parent.postMessage({ handbook: "height", calculator, height }, "*");
}

followScheme();
dark.addEventListener("change", followScheme);
if (window.parent !== window) {
  new ResizeObserver(tellHeight).observe(document.body);
}
customElements.define("policy-calculator", PolicyCalculator);

/** Registers the handbook's elements; the one script of the handbook's own that a page names. */

import { tellLost } from "./dom.js";
import { openDrawerByKey } from "./drawer.js";
import { keepForOffline } from "./offline.js";
import { PolicyCalculator } from "./policy-calculator.js";
import { listenOnPolicyPages } from "./policy-page.js";
import { offerSchemes } from "./scheme.js";
import { SiteSearch } from "./site-search.js";

customElements.define("policy-calculator", PolicyCalculator);
customElements.define("site-search", SiteSearch);
listenOnPolicyPages();
keepForOffline();
openDrawerByKey();
const schemes = /** @type {HTMLButtonElement | null} */ (document.querySelector(".scheme-switch"));
if (schemes) {
  offerSchemes(schemes);
}
// Who computes many at once opens the section: till then nothing of it comes in.
const many = document.querySelector("details.many");
many?.toggleAttribute("hidden", false);
many?.addEventListener("toggle", function open() {
  import("./many-panel.js")
    .then(({ openMany }) => openMany(many))
    .catch(() => tellLost(many.querySelector("summary"), "这一部分", open));
}, { once: true });
// The quiz is a house of its own (quiz-define.js); the home page only tells its last score.
if (document.querySelector("[data-last-score]")) {
  const { tellLastScores } = await import("./quiz-last.js");
  tellLastScores(document);
}

/** Registers the handbook's elements; the one script of the handbook's own that a page names. */

import { keepForOffline } from "./offline.js";
import { PolicyCalculator } from "./policy-calculator.js";
import { listenOnPolicyPages } from "./policy-page.js";
import { PolicyQuiz } from "./policy-quiz.js";
import { SiteSearch } from "./site-search.js";

customElements.define("policy-calculator", PolicyCalculator);
customElements.define("policy-quiz", PolicyQuiz);
customElements.define("site-search", SiteSearch);
listenOnPolicyPages();
keepForOffline();

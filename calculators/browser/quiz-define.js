/** Registers the quiz; only a page with a quiz names this script, and it is ready when the page is. */

import { PolicyQuiz } from "./policy-quiz.js";

customElements.define("policy-quiz", PolicyQuiz);

/** What stands around the questions of a round: the line on top, the map, the buttons, what is left, a question back. */

import { h } from "./dom.js";
import { clockText, headView, mapView } from "./quiz-map-view.js";
import { isAnswered } from "./quiz-round.js";

/** @typedef {import("./quiz-round.js").Round} Round */
/** @typedef {import("./quiz-paper.js").QuizPaper} QuizPaper */

export class QuizControls {
  /** @param {HTMLElement} element @param {QuizPaper} paper */
  constructor(element, paper) {
    this.element = element;
    this.paper = paper;
  }

  /** @param {string} selector @returns {HTMLElement} */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.element.querySelector(selector));
  }

  /**
   * Bring everything up to what is answered.
   * @param {Round} round @param {Map<string, string>} verdicts @param {string} trouble  why nothing can be kept
   */
  follow(round, verdicts, trouble) {
    const { mode, single } = round.wishes;
    const practice = mode === "practice";
    this.#part(".quiz-head").replaceChildren(...headView(this.paper, round));
    this.#mapKeepingFocus(mapView(this.paper, round, (id) => verdicts.get(id) ?? ""));
    for (const id of round.order) {
      /** @type {HTMLElement} */ (this.paper.place(id).querySelector(".quiz-tell")).hidden = single || !practice || verdicts.has(id);
    }
    const at = round.order.indexOf(round.at);
    const asks = practice && !verdicts.has(round.at);
    const ends = at === round.order.length - 1 && !asks;
    const finish = practice ? "看成绩" : "交卷";
    const step = /** @type {HTMLButtonElement} */ (this.#part('[data-action="step"]'));
    step.hidden = step.disabled = !single;
    step.textContent = asks ? "看对错" : ends ? finish : "下一题";
    this.#part('[data-action="back"]').hidden = at === 0;
    const handIn = this.#part('[data-action="hand-in"]');
    handIn.textContent = finish;
    handIn.classList.toggle("button", !single);
    handIn.hidden = single && ends;
    this.#countLeft(round, trouble);
    this.tellTime(round);
  }

  /** The map is made anew; who stood on a number still stands on it. @param {Node[]} map */
  #mapKeepingFocus(map) {
    const focused = document.activeElement?.closest(".quiz-map") ? document.activeElement.getAttribute("data-id") : null;
    this.#part(".quiz-map").replaceChildren(...map);
    if (focused) {
      this.#part(`.quiz-map [data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  }

  /** @param {Round} round @param {string} trouble */
  #countLeft(round, trouble) {
    const open = round.order.filter((id) => !isAnswered(round, id) && this.paper.question(id).kind !== "essay");
    const first = h("button", { type: "button", "data-action": "go", "data-id": open[0] ?? "" }, "去第一道没答的");
    this.#part(".quiz-left").replaceChildren(...(open.length > 0 ? [`还有 ${open.length} 题没答。 `, first] : ["都答了。"]),
      ...(trouble ? [h("span", { class: "quiz-why" }, trouble)] : []));
  }

  /** @param {Round} round */
  tellTime(round) {
    const clock = this.element.querySelector(".quiz-clock");
    if (clock) {
      clock.textContent = clockText(round);
    }
  }

  /** Ask before something is lost. @param {HTMLElement} after @param {string} words @param {string} action @param {string} yes */
  ask(after, words, action, yes) {
    this.askNot();
    const sure = h("p", { class: "quiz-confirm", role: "alert" }, `${words} `,
      h("button", { type: "button", "data-action": action }, yes), " ", h("button", { type: "button", "data-action": "ask-not" }, "算了"));
    (after.closest(".quiz-words") ?? this.#part(".quiz-actions")).append(sure);
  }

  askNot() {
    this.element.querySelector(".quiz-confirm")?.remove();
  }
}

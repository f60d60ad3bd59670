/** On a phone, a bar at the bottom holds the headline while the answer is still below. */

import { h } from "./dom.js";

/** What lies under the bar is out of sight too; who has read past the answer needs no way down to it. */
const BAR_MARGIN = "1000000px 0px -96px 0px";

export class AnswerBar {
  /** The one that was filled last has the bar. @type {AnswerBar | undefined} */
  static #current;

  #text = h("strong");
  #note = h("span");
  #button = h("button", { type: "button", "data-action": "bar" });
  element = h("div", { class: "answer-bar", hidden: "" }, h("p", {}, this.#text, this.#note), this.#button);

  /** @param {Element} answer @param {AbortSignal} signal */
  watch(answer, signal) {
    const observer = new IntersectionObserver(
      ([entry]) => this.element.toggleAttribute("data-away", !entry?.isIntersecting),
      { rootMargin: BAR_MARGIN },
    );
    observer.observe(answer);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      this.element.remove();
    });
    // A keyboard on the screen covers the page's lower end without making the page smaller.
    const seen = window.visualViewport;
    const above = () => {
      const covered = seen ? Math.max(0, window.innerHeight - seen.height - seen.offsetTop) : 0;
      this.element.style.setProperty("bottom", `${covered}px`);
    };
    seen?.addEventListener("resize", above, { signal });
    seen?.addEventListener("scroll", above, { signal });
  }

  /** @param {string} text @param {string} note @param {string} action @param {"answer" | "quiet" | "wrong"} kind */
  say(text, note, action, kind) {
    if (AnswerBar.#current !== this) {
      AnswerBar.#current?.hide();
      AnswerBar.#current = this;
    }
    this.#text.textContent = text;
    this.#note.textContent = note;
    this.#button.textContent = action;
    this.element.dataset.kind = kind;
    this.element.removeAttribute("hidden");
  }

  hide() {
    this.element.setAttribute("hidden", "");
  }
}

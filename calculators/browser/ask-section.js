/** One section of questions about an answer: its heading, its own turn, and the words where it could not be asked. */

import { section } from "./answer-view.js";
import { h } from "./dom.js";
import { errorSentence } from "./form-errors.js";

/** @typedef {import("./ask-panel.js").Case} Case */

const TOO_LONG = "这个问题算得太久，已经停下。上面的结果不受影响。";

export class AskSection {
  controls = h("p", { class: "ask-controls" });
  result = h("div", { class: "ask-result", "aria-live": "off" });
  /** @type {Case | undefined} */
  now;
  #turn = new AbortController();

  /** @param {string} title @param {string} aside @param {string} name */
  constructor(title, aside, name) {
    this.element = section(title, aside, this.controls, this.result);
    this.element.classList.add(`ask-${name}`);
    // What follows from a choice made here is read aloud; what follows from the form is not.
    this.element.addEventListener("input", (event) => {
      event.stopPropagation();
      this.result.setAttribute("aria-live", "polite");
      this.again();
    });
  }

  /** The same case once more, with what was chosen in the section. */
  async again() {
    this.#turn.abort();
    this.#turn = new AbortController();
    await this.#work(this.#turn.signal);
  }

  /** @param {Case} now @param {AbortSignal} signal */
  async show(now, signal) {
    this.now = now;
    this.result.setAttribute("aria-live", "off");
    this.#turn.abort();
    this.#turn = new AbortController();
    const turn = this.#turn;
    signal.addEventListener("abort", () => turn.abort(), { once: true });
    await this.#work(turn.signal);
    signal.throwIfAborted();
  }

  /** @param {AbortSignal} signal */
  async #work(signal) {
    try {
      if (this.now) {
        await this.work(this.now, signal);
      }
    } catch (failure) {
      if (!signal.aborted) {
        this.tell(TOO_LONG);
      }
    }
  }

  /** @param {Case} now @param {AbortSignal} signal @returns {Promise<void>} */
  async work(now, signal) {
    throw new Error(`nothing to do for ${now} ${signal}`);
  }

  /** Say something in the place of the result. @param {string} text */
  tell(text) {
    this.result.replaceChildren(h("p", { class: "ask-note" }, text));
  }

  /** What the core would not answer. @param {Case} now @param {any[]} errors */
  tellErrors(now, errors) {
    this.tell(errors.map((each) => errorSentence(each, now.words.fields)).join(""));
  }
}

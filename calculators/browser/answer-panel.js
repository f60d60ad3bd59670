/** The place of the answer: one thing at a time stands in the output, and the phone's bar says the same in short. */

import { AnswerBar } from "./answer-bar.js";
import { answerActions, answerText, answerView, emptyView, failureView, halfView, loadingView, wrongView } from "./answer-view.js";
import { h } from "./dom.js";
import { errorSentence, labelAt } from "./form-errors.js";
import { headline } from "./format.js";
import { wordsThen, wrongDayView } from "./version-view.js";

const CHANGED_MS = 1000;

/** @typedef {{ answer: any, inputs: Record<string, unknown>, link: string, day: string, record?: { day: string, mark: string } | undefined }} Answered */

export class AnswerPanel {
  #bar = new AnswerBar();
  #progress = /** @type {HTMLProgressElement} */ (h("progress", { max: "1", "aria-label": "准备计算", hidden: "" }));
  #actions = answerActions();
  /** The last good answer. @type {Answered | undefined} */
  #last;

  /** @param {HTMLElement} element @param {any} words */
  constructor(element, words) {
    this.element = element;
    this.words = words;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    this.#output.before(this.#progress);
    this.#output.parentElement?.append(this.#actions);
    this.element.append(this.#bar.element);
    this.#bar.watch(this.#output, signal);
  }

  get #output() {
    return /** @type {HTMLOutputElement} */ (this.element.querySelector("output"));
  }

  /** How the reader finds the form from the answer. */
  get #where() {
    const form = this.element.querySelector("form");
    const right = form?.getBoundingClientRect().right ?? 0;
    return this.#output.getBoundingClientRect().left >= right ? "左边" : "上面";
  }

  /** What was asked is being worked on; what stands there is no longer its answer. */
  wait() {
    delete this.#output.dataset.answer;
  }

  /** @param {boolean} loading @param {number} progress */
  showProgress(loading, progress) {
    this.#progress.toggleAttribute("hidden", !loading);
    this.#progress.value = progress;
  }

  showNothing() {
    this.#last = undefined;
    this.#show(emptyView(this.#where, this.words.note));
    this.#bar.hide();
  }

  /** @param {string} step */
  showLoading(step) {
    this.#show(loadingView(step));
    this.#bar.say("正在准备计算", step, "看结果", "quiet");
  }

  /** @param {string} message */
  showFailure(message) {
    this.#show(failureView(message));
    this.#bar.say("现在算不了", "填好的内容还在", "看说明", "quiet");
  }

  /** @param {import("./form-reader.js").Place[]} missing */
  showMissing(missing) {
    const list = missing.map(({ path, field }) => ({ path, label: labelAt(this.words.fields, path), hint: field.hint }));
    this.#last = undefined;
    this.#show(halfView(list));
    this.#bar.say(`再填 ${list.length} 项就能算`, list.map((each) => each.label).join("、"), "去填", "quiet");
  }

  /** The last good answer stays, greyed, and says that it is old. @param {import("./form-errors.js").InputError[]} errors */
  showWrong(errors) {
    const view = this.#last ? this.#answerView(this.#last) : h("div", { class: "answer answer--quiet" });
    view.classList.toggle("answer--stale", Boolean(this.#last));
    view.prepend(wrongView(errors.length, this.#where, Boolean(this.#last)));
    this.#show(view);
    for (const error of errors.slice(0, 1)) {
      const label = labelAt(this.words.fields, error.field);
      this.#bar.say(`${label}要改`, errorSentence(error, this.words.fields), "去改", "wrong");
    }
  }

  /** @param {string} message */
  showWrongDay(message) {
    this.#last = undefined;
    this.#show(wrongDayView(message));
    this.#bar.say("链接里的日期算不了", "", "看说明", "quiet");
  }

  /** @param {Answered} answered */
  showAnswer(answered) {
    const before = new Map(this.#values().map((each) => [each.dataset.value, each.textContent]));
    this.#show(this.#answerView(answered));
    this.#actions.removeAttribute("hidden");
    if (this.#last) {
      this.#markChanged(before);
    }
    this.#last = answered;
    const { text, aside } = headline(this.words, answered.answer.outcome);
    this.#bar.say(text, aside, "看结果", "answer");
    this.#output.dataset.answer = JSON.stringify(answered.answer);
  }

  /** The answer as text, to paste elsewhere. */
  get text() {
    const last = this.#last;
    return last ? answerText(wordsThen(this.words, last.day), last.answer, last.link, last.day) : "";
  }

  /** The answer as a workbook; what makes it comes in when it is asked for. */
  async save() {
    const last = this.#last;
    const { saveSheet } = await import("./save-sheet.js");
    if (last) {
      saveSheet(wordsThen(this.words, last.day), last);
    }
  }

  scrollIntoView() {
    this.#output.scrollIntoView({ block: "start" });
  }

  /** @param {Answered} answered */
  #answerView({ answer, inputs, link, day, record }) {
    return answerView(wordsThen(this.words, day), answer, inputs, link, day, record);
  }

  /** @param {HTMLElement} view */
  #show(view) {
    const open = this.#output.querySelector("details[open]");
    this.#output.replaceChildren(view);
    this.#actions.setAttribute("hidden", "");
    view.querySelector("details")?.toggleAttribute("open", Boolean(open));
  }

  #values() {
    return /** @type {HTMLElement[]} */ ([...this.#output.querySelectorAll("[data-value]")]);
  }

  /** @param {Map<string | undefined, string | null>} before */
  #markChanged(before) {
    const changed = this.#values().filter((each) => {
      const old = before.get(each.dataset.value);
      return old !== undefined && old !== each.textContent;
    });
    changed.forEach((each) => each.classList.add("changed"));
    // Where nothing may move, the mark stays until the next change.
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      setTimeout(() => changed.forEach((each) => each.classList.remove("changed")), CHANGED_MS);
    }
  }
}

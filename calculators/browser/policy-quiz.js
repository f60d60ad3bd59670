/**
 * `<policy-quiz quiz="ID">` around a paper made at build time: marked by the same core as on the command
 * line, with the answers only in a packed bank. What was answered is kept on this device until 重做.
 */

import { h } from "./answer-view.js";
import { resultView, verdictView } from "./quiz-view.js";
import { RuntimeFailure, runtime } from "./runtime-client.js";

/** @typedef {Record<string, string[] | boolean>} Answers */

export class PolicyQuiz extends HTMLElement {
  #abort = new AbortController();
  /** @type {any} */
  #words;
  /** @type {any} */
  #marking;
  /** The key points ticked by the trainee, by item. @type {Record<string, string[]>} */
  #points = {};
  #canKeep = true;

  connectedCallback() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#words ??= JSON.parse(this.querySelector("script.words")?.textContent ?? "{}");
    this.addEventListener("input", (event) => this.#typed(event), { signal });
    this.addEventListener("click", (event) => this.#click(event), { signal });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#mark();
    }, { signal });
    runtime().start();
    this.#restore();
    this.#count();
  }

  disconnectedCallback() {
    this.#abort.abort();
  }

  /** The paper as it is filled in: letters, truth values, texts by blank, key points. @returns {Answers} */
  get answers() {
    /** @type {Answers} */
    const answers = {};
    for (const item of this.#items) {
      const value = this.#read(item);
      if (value !== undefined) {
        answers[item.id] = value;
      }
    }
    return answers;
  }

  set answers(answers) {
    for (const item of this.#items) {
      this.#write(item, answers[item.id]);
    }
    this.#points = Object.fromEntries(
      this.#items.filter((item) => item.kind === "essay" && Array.isArray(answers[item.id]))
        .map((item) => [item.id, /** @type {string[]} */ (answers[item.id])]),
    );
    this.#keep();
    this.#count();
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  /** @returns {{ id: string, kind: string }[]} */
  get #items() {
    return this.#words.paper.sections.flatMap((/** @type {any} */ part) =>
      part.items.map((/** @type {any} */ item) => ({ id: item.id, kind: part.kind })));
  }

  /** @param {string} id @returns {(HTMLInputElement | HTMLTextAreaElement)[]} */
  #controls(id) {
    return [...this.querySelectorAll(`[name="${CSS.escape(id)}"]`)].map((each) => /** @type {HTMLInputElement} */ (each));
  }

  /** @param {{ id: string, kind: string }} item @returns {string[] | boolean | undefined} */
  #read({ id, kind }) {
    const controls = this.#controls(id);
    const ticked = controls.filter((each) => each instanceof HTMLInputElement && each.checked).map((each) => each.value);
    switch (kind) {
      case "choice":
        return ticked.length > 0 ? ticked : undefined;
      case "truth":
        return ticked.length > 0 ? ticked[0] === "true" : undefined;
      case "blank": {
        const texts = controls.map((each) => each.value.trim());
        return texts.some(Boolean) ? texts : undefined;
      }
    }
    return this.#points[id]?.length ? this.#points[id] : undefined;
  }

  /** @param {{ id: string, kind: string }} item @param {string[] | boolean | undefined} value */
  #write({ id, kind }, value) {
    this.#controls(id).forEach((each, index) => {
      if (each instanceof HTMLInputElement && each.type !== "text") {
        each.checked = Array.isArray(value) ? value.includes(each.value) : String(value) === each.value;
      } else if (kind === "blank") {
        each.value = Array.isArray(value) ? (value[index] ?? "") : "";
      }
    });
  }

  /** Mark the paper; answers stay as they are, whatever happens. */
  async #mark() {
    this.dataset.state = "working";
    const output = /** @type {HTMLElement} */ (this.querySelector("output"));
    output.replaceChildren(h("p", { class: "quiz-waiting" }, "正在判分……"));
    try {
      const marking = await runtime().mark(this.dataset.bank ?? "", this.answers);
      if (marking.errors) {
        throw new Error(marking.errors.map((/** @type {any} */ each) => `${each.field}：${each.message}`).join("；"));
      }
      this.#showMarking(marking);
    } catch (failure) {
      this.dataset.state = "error";
      const message = failure instanceof RuntimeFailure || failure instanceof Error ? failure.message : String(failure);
      output.replaceChildren(
        h("p", { class: "quiz-score" }, "现在判不了分"), h("p", {}, message),
        h("p", {}, h("button", { type: "button", class: "button", "data-action": "retry" }, "重试")),
      );
    }
  }

  /** @param {any} marking */
  #showMarking(marking) {
    this.#marking = marking;
    this.dataset.state = "answered";
    for (const item of marking.items) {
      const place = this.querySelector(`[data-item="${CSS.escape(item.id)}"]`);
      const part = this.#words.paper.sections.find((/** @type {any} */ each) => each.id === item.id.split(".")[0]);
      place?.setAttribute("data-verdict", item.correct === null ? "open" : item.correct ? "right" : "wrong");
      place?.querySelector(".quiz-verdict")?.replaceChildren(
        verdictView(item, part.kind, this.#words.clauses[item.clause], this.#points[item.id] ?? []),
      );
      this.#controls(item.id).forEach((each, index) => {
        each.classList.toggle("is-wrong", item.blanks ? !item.blanks[index] : false);
        const option = each.closest("li");
        const expected = part.kind === "truth" ? String(item.expected) : (item.expected ?? []);
        option?.toggleAttribute("data-expected", part.kind === "choice" ? expected.includes(each.value) : expected === each.value);
      });
    }
    const output = /** @type {HTMLElement} */ (this.querySelector("output"));
    output.replaceChildren(resultView(this.#words, marking, this.#canKeep));
    this.dispatchEvent(new CustomEvent("policy:marked", { detail: marking, bubbles: true }));
  }

  /** @param {Event} event */
  #typed(event) {
    const target = event.target;
    if (target instanceof HTMLInputElement && target.dataset.point) {
      const id = target.closest("[data-item]")?.getAttribute("data-item") ?? "";
      const ticked = [...this.querySelectorAll(`[data-item="${CSS.escape(id)}"] [data-point]`)]
        .filter((each) => /** @type {HTMLInputElement} */ (each).checked)
        .map((each) => /** @type {HTMLInputElement} */ (each).dataset.point ?? "");
      this.#points[id] = ticked;
      this.#keep();
      this.#mark().then(() => {
        const again = this.querySelector(`[data-item="${CSS.escape(id)}"] [data-point="${target.dataset.point}"]`);
        /** @type {HTMLElement | null} */ (again)?.focus();
      });
      return;
    }
    this.#keep();
    this.#count();
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    switch (button?.getAttribute("data-action")) {
      case "retry":
        runtime().retry();
        this.#mark();
        break;
      case "restart":
        this.#askToRestart(/** @type {HTMLElement} */ (button));
        break;
      case "restart-now":
        this.#restart();
        break;
      case "restart-not":
        this.querySelector(".quiz-confirm")?.remove();
        break;
    }
  }

  /** @param {HTMLElement} button */
  #askToRestart(button) {
    this.querySelector(".quiz-confirm")?.remove();
    const sure = h("p", { class: "quiz-confirm", role: "alert" }, "清掉所有答案，从头再做？ ",
      h("button", { type: "button", "data-action": "restart-now" }, "清掉"), " ",
      h("button", { type: "button", "data-action": "restart-not" }, "不清"));
    button.after(sure);
  }

  #restart() {
    this.#form.reset();
    this.#points = {};
    this.#marking = undefined;
    this.dataset.state = "idle";
    this.querySelector(".quiz-confirm")?.remove();
    this.querySelector("output")?.replaceChildren();
    for (const item of this.querySelectorAll("[data-item]")) {
      item.removeAttribute("data-verdict");
      item.querySelector(".quiz-verdict")?.replaceChildren();
      for (const each of item.querySelectorAll(".is-wrong, [data-expected]")) {
        each.classList.remove("is-wrong");
        each.removeAttribute("data-expected");
      }
    }
    this.#keep();
    this.#count();
    this.scrollIntoView({ block: "start" });
  }

  #count() {
    const open = this.#items.filter((item) => this.#read(item) === undefined && item.kind !== "essay");
    const left = this.querySelector(".quiz-left");
    if (!left) {
      return;
    }
    const links = open.slice(0, 12).map((item) => {
      const id = this.querySelector(`[data-item="${CSS.escape(item.id)}"]`)?.id ?? "";
      return h("a", { href: `#${id}` }, item.id);
    });
    left.replaceChildren(open.length > 0 ? `还有 ${open.length} 题没答：` : "都答了，可以交卷。",
      ...links.flatMap((link) => [link, " "]), open.length > links.length ? "……" : "");
  }

  get #key() {
    return `policy-quiz:${this.#words.id}`;
  }

  /** Keep what was answered on this device; where storage is refused, say so at the end. */
  #keep() {
    const texts = Object.fromEntries(
      this.#items.filter((item) => item.kind === "essay").map((item) => [item.id, this.#controls(item.id)[0]?.value ?? ""]),
    );
    try {
      localStorage.setItem(this.#key, JSON.stringify({ answers: this.answers, texts }));
    } catch {
      this.#canKeep = false;
    }
  }

  #restore() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? "{}");
      if (kept.answers) {
        this.answers = kept.answers;
        for (const [id, text] of Object.entries(kept.texts ?? {})) {
          const control = this.#controls(id)[0];
          if (control instanceof HTMLTextAreaElement) {
            control.value = String(text);
          }
        }
      }
    } catch {
      this.#canKeep = false;
    }
  }
}

/** The paper in the page: reads and fills its controls, puts questions and options in order, shows verdicts. */

import { optionsShown } from "./quiz-round.js";
import { verdictView } from "./quiz-view.js";

/** @typedef {import("./quiz-round.js").Round} Round */
/** @typedef {import("./quiz-round.js").Section} Section */
/** @typedef {{ item: any, kind: string, section: Section }} Question */

const TOLD = { right: "你选了，对", wrong: "你选了，不该选", missed: "漏选，应该选" };

export class QuizPaper {
  /** @type {Map<string, Question>} */
  #questions = new Map();

  /** @param {HTMLFormElement} form @param {any} words */
  constructor(form, words) {
    this.form = form;
    this.words = words;
    for (const section of words.paper.sections) {
      for (const item of section.items) {
        this.#questions.set(item.id, { item, kind: section.kind, section });
      }
    }
  }

  /** @returns {Section[]} */
  get sections() {
    return this.words.paper.sections;
  }

  /** @param {string} id @returns {Question} */
  question(id) {
    return /** @type {Question} */ (this.#questions.get(id));
  }

  /** @param {string} id @returns {HTMLElement} */
  place(id) {
    return /** @type {HTMLElement} */ (this.form.querySelector(`[data-item="${CSS.escape(id)}"]`));
  }

  /** The question that an element stands in. @param {EventTarget | null} target */
  idAt(target) {
    return (target instanceof Element ? target.closest("[data-item]")?.getAttribute("data-item") : "") ?? "";
  }

  /** @param {string} id @returns {(HTMLInputElement | HTMLTextAreaElement)[]} */
  #controls(id) {
    return [...this.place(id).querySelectorAll("[name]")].map((each) => /** @type {HTMLInputElement} */ (each));
  }

  /** What is filled in; undefined where nothing is. @param {string} id @returns {string[] | boolean | undefined} */
  read(id) {
    const controls = this.#controls(id);
    const chosen = controls.filter((each) => each instanceof HTMLInputElement && each.checked).map((each) => each.value).sort();
    switch (this.question(id).kind) {
      case "choice":
        return chosen.length > 0 ? chosen : undefined;
      case "truth":
        return chosen.length > 0 ? chosen[0] === "true" : undefined;
      case "blank": {
        const texts = controls.map((each) => each.value.trim());
        return texts.some(Boolean) ? texts : undefined;
      }
    }
    const points = [...this.place(id).querySelectorAll("[data-point]")].map((each) => /** @type {HTMLInputElement} */ (each));
    const ticks = points.filter((each) => each.checked).map((each) => each.dataset.point ?? "");
    return ticks.length > 0 ? ticks : undefined;
  }

  /** What is written in one's own words. @param {string} id */
  text(id) {
    return this.question(id).kind === "essay" ? (this.#controls(id)[0]?.value ?? "") : "";
  }

  /** Put a round's questions in order and fill in what was answered. @param {Round} round */
  arrange(round) {
    const asked = new Map(round.order.map((id, index) => [id, index]));
    for (const section of this.sections) {
      const place = /** @type {HTMLElement} */ (this.form.querySelector(`[data-section="${CSS.escape(section.id)}"]`));
      const ids = section.items.map(({ id }) => id);
      const order = ids.filter((id) => asked.has(id)).sort((one, other) => (asked.get(one) ?? 0) - (asked.get(other) ?? 0));
      place.hidden = order.length === 0;
      order.forEach((id, index) => this.#arrangeItem(round, id, place, index));
      for (const id of ids) {
        this.place(id).hidden = !asked.has(id);
      }
    }
  }

  /** @param {Round} round @param {string} id @param {HTMLElement} section @param {number} index */
  #arrangeItem(round, id, section, index) {
    const place = this.place(id);
    const { item, kind } = this.question(id);
    section.append(place);
    this.#clear(place);
    /** @type {HTMLElement} */ (place.querySelector(".quiz-number")).textContent = `${index + 1}.`;
    if (kind === "choice") {
      const list = /** @type {HTMLElement} */ (place.querySelector(".quiz-options"));
      optionsShown(round, item).forEach((option, at) => {
        const row = /** @type {HTMLElement} */ (list.querySelector(`[value="${CSS.escape(option.id)}"]`)?.closest("li"));
        /** @type {HTMLElement} */ (row.querySelector(".quiz-letter")).textContent = String.fromCharCode(65 + at);
        list.append(row);
      });
    }
    this.#fill(id, round.answers[id], round.texts[id] ?? "");
  }

  /** @param {string} id @param {string[] | boolean | undefined} value @param {string} text */
  #fill(id, value, text) {
    const { kind } = this.question(id);
    this.#controls(id).forEach((each, index) => {
      if (each instanceof HTMLInputElement && each.type !== "text") {
        each.checked = Array.isArray(value) ? value.includes(each.value) : String(value) === each.value;
      } else {
        each.value = kind === "essay" ? text : Array.isArray(value) ? (value[index] ?? "") : "";
      }
    });
  }

  /** @param {HTMLElement} place */
  #clear(place) {
    place.removeAttribute("data-verdict");
    place.querySelector(".quiz-verdict")?.replaceChildren();
    place.querySelectorAll(".quiz-told").forEach((each) => each.remove());
    place.querySelectorAll(".is-wrong").forEach((each) => each.classList.remove("is-wrong"));
    for (const each of place.querySelectorAll("[name]")) {
      /** @type {HTMLInputElement} */ (each).disabled = false;
      each.closest("li")?.removeAttribute("data-told");
    }
  }

  /** Show one question, or with an empty id all that the round asks. @param {Round} round @param {string} id */
  show(round, id) {
    for (const section of this.sections) {
      const place = /** @type {HTMLElement} */ (this.form.querySelector(`[data-section="${CSS.escape(section.id)}"]`));
      const asked = section.items.filter((item) => round.order.includes(item.id));
      for (const item of asked) {
        this.place(item.id).hidden = id !== "" && item.id !== id;
      }
      place.hidden = !asked.some((item) => id === "" || item.id === id);
    }
  }

  /** Show what a question earned; what was told cannot be changed any more. @param {Round} round @param {any} marked */
  tell(round, marked) {
    const { item, kind } = this.question(marked.id);
    const place = this.place(marked.id);
    this.#clear(place);
    place.dataset.verdict = marked.correct === null ? "open" : marked.correct ? "right" : "wrong";
    place.querySelector(".quiz-verdict")?.replaceChildren(...verdictView(round, item, kind, marked, this.words.clauses[marked.clause]));
    this.#controls(marked.id).forEach((each, index) => {
      each.disabled = true;
      each.classList.toggle("is-wrong", marked.blanks ? !marked.blanks[index] : false);
      const row = each.closest("li");
      if (row && each instanceof HTMLInputElement && (kind === "choice" || kind === "truth") && marked.correct !== null) {
        const should = kind === "truth" ? String(marked.expected) === each.value : marked.expected.includes(each.value);
        const told = each.checked ? (should ? "right" : "wrong") : should ? "missed" : "";
        if (told) {
          row.dataset.told = told;
          const note = document.createElement("span");
          note.className = "quiz-told";
          note.textContent = kind === "truth" && told === "missed" ? "应该选" : TOLD[/** @type {keyof TOLD} */ (told)];
          row.querySelector(".quiz-option")?.append(note);
        }
      }
    });
  }
}

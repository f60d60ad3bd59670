/** The first screen at work: shows what is kept, reads the wishes, prints, and carries the record as a file. */

import { h, wordButton } from "./dom.js";
import { nextDay, toLearn } from "./quiz-cards.js";
import { certificateView } from "./quiz-end-view.js";
import { historyView, lastView } from "./quiz-history-view.js";
import { placeWords } from "./quiz-map-view.js";
import { LARGEST_FILE, readRecord } from "./quiz-record.js";
import { followWishes, readWishes, startView } from "./quiz-start-view.js";
import { today } from "./runtime-client.js";

/** @typedef {import("./quiz-paper.js").QuizPaper} QuizPaper */
/** @typedef {import("./quiz-store.js").QuizStore} QuizStore */
/** @typedef {import("./quiz-record.js").Finished} Finished */

const MOST_OPEN = 5;
const MOST_ERRORS = 5;

export class QuizStart {
  /** What the screen was made from, to see whether it must be made anew. */
  #shown = "";
  /** @type {any} */
  #words;

  /** @param {HTMLElement} place @param {QuizPaper} paper @param {QuizStore} store */
  constructor(place, paper, store) {
    this.place = place;
    this.paper = paper;
    this.store = store;
  }

  /** @param {any} words @param {string} trouble @param {number} shownAgain  how long a round that was handed in is kept */
  show(words, trouble, shownAgain) {
    this.#words = words;
    const { record } = this.store;
    const all = this.store.open;
    all.filter((each) => each.done && Date.now() - each.done > shownAgain).forEach((each) => this.store.drop(each.id));
    const open = all.filter((each) => !each.done).slice(0, MOST_OPEN);
    this.#shown = this.#state(open.map(({ id }) => id));
    const { digest, digests, shown } = words;
    const last = record.rounds.at(-1);
    const now = today();
    const lost = this.store.damaged ? ["以前的记录读不出来，已经另外放好，从头记起。"] : [];
    this.place.replaceChildren(
      h("p", { class: "quiz-told-here", role: "status" }, [...lost, ...(trouble ? [trouble] : [])].join("")),
      ...startView({
        open, bank: shown, wrong: toLearn(record.cards, digests), due: toLearn(record.cards, digests, now), next: nextDay(record.cards, digests),
        today: now, place: (round) => placeWords(this.paper, round),
      }),
      h("div", { class: "quiz-past" }, ...(last ? lastView(last, digest, this.paper.sections, now) : []), ...historyView(record.rounds, digest, now)),
      h("p", { class: "quiz-words" }, wordButton("print-paper", "打印一份空卷")));
    followWishes(this.place);
  }

  /** Make the screen anew where another tab changed what it tells. @param {any} words @param {string} trouble @param {number} shownAgain */
  refresh(words, trouble, shownAgain) {
    const open = this.store.open.filter((each) => !each.done).slice(0, MOST_OPEN);
    if (this.#state(open.map(({ id }) => id)) !== this.#shown) {
      this.show(words, trouble, shownAgain);
    }
  }

  /** @param {string[]} open */
  #state(open) {
    return JSON.stringify([open, this.store.record]);
  }

  /** @param {string} text */
  tell(text) {
    const place = this.place.querySelector(".quiz-told-here");
    if (place) {
      place.textContent = text;
    }
  }

  /** Follow a control of this screen, or of the record; tells whether it was one. @param {HTMLInputElement | HTMLTextAreaElement} target */
  typed(target) {
    if (target instanceof HTMLInputElement && target.dataset.import !== undefined) {
      void this.#import(target);
      return true;
    }
    const own = target.dataset.wish !== undefined || target.dataset.name !== undefined;
    if (own) {
      followWishes(this.place);
    }
    return own;
  }

  /** @param {Record<string, string>} digests */
  wishes(digests) {
    const read = readWishes(this.place, toLearn(this.store.record.cards, digests));
    const error = /** @type {HTMLElement} */ (this.place.querySelector(".quiz-start-error"));
    error.textContent = typeof read === "string" ? read : "";
    if (typeof read === "string") {
      /** @type {HTMLElement | null} */ (this.place.querySelector('[data-wish="limit"]'))?.focus();
      return undefined;
    }
    return read;
  }

  /** @param {Record<string, string>} digests */
  due(digests) {
    return toLearn(this.store.record.cards, digests, today());
  }

  download() {
    const file = new Blob([JSON.stringify(this.store.record, null, 1)], { type: "application/json" });
    const link = /** @type {HTMLAnchorElement} */ (h("a", { href: URL.createObjectURL(file), download: `${this.store.quiz}-${today()}.json` }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  /** @param {HTMLInputElement} input */
  async #import(input) {
    const file = input.files?.[0];
    input.value = "";
    const told = /** @type {HTMLElement | null} */ (input.closest(".quiz-past")?.querySelector(".quiz-import-told"));
    if (!file || !told) {
      return;
    }
    const { record, errors } = file.size > LARGEST_FILE ? readRecord(" ".repeat(LARGEST_FILE + 1), this.store.quiz) : readRecord(await file.text(), this.store.quiz);
    if (!record) {
      const some = errors.slice(0, MOST_ERRORS).map((each) => h("li", {}, each));
      const rest = errors.length > MOST_ERRORS ? [h("li", {}, `还有 ${errors.length - MOST_ERRORS} 处。`)] : [];
      told.replaceChildren(h("p", { class: "quiz-import-wrong" }, "没有导入，本机的记录没有动："), h("ul", {}, ...some, ...rest));
      return;
    }
    const before = this.store.record.rounds.length;
    this.store.add(record);
    const more = this.store.record.rounds.length - before;
    const sentence = `导入好了，多了 ${more} 次成绩。`;
    if (this.place.contains(input)) {
      this.show(this.#words, "", 0);
      this.tell(sentence);
    } else {
      told.replaceChildren(h("p", {}, sentence));
    }
  }

  /** @param {HTMLElement} element @param {"paper" | "result" | "certificate"} what */
  print(element, what) {
    element.dataset.print = what;
    window.addEventListener("afterprint", () => {
      delete element.dataset.print;
      element.querySelector(".quiz-certificate")?.remove();
    }, { once: true });
    window.print();
  }

  /** @param {HTMLElement} element @param {string} title @param {Finished} finished */
  printCertificate(element, title, finished) {
    element.querySelector(".quiz-certificate")?.remove();
    const name = /** @type {HTMLInputElement | null} */ (element.querySelector("[data-name]"))?.value.trim() ?? "";
    const address = location.origin + location.pathname;
    element.append(certificateView({ title, name, finished, sections: this.paper.sections, address }));
    this.print(element, "certificate");
  }
}

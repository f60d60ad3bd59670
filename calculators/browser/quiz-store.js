/** Keeps the record and the open rounds on this device; where it cannot, it says so and goes on in memory. */

import { emptyRecord, joined, readRecord } from "./quiz-record.js";
import { readRound } from "./quiz-round.js";

/** @typedef {import("./quiz-record.js").QuizRecord} QuizRecord */
/** @typedef {import("./quiz-round.js").Round} Round */
/** @typedef {import("./quiz-round.js").Section} Section */

/** The record's key of a quiz; the home page reads it too. @param {string} quiz */
export function recordKey(quiz) {
  return `policy-quiz:${quiz}`;
}

export class QuizStore {
  /** Why nothing can be kept; empty while all is well. @type {"" | "refused" | "full"} */
  trouble = "";
  /** A record was there and could not be read; it was put aside. */
  damaged = false;
  /** @type {QuizRecord} */
  #record;

  /** @param {string} quiz @param {Section[]} sections */
  constructor(quiz, sections) {
    this.quiz = quiz;
    this.sections = sections;
    this.#record = emptyRecord(quiz);
  }

  /** The record with what other tabs have added. @returns {QuizRecord} */
  get record() {
    this.#record = joined(this.#record, this.#kept());
    return this.#record;
  }

  /** Add to the record; nothing that another tab wrote is lost. @param {QuizRecord} record */
  add(record) {
    this.#record = joined(this.record, record);
    this.#write(recordKey(this.quiz), JSON.stringify(this.#record));
  }

  /** Another tab wrote: join, and write again what it did not know of. */
  meet() {
    const kept = JSON.stringify(joined(emptyRecord(this.quiz), this.#kept()));
    if (JSON.stringify(this.record) !== kept) {
      this.#write(recordKey(this.quiz), JSON.stringify(this.#record));
    }
  }

  /** Forget everything up to a moment. @param {number} now */
  clear(now) {
    this.add({ ...emptyRecord(this.quiz), cleared: now });
    for (const round of this.open) {
      this.drop(round.id);
    }
  }

  /** The rounds that were not handed in, the newest first. @returns {Round[]} */
  get open() {
    /** @type {Round[]} */
    const rounds = [];
    try {
      for (let index = 0; index < localStorage.length; index += 1) {
        const key = localStorage.key(index) ?? "";
        const round = key.startsWith(this.#prefix) ? readRound(localStorage.getItem(key), this.sections) : undefined;
        if (round && key === this.#prefix + round.id) {
          rounds.push(round);
        }
      }
    } catch {
      this.trouble = "refused";
    }
    return rounds.sort((one, other) => other.kept - one.kept);
  }

  /** @param {string} id @returns {Round | undefined} */
  round(id) {
    return this.open.find((each) => each.id === id);
  }

  /** @param {Round} round */
  keep(round) {
    this.#write(this.#prefix + round.id, JSON.stringify(round));
  }

  /** @param {string} id */
  drop(id) {
    try {
      localStorage.removeItem(this.#prefix + id);
    } catch {
      this.trouble = "refused";
    }
  }

  /** The round that a change of storage is about; empty where it is about none. @param {StorageEvent} event */
  roundOf(event) {
    return event.key?.startsWith(this.#prefix) ? event.key.slice(this.#prefix.length) : "";
  }

  /** Which round this tab works on: it outlives a reload, and no other tab has it. @returns {string} */
  get mine() {
    try {
      return sessionStorage.getItem(this.#prefix) ?? "";
    } catch {
      return "";
    }
  }

  set mine(id) {
    try {
      sessionStorage.setItem(this.#prefix, id);
    } catch {
      // Without it a reload only asks whether to go on.
    }
  }

  get #prefix() {
    return `${recordKey(this.quiz)}:round:`;
  }

  /** @returns {QuizRecord} */
  #kept() {
    try {
      const text = localStorage.getItem(recordKey(this.quiz));
      const { record } = text === null ? { record: emptyRecord(this.quiz) } : readRecord(text, this.quiz);
      if (!record) {
        this.damaged = true;
        localStorage.setItem(`${recordKey(this.quiz)}:damaged`, text ?? "");
        localStorage.removeItem(recordKey(this.quiz));
      }
      return record ?? emptyRecord(this.quiz);
    } catch {
      this.trouble = "refused";
      return emptyRecord(this.quiz);
    }
  }

  /** @param {string} key @param {string} text */
  #write(key, text) {
    try {
      localStorage.setItem(key, text);
      this.trouble = "";
    } catch (error) {
      this.trouble = error instanceof DOMException && error.name === "QuotaExceededError" ? "full" : "refused";
    }
  }
}

/** One round of a quiz: what is asked in which order, what was answered, and how long it took. No DOM, no clock. */

import { shuffled } from "./quiz-shuffle.js";

/** @typedef {Record<string, string[] | boolean>} Answers */

/**
 * @typedef {object} Wishes
 * @property {"practice" | "exam"} mode
 * @property {boolean} single  one question at a time
 * @property {boolean} items  shuffle the questions, each section within itself
 * @property {boolean} options  shuffle the options of a choice
 * @property {string} seed
 * @property {number} limit  minutes; 0 is no limit
 * @property {string} multiple
 * @property {string[] | null} only  the questions asked; null is the whole paper
 * @typedef {object} Round
 * @property {string} id
 * @property {Wishes} wishes
 * @property {string} bank  the digest of the questions as they were seen: a mended answer leaves it the same
 * @property {string[]} order
 * @property {Answers} answers
 * @property {Record<string, string>} texts  what was written on questions in one's own words
 * @property {string[]} told  the questions whose answer was shown
 * @property {string} at  the question that is open
 * @property {number} spent  milliseconds with the page open
 * @property {number} kept  the moment of the last change
 * @property {string} tab  the tab that works on it
 * @property {number} [done]  the moment it was handed in
 * @typedef {{ id: string, title: string, kind: string, items: any[] }} Section
 */

/** A gap this long between two ticks was a closed lid, not work. */
const LONGEST_TICK_MS = 5000;

/**
 * @param {Section[]} sections
 * @param {Wishes} wishes
 * @param {{ id: string, bank: string, now: number, tab: string }} made
 * @returns {Round}
 */
export function newRound(sections, wishes, { id, bank, now, tab }) {
  const order = sections.flatMap((section) => {
    const ids = section.items.map((item) => item.id).filter((each) => !wishes.only || wishes.only.includes(each));
    return shuffled(ids, wishes.items ? `${wishes.seed}/${section.id}` : "");
  });
  return { id, wishes, bank, order, answers: {}, texts: {}, told: [], at: order[0] ?? "", spent: 0, kept: now, tab };
}

/**
 * The options of a question as the round shows them.
 * @param {Round} round @param {{ id: string, options: { id: string, text: string }[] }} item
 */
export function optionsShown(round, item) {
  return shuffled(item.options, round.wishes.options ? `${round.wishes.seed}/${item.id}` : "");
}

/**
 * The letters that stand on the page for options of the bank, in the page's order.
 * @param {Round} round @param {any} item @param {string[]} ids
 */
export function lettersShown(round, item, ids) {
  return optionsShown(round, item).flatMap(({ id }, index) => (ids.includes(id) ? [String.fromCharCode(65 + index)] : []));
}

/** @param {Round} round @param {string} id */
export function isAnswered(round, id) {
  return round.answers[id] !== undefined || (round.texts[id] ?? "").trim() !== "";
}

/** Count the time up to now, but not the time in which the page slept. @param {Round} round @param {number} now */
export function ticked(round, now) {
  const since = now - round.kept;
  return { ...round, kept: now, spent: round.spent + (since >= 0 && since <= LONGEST_TICK_MS ? since : 0) };
}

/** Milliseconds until time is up; Infinity without a limit. @param {Round} round */
export function remaining(round) {
  return round.wishes.limit > 0 ? Math.max(0, round.wishes.limit * 60_000 - round.spent) : Infinity;
}

/**
 * Read a round that was kept; undefined where it is none, or asks what is not there.
 * @param {string | null} text @param {Section[]} sections @returns {Round | undefined}
 */
export function readRound(text, sections) {
  try {
    const round = JSON.parse(text ?? "");
    const known = new Set(sections.flatMap((section) => section.items.map((item) => item.id)));
    const sound = typeof round.id === "string" && ["practice", "exam"].includes(round.wishes.mode) && Number.isFinite(round.spent)
      && Number.isFinite(round.kept) && typeof round.at === "string" && Array.isArray(round.order) && round.order.length > 0 && typeof round.answers === "object"
      && typeof round.texts === "object" && Array.isArray(round.told);
    if (!sound) {
      return undefined;
    }
    // Of a bank that was changed it is only told that it was there.
    return round.order.every((/** @type {string} */ id) => known.has(id)) ? round : { ...round, bank: "" };
  } catch {
    return undefined;
  }
}

/** What stays of a marking: cards of what was wrong, and of a round that was handed in a line of the history. */

import { reviewed } from "./quiz-cards.js";
import { emptyRecord } from "./quiz-record.js";

/** @typedef {import("./quiz-round.js").Round} Round */
/** @typedef {import("./quiz-record.js").QuizRecord} QuizRecord */

/**
 * What a marking adds to the record.
 * @param {QuizRecord} record
 * @param {{ id: string, digest: string, digests: Record<string, string> }} quiz
 * @param {Round} round
 * @param {any} marking
 * @param {{ now: number, day: string }} moment
 * @returns {QuizRecord}
 */
export function remembered(record, quiz, round, marking, { now, day }) {
  const addition = emptyRecord(quiz.id);
  for (const { id, correct } of marking.items) {
    const card = correct === null ? undefined
      : reviewed(record.cards[id], { right: correct, day, digest: quiz.digests[id] ?? "", seen: now, round: round.id });
    if (card) {
      addition.cards[id] = card;
    }
  }
  const { mode, multiple, seed, only } = round.wishes;
  const { marks, decided, out_of, sections, items } = marking;
  if (round.done) {
    addition.rounds = [{
      id: round.id, ended: now, day, mode, bank: quiz.digest, asked: round.order.length, whole: !only, multiple, seed,
      seconds: Math.round(round.spent / 1000), marks, decided, out_of, sections,
      wrong: items.filter((/** @type {any} */ each) => each.correct === false).map((/** @type {any} */ each) => each.id),
    }];
  }
  return addition;
}

/** The round before that can be compared with one: of the same kind, over the same bank. @param {QuizRecord} record @param {string} id */
export function comparable(record, id) {
  const now = record.rounds.find((each) => each.id === id);
  return now?.whole ? record.rounds.findLast((each) => each.id !== id && each.ended < now.ended && each.whole && each.bank === now.bank
    && each.mode === now.mode && each.multiple === now.multiple) : undefined;
}

/**
 * 错题本: what was wrong comes back after growing intervals. A right answer on or after its day moves a card
 * on, a wrong one sends it back; a right answer before its day proves nothing yet. Days come from outside.
 */

/** Days until a card comes back, by how often it was right since it was wrong. */
export const INTERVALS = [1, 2, 4, 7, 15];
const DAY_MS = 86_400_000;

/**
 * @typedef {object} Place
 * @property {number} box  how often it was right since it was wrong; beyond the intervals it is learned
 * @property {string} due  the day it comes back
 * @typedef {Place & { wrong: number, digest: string, seen: number, round: string, before: (Place & { wrong: number }) | null }} Card
 *   `digest` is the question's, `seen` the moment of the last answer, `before` what there was ahead of `round`
 */

/** @param {string} day as 2024-01-31 @param {number} days */
export function later(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** @param {Card} card */
export function isLearned(card) {
  return card.box >= INTERVALS.length;
}

/**
 * Give the card after an answer; none for a question that was never wrong. Told again of the same round, the
 * new result takes the old one's place.
 * @param {Card | undefined} card
 * @param {{ right: boolean, day: string, digest: string, seen: number, round: string }} answer
 * @returns {Card | undefined}
 */
export function reviewed(card, { right, day, digest, seen, round }) {
  const known = card?.digest === digest ? card : undefined; // a question that was changed starts anew
  const before = known && known.round === round ? known.before : known ? { box: known.box, due: known.due, wrong: known.wrong } : null;
  const common = { digest, seen, round, before };
  if (!right) {
    return { ...common, box: 0, due: later(day, INTERVALS[0] ?? 1), wrong: (before?.wrong ?? 0) + 1 };
  }
  if (!before) {
    // It was marked wrong and then mended in the same round: nothing is left of it, for every tab.
    return known ? { ...common, box: INTERVALS.length, due: day, wrong: 0 } : undefined;
  }
  if (day < before.due || before.box >= INTERVALS.length) {
    return { ...common, ...before };
  }
  const box = before.box + 1;
  return { ...common, box, due: later(day, INTERVALS[box] ?? 0), wrong: before.wrong };
}

/**
 * The questions still to be learned, in the order of the paper; `by` keeps those that are due on that day.
 * @param {Record<string, Card>} cards
 * @param {Record<string, string>} digests  of the questions as they are now
 * @param {string} [by]
 */
export function toLearn(cards, digests, by) {
  return Object.keys(digests).filter((id) => {
    const card = cards[id];
    return card && card.digest === digests[id] && !isLearned(card) && (by === undefined || card.due <= by);
  });
}

/** When the next card comes back; empty where there is none. @param {Record<string, Card>} cards @param {Record<string, string>} digests */
export function nextDay(cards, digests) {
  return toLearn(cards, digests).map((id) => cards[id]?.due ?? "").sort()[0] ?? "";
}

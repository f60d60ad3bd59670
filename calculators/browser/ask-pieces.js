/** The stretches of a jump map, as one part of the outcome sees them. */

import { put, ready } from "./ask-inputs.js";
import { valueAt } from "./ask-outcomes.js";
import { formatValue } from "./format.js";

/**
 * @typedef {import("./ask-inputs.js").Vary} Vary
 * @typedef {import("./ask-outcomes.js").Part} Part
 * @typedef {object} Piece  a stretch on which a part of the outcome stays or grows evenly
 * @property {any} from
 * @property {any} to
 * @property {string | null} clause  behind the jump at its start
 * @property {Record<string, string | null>} clauses  behind that of each part of the outcome which changes there
 * @property {any} outcome  at its start
 * @property {any} end  at its end
 */

/** @typedef {{ pieces: Piece[], errors: any[] | undefined }} Jumps */

/**
 * Asks for the jumps of a case once for each input.
 * @param {any} inputs
 * @param {(request: { call: string, [part: string]: unknown }, signal: AbortSignal) => Promise<any>} ask
 */
export function jumpsOf(inputs, ask) {
  /** @type {Map<string, Jumps>} */
  const known = new Map();
  return async (/** @type {Vary} */ vary, /** @type {AbortSignal} */ signal) => {
    const found = known.get(vary.path) ?? await jumps(ready(inputs, vary), vary, ask, signal);
    known.set(vary.path, found);
    return found;
  };
}

/**
 * @param {any} inputs @param {Vary} vary
 * @param {(request: { call: string, [part: string]: unknown }, signal: AbortSignal) => Promise<any>} ask
 * @param {AbortSignal} signal
 * @returns {Promise<Jumps>}
 */
async function jumps(inputs, vary, ask, signal) {
  const { pieces = [], errors } = await ask({ call: "jumps", inputs, vary: vary.path }, signal);
  for (const piece of pieces) {
    // A stretch grows evenly: its two ends are all of it.
    const same = piece.from === piece.to || typeof piece.from !== "number";
    const end = same ? undefined : await ask({ call: "calculate", inputs: put(inputs, vary.path, piece.to) }, signal);
    piece.end = end?.outcome ?? piece.outcome;
  }
  return { pieces, errors };
}

/**
 * The next stretch above the present value in which a part of the outcome is another.
 * @param {Piece[]} pieces @param {Vary} vary @param {Part} part @param {any} own
 */
export function nextStretch(pieces, { present }, part, own) {
  return stretches(pieces, part).find(({ from, outcome }) =>
    typeof from === "number" && typeof present === "number" && from > present && JSON.stringify(valueAt(outcome, part.path)) !== JSON.stringify(own));
}

/** @param {Part} part @param {Piece} piece */
export function sayStretch(part, { outcome, end }) {
  const [first, last] = [valueAt(outcome, part.path), valueAt(end, part.path)];
  const said = formatValue(first, part.words);
  return JSON.stringify(first) === JSON.stringify(last) ? said : `${said}，一直到 ${formatValue(last, part.words)}`;
}

/**
 * The pieces as one part of the outcome sees them, each with the clause behind the part's own jump: where only
 * others jump, it goes on.
 * @param {Piece[]} pieces @param {Part} part @returns {Piece[]}
 */
export function stretches(pieces, part) {
  /** @type {Piece[]} */
  const made = [];
  for (const piece of pieces) {
    const before = made.at(-1);
    const behind = Object.keys(piece.clauses).find((path) => within(path, part.path) || within(part.path, path));
    if (before && behind === undefined) {
      before.to = piece.to;
      before.end = piece.end;
    } else {
      made.push({ ...piece, clause: piece.clauses[behind ?? ""] ?? null });
    }
  }
  return made;
}

/** @param {string} path @param {string} whole */
function within(path, whole) {
  return path === whole || path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`);
}

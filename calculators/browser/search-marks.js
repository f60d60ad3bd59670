/** Finds, in a text that is shown, the places that a query speaks of, and cuts a long text around the first. */

import { mapped, whole } from "./search-words.js";

const LONGEST = 76;
const BEFORE = 14;

/** @typedef {{ text: string, marked: boolean }} Piece */

/**
 * Cut a text into pieces, marked where a spelling stands; ? in a spelling is any one character.
 * @param {string} text
 * @param {string[]} spellings
 * @returns {Piece[]}
 */
export function pieces(text, spellings) {
  const { plain, places } = mapped(text);
  const marked = new Uint8Array(text.length);
  for (const spelling of spellings) {
    const [first = "", rest = ""] = spelling.split("?");
    const width = spelling.length;
    for (let at = plain.indexOf(first); at >= 0; at = plain.indexOf(first, at + 1)) {
      if (whole(plain, at, at + width) && (!rest || plain.startsWith(rest, at + first.length + 1))) {
        marked.fill(1, places[at], places[at + width]);
      }
    }
  }
  /** @type {Piece[]} */
  const found = [];
  [...text].reduce((at, sign) => {
    const here = Boolean(marked[at]);
    const last = found.at(-1);
    if (last?.marked === here) {
      last.text += sign;
    } else {
      found.push({ text: sign, marked: here });
    }
    return at + sign.length;
  }, 0);
  return found;
}

/**
 * Keep of a long text what stands around its first mark.
 * @param {Piece[]} all
 * @returns {Piece[]}
 */
export function cut(all) {
  const length = all.reduce((sum, { text }) => sum + text.length, 0);
  const first = all.findIndex(({ marked }) => marked);
  const before = all.slice(0, Math.max(first, 0)).map(({ text }) => text).join("");
  if (length <= LONGEST || before.length <= LONGEST / 2) {
    return all;
  }
  const start = Math.max(...["。", "；", "：", "，", "、"].map((sign) => before.lastIndexOf(sign, before.length - 1) + 1));
  const from = before.length - start > BEFORE * 2 || start === before.length ? before.length - BEFORE : start;
  return [{ text: `…${before.slice(from)}`, marked: false }, ...all.slice(first)];
}

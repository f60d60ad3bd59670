/** What the search looks through: texts end to end, in which any spelling is found without going through them all. */

import { compact, normalise, whole } from "./search-words.js";

/** Ends each text. */
export const END = "\n";
const CODES = 0x10000;
const NUMBER = /[\d〇一二三四五六七八九十百千两半]/;

/** One field of all entries, end to end: where each entry's part begins, and where each character stands. */
export class Column {
  /** @param {string[]} texts */
  constructor(texts) {
    const text = this.text = compact(normalise(texts.map((each) => each.replaceAll(END, "，") + END).join("")));
    this.starts = new Int32Array(texts.length + 1);
    for (let entry = 1; entry <= texts.length; entry += 1) {
      this.starts[entry] = text.indexOf(END, this.starts[entry - 1]) + 1;
    }
    this.firsts = new Int32Array(CODES + 1);
    for (let at = 0; at < text.length; at += 1) {
      const after = text.charCodeAt(at) + 1;
      this.firsts[after] = (this.firsts[after] ?? 0) + 1;
    }
    for (let code = 0; code < CODES; code += 1) {
      this.firsts[code + 1] = (this.firsts[code + 1] ?? 0) + (this.firsts[code] ?? 0);
    }
    const next = this.firsts.slice();
    this.places = new Int32Array(text.length);
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const place = next[code] ?? 0;
      this.places[place] = at;
      next[code] = place + 1;
    }
  }

  /**
   * Tell every entry that has a spelling, as often as it has it; ?, as a character of it, is any one character,
   * and # before it is a number.
   * @param {string} spelling
   * @param {(entry: number) => void} seen
   */
  each(spelling, seen) {
    const counted = spelling.startsWith("#");
    const wanted = counted ? spelling.slice(1) : spelling;
    // Its rarest character leads to it.
    const counts = [...wanted].map((sign) => (sign === "?" ? Infinity : this.placesOf(sign.charCodeAt(0)).length));
    const lead = counts.indexOf(Math.min(...counts));
    const code = wanted.charCodeAt(lead);
    let entry = 0;
    for (const place of this.placesOf(code)) {
      const at = place - lead;
      if (this.stands(wanted, at) && (!counted || this.isCounted(at)) && whole(this.text, at, at + wanted.length)) {
        entry = this.entryAt(at, entry);
        seen(entry);
      }
    }
  }

  /** Say whether two characters stand together anywhere. @param {string} pair */
  has(pair) {
    const [first, second] = [this.placesOf(pair.charCodeAt(0)), this.placesOf(pair.charCodeAt(1))];
    return first.length < second.length
      ? first.some((at) => this.text[at + 1] === pair[1])
      : second.some((at) => this.text[at - 1] === pair[0]);
  }

  /** @param {number} code of a character */
  placesOf(code) {
    return this.places.subarray(this.firsts[code], this.firsts[code + 1]);
  }

  /** @param {string} wanted @param {number} at */
  stands(wanted, at) {
    for (let each = 0; each < wanted.length; each += 1) {
      if (wanted[each] === "?" ? this.text[at + each] === END : wanted[each] !== this.text[at + each]) {
        return false;
      }
    }
    return true;
  }

  /** Say whether a number stands before a place. @param {number} at */
  isCounted(at) {
    return NUMBER.test(this.text[at - (this.text[at - 1] === "个" ? 2 : 1)] ?? "");
  }

  /** @param {number} at @param {number} from an entry that is not behind it */
  entryAt(at, from) {
    let [low, high] = [from, this.starts.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      [low, high] = (this.starts[middle] ?? 0) <= at ? [middle, high] : [low, middle];
    }
    return low;
  }
}

/** Cuts text into what can be looked up: single characters, whole numbers and Latin words, and pairs of them. */

const UNIT = /\d+(?:\.\d+)?%?|[a-z]+|[\u3400-\u9fff\uf900-\ufaff]/gu;
const GAP = /^[\s、，。“”‘’"'·・《》<>()（）]*$/;

/**
 * One unit of a text: where it stands, and whether nothing but quotes and the like parts it from the one before.
 * @typedef {{ text: string, start: number, end: number, joined: boolean }} Unit
 */

/** One width, one case; ~ for a range is a hyphen. @param {string} text */
export function normalise(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[~～〜–—]/g, "-");
}

/** @param {string} text normalised @returns {Unit[]} */
export function units(text) {
  /** @type {Unit[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(UNIT)) {
    const joined = found.length > 0 && GAP.test(text.slice(end, match.index)) && !/\s/.test(text.slice(end, match.index));
    end = match.index + match[0].length;
    found.push({ text: match[0], start: match.index, end, joined });
  }
  return found;
}

/**
 * Normalise character by character, so that every place in the result has its place in the text.
 * @param {string} text
 */
export function mapped(text) {
  let plain = "";
  /** @type {number[]} */
  const places = [];
  let at = 0;
  for (const sign of text) {
    const made = normalise(sign);
    for (let each = 0; each < made.length; each += 1) {
      places.push(at);
    }
    plain += made;
    at += sign.length;
  }
  places.push(at);
  return { plain, places };
}

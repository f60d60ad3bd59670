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

/** Say that no number or Latin word is cut: 20 does not stand in 2000, nor in 0.20. */
export function whole(/** @type {string} */ text, /** @type {number} */ start, /** @type {number} */ end) {
  return !glued(text[start - 1], text[start]) && !glued(text[end - 1], text[end]);
}

/** Say that two signs belong to one number or Latin word. @param {string | undefined} one @param {string | undefined} next */
function glued(one = "", next = "") {
  return (between("0", one, "9") && between("0", next, "9")) || (between("a", one, "z") && between("a", next, "z"));
}

/** @param {string} low @param {string} sign @param {string} high */
function between(low, sign, high) {
  return low <= sign && sign <= high;
}

/** Join what only white space parts, unless that would glue two numbers or two Latin words. @param {string} text */
export function compact(text) {
  return text.replace(/[^\S\n]+/g, (space, /** @type {number} */ at) => (glued(text[at - 1], text[at + space.length]) ? " " : ""));
}

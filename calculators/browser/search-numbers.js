/** Reads clause numbers as people write them: 四.2.H, 4-2-h, 第四条第2款, 七、1、（3）, 二(一), 三.2①. */

const DIGITS = "〇一二三四五六七八九";
const UNITS = /** @type {Record<string, number>} */ ({ 十: 10, 百: 100, 千: 1000 });
const SPELT = /** @type {Record<string, string>} */ ({ 零: "〇", 两: "二", 廿: "二十", 卅: "三十" });
const ROMAN = /** @type {Record<string, number>} */ ({ i: 1, v: 5, x: 10 });

// One part of a number: 第 before it, the number, and what kind of part it is.
const PART = /^(?:第|之)?\s*(?:([〇零一二两三四五六七八九十百千廿卅]+)|(\d{1,4})|([a-z]+)(?![a-z]))\s*(分编|编|章|节|篇|部分|条|款|项|目|种情况|点)?/;
const BETWEEN = /^[\s.\-_–—、,;/()[\]:~]+/;
const CHAPTERS = new Set(["分编", "编", "章", "节", "篇"]);
const READY_MADE = /[①-⓿❶-➓㈠-㊿Ⅰ-ⅿ⑴-⒵]/g;

/**
 * A clause number: its parts joined by points, whether it was written as a chapter, whether 第 or a unit
 * makes it a number beyond doubt.
 * @typedef {{ key: string, parts: number, chapter: boolean, sure: boolean }} ClauseNumber
 */

/** Sets ready-made signs off, so that 2① does not become 21; then one width and one case. */
export function plain(/** @type {string} */ text) {
  return text.replace(READY_MADE, (sign) => `(${sign.normalize("NFKC").replace(/[()]/g, "")})`)
    .normalize("NFKC").toLowerCase();
}

/** @param {string} spelt */
export function chinese(spelt) {
  const signs = [...spelt.replace(/[零两廿卅]/g, (sign) => SPELT[sign] ?? sign)];
  if (signs.every((sign) => DIGITS.includes(sign))) {
    return Number(signs.map((sign) => DIGITS.indexOf(sign)).join(""));
  }
  let [total, digit] = [0, 0];
  for (const sign of signs) {
    const unit = UNITS[sign];
    total += unit ? (digit || 1) * unit : 0;
    digit = unit ? 0 : DIGITS.indexOf(sign);
  }
  return total + digit;
}

/** Write a number below a hundred as texts do: 十二, 二十. @param {number} value */
export function inChinese(value) {
  const [tens, ones] = [Math.floor(value / 10), value % 10];
  return (tens > 1 ? DIGITS[tens] : "") + (tens ? "十" : "") + (ones || !tens ? DIGITS[ones] : "");
}

/** @param {string} letters */
function lettered(letters) {
  if (letters.length === 1) {
    return letters;
  }
  const values = [...letters].map((letter) => ROMAN[letter] ?? 0);
  if (values.includes(0)) {
    return "";
  }
  return values.reduce((sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value), 0);
}

/**
 * Read a whole string as a clause number; null where it is anything else.
 * @param {string} text already `plain`
 * @returns {ClauseNumber | null}
 */
export function clauseNumber(text) {
  let left = text.trim().replace(/^c-(?=[\da-z])/, "").replace(/^[(\s]+/, "");
  const parts = [];
  let [chapter, sure] = [false, false];
  while (left) {
    const found = PART.exec(left);
    const [whole = "", spelt, digits, letters, unit] = found ?? [];
    const value = spelt ? chinese(spelt) : digits ? Number(digits) : lettered(letters ?? "");
    if (!found || value === "" || (letters && !parts.length)) {
      return null;
    }
    parts.push(value);
    chapter ||= CHAPTERS.has(unit ?? "");
    sure ||= whole.startsWith("第") && Boolean(unit);
    left = left.slice(whole.length);
    const between = BETWEEN.exec(left)?.[0] ?? "";
    left = left.slice(between.length);
  }
  return parts.length ? { key: parts.join("."), parts: parts.length, chapter, sure } : null;
}

/**
 * Part a query into the words before or behind a clause number and the number.
 * @param {string} query
 * @returns {{ words: string, number: ClauseNumber } | null}
 */
export function findNumber(query) {
  const text = plain(query).trim();
  const whole = clauseNumber(text);
  if (whole) {
    return { words: "", number: whole };
  }
  for (let cut = 1; cut < text.length; cut += 1) {
    const number = clauseNumber(text.slice(cut));
    const before = text[cut - 1] ?? "";
    // Behind 研发 stands 九.1, and 研发 九 is a clause too; 入职3 is none, and a number is not cut in two.
    if (number && (number.parts > 1 || number.sure || /[\s:]/.test(before)) && !/[\da-z.]/.test(before)) {
      return { words: text.slice(0, cut), number };
    }
  }
  const [first = "", ...rest] = text.split(/\s+/);
  const number = rest.length ? clauseNumber(first) : null;
  return number && (number.parts > 1 || number.sure) ? { words: rest.join(" "), number } : null;
}

/**
 * The keys under which a clause is found: by its path and by its printed number.
 * @param {string} path 4.2.H, 12-1, chapter1.2, 4.2~2
 * @param {string} label 四.2.H, 第十二条
 * @returns {Set<string>}
 */
export function keysOf(path, label) {
  const keys = new Set();
  const bare = plain(path).replace(/~\d+/g, "").replace(/-/g, ".");
  if (/^chapter\d/.test(bare)) {
    keys.add(`chapter ${bare.slice("chapter".length)}`);
  } else if (/^\d/.test(bare)) {
    keys.add(bare);
  }
  const printed = clauseNumber(plain(label));
  if (printed) {
    keys.add(printed.chapter ? `chapter ${printed.key}` : printed.key);
  }
  return keys;
}

/** Values of an answer in the reader's words. No arithmetic of a rule happens here. */

/**
 * @typedef {object} OutcomeWords
 * @property {string} label
 * @property {string} [short]  for the head of a narrow column
 * @property {string} [unit]
 * @property {string} [text]  a sentence around the value, `涨 {value}`
 * @property {Record<string, string>} [options]  words for certain values, as they would be printed
 * @property {Record<string, string>} [columns]  heads, for a list of objects
 * @typedef {{ when?: Record<string, unknown>, text: string, aside?: string, note?: string }} Headline
 */

const PLACEHOLDER = /\{([\w.]+)\}/g;

/** @param {unknown} value @returns {value is { min: number, max: number }} */
function isRange(value) {
  return typeof value === "object" && value !== null && "min" in value && "max" in value;
}

/** @param {number} value */
export function formatNumber(value) {
  return String(value).replace("-", "−");
}

/** @param {unknown} value */
function plain(value) {
  if (isRange(value)) {
    return value.min === value.max ? formatNumber(value.min) : `${formatNumber(value.min)}–${formatNumber(value.max)}`;
  }
  return typeof value === "number" ? formatNumber(value) : undefined;
}

/**
 * @param {unknown} value
 * @param {Partial<OutcomeWords>} [words]
 * @returns {string}
 */
export function formatValue(value, words = {}) {
  if (Array.isArray(value)) {
    return value.map((each) => formatValue(each, words)).join("、") || "没有";
  }
  const number = plain(value);
  const known = words.options?.[number ?? String(value)];
  if (known !== undefined) {
    return known;
  }
  if (value === null || value === undefined) {
    return "没有";
  }
  if (typeof value === "boolean") {
    return value ? "是" : "否";
  }
  if (number === undefined) {
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  }
  const unit = words.unit ?? "";
  const said = unit && unit !== "%" ? `${number} ${unit}` : number + unit;
  return words.text ? words.text.replace("{value}", said) : said;
}

/**
 * Read `a.b` out of an outcome.
 * @param {Record<string, unknown>} outcome
 * @param {string} path
 * @returns {unknown}
 */
export function at(outcome, path) {
  return path.split(".").reduce((/** @type {any} */ inner, name) => inner?.[name], outcome);
}

/**
 * Fill `{field}` in a sentence. A sentence about something that there is not says nothing.
 * @param {string} text
 * @param {Record<string, unknown>} outcome
 */
function fill(text, outcome) {
  const names = [...text.matchAll(PLACEHOLDER)].map(([, path]) => path ?? "");
  const absent = names.some((path) => at(outcome, path) === null || at(outcome, path) === undefined);
  return absent ? "" : text.replace(PLACEHOLDER, (_, path) => formatValue(at(outcome, path)));
}

/**
 * Choose the headline: the first whose `when` equals the outcome.
 * @param {Headline[]} headlines
 * @param {Record<string, unknown>} outcome
 * @returns {{ text: string, aside: string, note: string }}
 */
export function headline(headlines, outcome) {
  const chosen = headlines.find((each) =>
    Object.entries(each.when ?? {}).every(([path, value]) => at(outcome, path) === value),
  );
  return {
    text: fill(chosen?.text ?? "", outcome),
    aside: fill(chosen?.aside ?? "", outcome),
    note: fill(chosen?.note ?? "", outcome),
  };
}

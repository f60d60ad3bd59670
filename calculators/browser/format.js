/** Values of an answer in the reader's words. No arithmetic of a rule happens here. */

/**
 * @typedef {object} OutcomeWords
 * @property {string} label
 * @property {string} [short]  for the head of a narrow column
 * @property {string} [unit]
 * @property {string} [text]  a sentence around the value, `涨 {value}`
 * @property {Record<string, string>} [options]  words for certain values, as they would be printed
 * @property {Record<string, string>} [columns]  heads, for a list of objects
 * @property {Record<string, { label: string, text?: string, missing?: string }>} [items]  words for each entry, by its `id`
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
    const told = words.items ? unmet(value).map((each) => entryText(words, each).name) : value.map((each) => formatValue(each, words));
    return told.join("、") || "没有";
  }
  const number = plain(value);
  const known = words.options?.[number ?? String(value ?? null)];
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
 * The words for the values of one column of a table: its own, or those of the whole table.
 * @param {any} table @param {string} name
 */
export function columnOptions(table, name) {
  const own = table.options?.[name];
  return typeof own === "object" ? own : table.options;
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

/** What a list is about in a word: of conditions those that are not met, else all. @param {any[]} entries */
function unmet(entries) {
  return entries.filter((each) => each.met !== true);
}

/**
 * The words for one entry of a list: its name, and what there is against what there should be.
 * @param {Partial<OutcomeWords>} words
 * @param {any} entry
 * @returns {{ name: string, text: string }}
 */
export function entryText(words, entry) {
  const known = words.items?.[entry.id];
  return { name: known?.label ?? "", text: fill(known?.text ?? "", entry, {}) };
}

/**
 * Fill `{field}` in a sentence. A sentence about something that there is not says nothing.
 * @param {string} text
 * @param {Record<string, unknown>} outcome
 * @param {Record<string, OutcomeWords>} labels
 */
export function fill(text, outcome, labels) {
  const names = [...text.matchAll(PLACEHOLDER)].map(([, path]) => path ?? "");
  const absent = names.some((path) => at(outcome, path) === null || at(outcome, path) === undefined);
  return absent ? "" : text.replace(PLACEHOLDER, (_, path) => formatValue(at(outcome, path), { options: labels[path]?.options ?? {} }));
}

/**
 * Choose the headline: the first that has something to say and whose `when` equals the outcome.
 * @param {{ headlines: Headline[], outcome: Record<string, OutcomeWords> }} words
 * @param {Record<string, unknown>} outcome
 * @returns {{ text: string, aside: string, note: string }}
 */
export function headline(words, outcome) {
  const said = (/** @type {string | undefined} */ text) => fill(text ?? "", outcome, words.outcome);
  const chosen = words.headlines.find((each) =>
    said(each.text) !== "" && Object.entries(each.when ?? {}).every(([path, value]) => at(outcome, path) === value),
  );
  return { text: said(chosen?.text), aside: said(chosen?.aside), note: said(chosen?.note) };
}

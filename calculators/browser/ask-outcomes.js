/** The parts of an outcome that can be said in a word, in the order in which a reader cares for them. */

import { at } from "./format.js";

/**
 * @typedef {object} Part
 * @property {string} path  as the core names it, `conditions[1].met`
 * @property {string} label
 * @property {any} words  for `formatValue`
 */

const PLACEHOLDER = /\{([\w.]+)\}/g;
const MET = { options: { true: "满足", false: "不满足", null: "看不出" } };

/** @param {Record<string, unknown>} outcome @param {string} path `conditions[1].met` @returns {any} */
export function valueAt(outcome, path) {
  return at(outcome, path.replace(/\[(\d+)\]/g, ".$1"));
}

/** @param {unknown} value @returns {value is { min: number, max: number }} */
export function isRange(value) {
  return typeof value === "object" && value !== null && "min" in value;
}

/** @param {unknown} value @returns {boolean} */
function sayable(value) {
  return value === null || typeof value !== "object" || isRange(value) || (Array.isArray(value) && value.every((each) => typeof each === "string"));
}

/**
 * @param {any} words
 * @param {Record<string, unknown>[]} outcomes  each part is sayable in all of them
 * @returns {Part[]}
 */
export function parts(words, outcomes) {
  const texts = ["text", "aside"].flatMap((name) => words.headlines.map((/** @type {any} */ each) => each[name] ?? ""));
  const said = texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)].map(([, path]) => path));
  const ordered = new Set([words.chart?.of, ...said, ...words.facts, ...Object.keys(words.outcome)]);
  return [...ordered].filter((path) => words.outcome[path]).flatMap((path) => {
    const own = words.outcome[path];
    const values = outcomes.map((each) => at(each, path));
    if (own.items && Array.isArray(values[0])) {
      return values[0].flatMap((/** @type {any} */ entry, /** @type {number} */ index) =>
        "met" in entry ? [{ path: `${path}[${index}].met`, label: own.items[entry.id]?.label ?? own.label, words: MET }] : []);
    }
    return values.every((each) => each !== undefined && sayable(each)) ? [{ path: path.replace(/\.(\d+)(?=\.|$)/g, "[$1]"), label: own.label, words: own }] : [];
  });
}

/** @param {Part} part @param {Record<string, unknown>[]} outcomes */
export function differs(part, outcomes) {
  return new Set(outcomes.map((each) => JSON.stringify(valueAt(each, part.path)))).size > 1;
}

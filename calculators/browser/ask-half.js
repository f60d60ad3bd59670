/** What a half-filled form already says: what is certain, what is still possible, and what to fill in next. */

import { section } from "./answer-view.js";
import { h } from "./dom.js";
import { labelAt } from "./form-errors.js";
import { formatNumber, formatValue } from "./format.js";
import { isRange, parts, valueAt } from "./ask-outcomes.js";

/** @typedef {import("./form-reader.js").Place} Place */

/** Where a field has no bound, the core goes to a million; an end this far out is no news to anyone. */
const FAR = 10_000;
const MOST_NAMED = 3;
const MOST_VALUES = 6;

/**
 * The missing inputs, the most decisive first.
 * @param {Place[]} missing @param {any} explained
 */
export function byWeight(missing, explained) {
  const order = explained.needed.map((/** @type {any} */ each) => each.field);
  const place = (/** @type {string} */ path) => (order.includes(path) ? order.indexOf(path) : order.length);
  return [...missing].sort((one, other) => place(one.path) - place(other.path));
}

/** Why an input is wanted, in the reader's words. @param {any} words @param {Place} place @param {any} explained */
export function reason(words, { path, field }, explained) {
  const further = words.fields.filter((/** @type {any} */ each) => each.required && path in each.when && field.options);
  if (further.length > 0) {
    return further.map((/** @type {any} */ each) => `选“${each.when[path].map((/** @type {unknown} */ value) => optionLabel(field, value)).join("、")}”时，还要填${each.label}`).join("；");
  }
  const decides = explained.needed.find((/** @type {any} */ each) => each.field === path)?.decides ?? [];
  const labels = [...new Set(decides.filter((/** @type {string} */ name) => words.outcome[name]).map((/** @type {string} */ name) => words.outcome[name].label))];
  if (labels.length === 0) {
    return "";
  }
  return `关系到${labels.slice(0, MOST_NAMED).join("、")}${labels.length > MOST_NAMED ? `等 ${labels.length} 项` : ""}`;
}

/** @param {any} field @param {unknown} value */
function optionLabel(field, value) {
  return field.options.find((/** @type {any} */ each) => each.value === value)?.label ?? String(value);
}

/**
 * Put into the answer's place what can already be said.
 * @param {HTMLElement} view  the half-filled form's view
 * @param {any} words @param {Place[]} missing @param {any} explained
 */
export function tellHalf(view, words, missing, explained) {
  const list = view.querySelector(".answer-missing");
  list?.replaceChildren(...byWeight(missing, explained).map((place) => {
    const why = reason(words, place, explained);
    return h("li", {}, h("button", { type: "button", "data-goto": place.path }, labelAt(words.fields, place.path)), ...(why ? [h("span", {}, why)] : []));
  }));
  const rows = known(words, explained);
  if (rows.length > 0) {
    view.querySelector(".answer-known")?.append(section("已经能说的", "", h("table", { class: "told known" }, h("tbody", {}, ...rows.map(({ label, text }) =>
      h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, text)))))));
  }
}

/** @param {any} words @param {any} explained @returns {{ label: string, text: string }[]} */
export function known(words, { outcome, possible }) {
  const certain = parts(words, [outcome]).map((part) => ({ label: part.label, path: part.path, text: formatValue(valueAt(outcome, part.path), part.words) }));
  const open = Object.keys(words.outcome).filter((path) => path in possible).map((path) =>
    ({ label: words.outcome[path].label, path, text: sayPossible(possible[path], words.outcome[path]) }));
  return [...certain, ...open].filter(({ text }) => text !== "");
}

/** What is possible, in words; nothing where everything is. @param {any} value @param {any} words @returns {string} */
export function sayPossible(value, words) {
  const range = isRange(value) ? sayRange(value, words) : "";
  const others = Array.isArray(value) ? value : /** @type {any} */ (value).or ?? [];
  if (isRange(value) && range === "") {
    return "";
  }
  const booleans = others.length > 1 && others.every((/** @type {unknown} */ each) => typeof each === "boolean");
  if (booleans || others.length > MOST_VALUES) {
    return "";
  }
  const said = [...(range ? [range] : []), ...others.map((/** @type {unknown} */ each) => formatValue(each, words))];
  return said.length > 2 ? `${said.slice(0, -1).join("、")}或${said.at(-1)}` : said.join("或");
}

/** @param {{ min: number, max: number }} range @param {any} words */
function sayRange({ min, max }, words) {
  const say = (/** @type {number} */ value) => formatValue(value, { unit: words.unit });
  if (Math.abs(max) >= FAR) {
    return Math.abs(min) >= FAR || min === 0 ? "" : `至少 ${say(min)}`;
  }
  if (Math.abs(min) >= FAR) {
    return `最多 ${say(max)}`;
  }
  return `${formatNumber(min)} 到 ${say(max)}`;
}

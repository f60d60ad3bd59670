/** What only a printed sheet shows: what was filled in, the clauses quoted, the day and the link. */

import { h } from "./dom.js";
import { formatNumber } from "./format.js";
import { buildName, recordOf } from "./record.js";

/** @typedef {import("./answer-view.js").Words} Words */
/** @typedef {import("./answer-view.js").Answer} Answer */

/** @param {Words} words @param {Record<string, unknown>} inputs */
export function printedInputs(words, inputs) {
  return h("dl", { class: "answer-facts print-only print-inputs" },
    ...saidInputs(words, inputs).map(({ label, value }) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
}

/**
 * What was filled in, in words; what stands at its default is left out.
 * @param {Words} words @param {Record<string, unknown>} inputs @returns {{ label: string, value: string }[]}
 */
export function saidInputs(words, inputs) {
  const filledIn = words.fields.filter((/** @type {any} */ { name, default: own }) =>
    inputs[name] !== undefined && inputs[name] !== own && !(Array.isArray(inputs[name]) && /** @type {any[]} */ (inputs[name]).length === 0));
  return filledIn.map((/** @type {any} */ field) => ({ label: field.label, value: printed(inputs[field.name], field) }));
}

/** One input in the reader's words. @param {unknown} value @param {any} field @returns {string} */
export function printed(value, field) {
  if (Array.isArray(value)) {
    return value.map((each) => printed(each, { ...field.item, unit: "" })).join("、");
  }
  if (typeof value === "object" && value !== null) {
    const inner = field.fields.filter((/** @type {any} */ each) => each.name in value);
    return inner.map((/** @type {any} */ each) => printed(/** @type {any} */ (value)[each.name], each)).join(" ");
  }
  const option = field.options?.find((/** @type {any} */ each) => each.value === value);
  if (option) {
    return option.label;
  }
  if (typeof value === "boolean") {
    return value ? "是" : "否";
  }
  return `${typeof value === "number" ? formatNumber(value) : value} ${field.unit}`.trim();
}

/** @param {Words} words @param {Answer} answer @param {string} link */
export function printedSources(words, answer, link) {
  const cited = new Set([...answer.steps, ...answer.findings].flatMap((each) => each.clauses ?? [each.clause]));
  const quotes = Object.keys(words.clauses).filter((each) => cited.has(each) && words.clauses[each].words).map((each) =>
    h("div", {}, h("dt", {}, words.clauses[each].label), h("dd", {}, words.clauses[each].words)));
  const now = new Date(); // spelled out: the browser takes 20 ms to get its calendars ready
  const day = `${now.getFullYear()}年${now.getMonth() + 1}月${now.getDate()}日`;
  return [
    h("section", { class: "answer-section print-only" }, h("h3", {}, "引用的条款"), h("dl", { class: "answer-body print-quotes" }, ...quotes)),
    h("section", { class: "print-only print-end" },
      h("p", {}, `${words.policy.title}，${answer.version} 起的版本。打印于 ${day}，程序 ${buildName()}。`),
      h("p", {}, `打开这个链接，就知道结果现在还是不是这样：${recordLink(link, answer)}`)),
  ];
}

/** The link of a record: it opens the same case, and says whether the answer is still the same. @param {string} link @param {Answer} answer */
export function recordLink(link, answer) {
  return `${link}&then=${recordOf(answer)}`;
}

/**
 * An answer as a workbook, made on this device: what was filled in, the outcome, the working, and what it rests on.
 */

import { at, entryText, formatValue, headline } from "./format.js";
import { printed, recordLink } from "./print-view.js";
import { buildName } from "./record.js";
import { today } from "./runtime-client.js";
import { handOver, SHEET_TYPE, workbook } from "./save-workbook.js";
import { versionSentence } from "./version-view.js";

/**
 * @typedef {import("./save-workbook.js").Cell} Cell
 * @typedef {import("./save-workbook.js").Sheet} Sheet
 * @typedef {import("./answer-panel.js").Answered} Answered
 */

/** @type {Record<string, string>} */
const MET = { true: "满足", false: "不满足", null: "看不出" };

/** @param {any} words @param {Answered} answered @returns {Sheet[]} */
export function sheetsOf(words, { answer, inputs, link, day }) {
  const { text, aside } = headline(words, answer.outcome);
  const about = [
    ["问题", words.title], ["结果", [text, aside].filter(Boolean).join("，")], ["制度", words.policy.title], ["版本", `${answer.version} 起`],
    ["按哪一天", dayOf(day || today())], ["算于", dayOf(today())], ["程序", buildName()], ["再查一次", recordLink(link, answer)],
    ...(versionSentence(words, day) ? [["说明", versionSentence(words, day)]] : []),
  ];
  return [
    { name: "结果", rows: [["项目", "值", "最多", "单位"], ...outcomeRows(words, answer.outcome)], widths: [24, 24, 12, 10] },
    { name: "填的内容", rows: [["项目", "值", "单位"], ...inputRows(words.fields, inputs, "")], widths: [30, 24, 10] },
    { name: "算法", rows: [["步骤", "算式", "值", "最多", "单位", "条款", "条文"], ...answer.steps.map((/** @type {any} */ step) =>
      [step.label, step.expression, ...valueCells(step.value, {}), step.unit, words.clauses[step.clause]?.label, words.clauses[step.clause]?.words])], widths: [24, 30, 16, 12, 8, 12, 80] },
    { name: "说明", rows: [["", ""], ...about].slice(1), widths: [14, 80] },
  ];
}

/** @param {string} day */
function dayOf(day) {
  return new Date(`${day}T00:00:00Z`);
}

/** A value and, of a range, its upper end. @param {any} value @param {any} words @returns {Cell[]} */
function valueCells(value, words) {
  if (typeof value === "object" && value !== null && "min" in value) {
    return [value.min, value.max];
  }
  const known = words.options?.[String(value ?? null)];
  return [typeof value === "number" && known === undefined ? value : isDay(value) ? dayOf(value) : formatValue(value, { ...words, unit: "", text: undefined }), undefined];
}

/** @param {unknown} value @returns {value is string} */
function isDay(value) {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);
}

/** @param {any} words @param {any} outcome @returns {Cell[][]} */
function outcomeRows(words, outcome) {
  return Object.keys(words.outcome).flatMap((path) => {
    const value = at(outcome, path);
    const label = words.outcome[path];
    if (value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value) && !("min" in value))) {
      return [];
    }
    if (Array.isArray(value) && label.items) {
      return value.map((entry) => {
        const { name, text } = entryText(label, entry);
        return [`${label.label}：${name}`, [MET[String(entry.met)], text].filter(Boolean).join("，")];
      });
    }
    if (Array.isArray(value) && value.some((each) => typeof each === "object")) {
      return label.columns ? [[label.label, ...Object.values(label.columns)], ...value.map((row) =>
        ["", ...Object.keys(label.columns).map((name) => (name === "clause" ? words.clauses[row.clause]?.label : valueCells(row[name], { options: label.options?.[name] ?? label.options })[0]))])] : [];
    }
    return [[label.label, ...valueCells(value, label), label.unit]];
  });
}

/** @param {any[]} fields @param {any} inputs @param {string} before @returns {Cell[][]} */
function inputRows(fields, inputs, before) {
  return fields.filter(({ name }) => inputs[name] !== undefined).flatMap((field) => {
    const value = inputs[field.name];
    if (Array.isArray(value)) {
      return value.flatMap((each, index) => (field.item?.fields
        ? inputRows(field.item.fields, each, `${field.label}第 ${index + 1} 条：`)
        : [[`${before}${field.label}第 ${index + 1} 个`, inputCell(each, { ...field.item, unit: "" }), field.unit]]));
    }
    return [[before + field.label, inputCell(value, { ...field, unit: "" }), field.unit]];
  });
}

/** @param {unknown} value @param {any} field @returns {Cell} */
function inputCell(value, field) {
  if (typeof value === "number" && !field.options) {
    return value;
  }
  return field.kind === "date" && isDay(value) ? dayOf(value) : printed(value, field);
}

/** Hand the workbook to the reader. @param {any} words @param {Answered} answered */
export function saveSheet(words, answered) {
  handOver(workbook(sheetsOf(words, answered)), SHEET_TYPE, `${words.title}.xlsx`);
}

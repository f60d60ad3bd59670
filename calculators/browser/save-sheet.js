/**
 * An answer as a workbook, made on this device: what was filled in, the outcome, the working, and what it rests on.
 * Numbers are numbers, days are days, and whatever is text stays text, also where it looks like a formula.
 */

import { zipSync } from "./fflate.js";
import { at, entryText, formatValue, headline } from "./format.js";
import { printed, recordLink } from "./print-view.js";
import { buildName } from "./record.js";
import { today } from "./runtime-client.js";
import { versionSentence } from "./version-view.js";

/**
 * @typedef {string | number | Date | undefined} Cell
 * @typedef {{ name: string, rows: Cell[][], widths: number[] }} Sheet
 * @typedef {import("./answer-panel.js").Answered} Answered
 */

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PARTS = "http://schemas.openxmlformats.org/package/2006";
const KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml";
export const SHEET_TYPE = `${KIND}.sheet`;
/** Excel counts days from here. */
const FIRST_DAY = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;
/** Styles by their place in the style sheet. */
const PLAIN = 0;
const BOLD = 1;
const DAY = 2;
/** @type {Record<string, string>} */
const MET = { true: "满足", false: "不满足", null: "看不出" };
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** @param {string} text */
function escaped(text) {
  return text.replace(CONTROLS, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

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

/** @param {Sheet[]} sheets @returns {Uint8Array<ArrayBuffer>} */
export function workbook(sheets) {
  const relation = (/** @type {string} */ id, /** @type {string} */ type, /** @type {string} */ target) =>
    `<Relationship Id="${id}" Type="${LINKS}/${type}" Target="${target}"/>`;
  const relations = (/** @type {string[]} */ ...all) => `${HEAD}<Relationships xmlns="${PARTS}/relationships">${all.join("")}</Relationships>`;
  const override = (/** @type {string} */ part, /** @type {string} */ type) => `<Override PartName="${part}" ContentType="${KIND}.${type}+xml"/>`;
  const files = {
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PARTS}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${
      override("/xl/workbook.xml", "sheet.main")}${override("/xl/styles.xml", "styles")}${sheets.map((_, index) => override(`/xl/worksheets/sheet${index + 1}.xml`, "worksheet")).join("")}</Types>`,
    "_rels/.rels": relations(relation("rId1", "officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${LINKS}"><sheets>${sheets.map(({ name }, index) =>
      `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(...sheets.map((_, index) => relation(`rId${index + 1}`, "worksheet", `worksheets/sheet${index + 1}.xml`)), relation("rIdS", "styles", "styles.xml")),
    "xl/styles.xml": `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>${
      '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'}${
      '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'}</styleSheet>`,
    ...Object.fromEntries(sheets.map((sheet, index) => [`xl/worksheets/sheet${index + 1}.xml`, sheetXml(sheet)])),
  };
  const encoder = new TextEncoder();
  const bytes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, encoder.encode(text)]));
  return /** @type {Uint8Array<ArrayBuffer>} */ (zipSync(bytes));
}

/** @param {Sheet} sheet */
function sheetXml({ rows, widths }) {
  const columns = widths.map((width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`).join("");
  const body = rows.map((row, index) => `<row r="${index + 1}">${row.map((cell, column) => cellXml(cell, `${String.fromCharCode(65 + column)}${index + 1}`, index === 0)).join("")}</row>`).join("");
  return `${HEAD}<worksheet xmlns="${MAIN}"><cols>${columns}</cols><sheetData>${body}</sheetData></worksheet>`;
}

/** @param {Cell} value @param {string} place @param {boolean} head */
function cellXml(value, place, head) {
  if (value === undefined || value === "") {
    return "";
  }
  if (value instanceof Date) {
    return `<c r="${place}" s="${DAY}"><v>${(value.getTime() - FIRST_DAY) / DAY_MS}</v></c>`;
  }
  return typeof value === "number"
    ? `<c r="${place}"><v>${value}</v></c>`
    : `<c r="${place}" s="${head ? BOLD : PLAIN}" t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
}

/** Hand the workbook to the reader. @param {any} words @param {Answered} answered */
export function saveSheet(words, answered) {
  const url = URL.createObjectURL(new Blob([workbook(sheetsOf(words, answered))], { type: SHEET_TYPE }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${words.title.replace(/[？?\\/:*"<>|]/g, "")}.xlsx`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), DAY_MS / 1440);
}

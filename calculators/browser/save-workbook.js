/**
 * Sheets -> a workbook (.xlsx), piece by piece, so that a long sheet needs little memory.
 * Numbers are numbers, days are days, and whatever is text stays text, also where it looks like a formula.
 */

import { Zip, ZipDeflate } from "./fflate.js";

/**
 * @typedef {{ time: string }} Time  a day with an hour, as 2024-01-31T12:30:00
 * @typedef {string | number | boolean | Date | Time | null | undefined} Cell
 * @typedef {{ name: string, rows: Iterable<Cell[]>, widths: number[], frozen?: boolean }} Sheet
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
const TIME = 3;
const LETTERS = 26;
/** So many rows are written at a time. */
const ROWS_AT_ONCE = 500;
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** @param {string} text */
function escaped(text) {
  return text.replace(CONTROLS, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** @param {Sheet[]} sheets @returns {Uint8Array<ArrayBuffer>[]} the workbook, in pieces */
export function workbook(sheets) {
  const relation = (/** @type {string} */ id, /** @type {string} */ type, /** @type {string} */ target) =>
    `<Relationship Id="${id}" Type="${LINKS}/${type}" Target="${target}"/>`;
  const relations = (/** @type {string[]} */ ...all) => [`${HEAD}<Relationships xmlns="${PARTS}/relationships">${all.join("")}</Relationships>`];
  const override = (/** @type {string} */ part, /** @type {string} */ type) => `<Override PartName="${part}" ContentType="${KIND}.${type}+xml"/>`;
  /** @type {Record<string, Iterable<string>>} */
  const files = {
    "[Content_Types].xml": [`${HEAD}<Types xmlns="${PARTS}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${
      override("/xl/workbook.xml", "sheet.main")}${override("/xl/styles.xml", "styles")}${sheets.map((_, index) => override(`/xl/worksheets/sheet${index + 1}.xml`, "worksheet")).join("")}</Types>`],
    "_rels/.rels": relations(relation("rId1", "officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": [`${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${LINKS}"><sheets>${sheets.map(({ name }, index) =>
      `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join("")}</sheets></workbook>`],
    "xl/_rels/workbook.xml.rels": relations(...sheets.map((_, index) => relation(`rId${index + 1}`, "worksheet", `worksheets/sheet${index + 1}.xml`)), relation("rIdS", "styles", "styles.xml")),
    "xl/styles.xml": [`${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>${
      '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'}${
      '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs>'}${
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'}</styleSheet>`],
    ...Object.fromEntries(sheets.map((sheet, index) => [`xl/worksheets/sheet${index + 1}.xml`, sheetXml(sheet)])),
  };
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  const zip = new Zip((error, part) => {
    if (error) {
      throw error;
    }
    parts.push(/** @type {Uint8Array<ArrayBuffer>} */ (part));
  });
  const encoder = new TextEncoder();
  for (const [name, texts] of Object.entries(files)) {
    const file = new ZipDeflate(name);
    zip.add(file);
    for (const text of texts) {
      file.push(encoder.encode(text));
    }
    file.push(new Uint8Array(), true);
  }
  zip.end();
  return parts;
}

/** @param {Sheet} sheet @returns {Generator<string>} */
function* sheetXml({ rows, widths, frozen }) {
  const columns = widths.map((width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`).join("");
  const view = frozen ? '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' : "";
  yield `${HEAD}<worksheet xmlns="${MAIN}">${view}<cols>${columns}</cols><sheetData>`;
  let number = 0;
  let waiting = "";
  for (const row of rows) {
    number += 1;
    waiting += `<row r="${number}">${row.map((cell, column) => cellXml(cell, `${letters(column)}${number}`, number === 1)).join("")}</row>`;
    if (number % ROWS_AT_ONCE === 0) {
      yield waiting;
      waiting = "";
    }
  }
  yield `${waiting}</sheetData></worksheet>`;
}

/** A column's name: A to Z, then AA. @param {number} column @returns {string} */
function letters(column) {
  const before = column < LETTERS ? "" : letters(Math.floor(column / LETTERS) - 1);
  return before + String.fromCharCode(65 + (column % LETTERS));
}

/** @param {Cell} value @param {string} place @param {boolean} head */
function cellXml(value, place, head) {
  if (value === undefined || value === null || value === "") {
    return "";
  }
  if (value instanceof Date) {
    return `<c r="${place}" s="${DAY}"><v>${(value.getTime() - FIRST_DAY) / DAY_MS}</v></c>`;
  }
  if (typeof value === "object") {
    return `<c r="${place}" s="${TIME}"><v>${(Date.parse(`${value.time}Z`) - FIRST_DAY) / DAY_MS}</v></c>`;
  }
  if (typeof value === "boolean") {
    return `<c r="${place}" t="b"><v>${Number(value)}</v></c>`;
  }
  return typeof value === "number"
    ? `<c r="${place}"><v>${value}</v></c>`
    : `<c r="${place}" s="${head ? BOLD : PLAIN}" t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
}

/** Hand a file to the reader. @param {BlobPart[]} parts @param {string} type @param {string} name */
export function handOver(parts, type, name) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replace(/[？?\\/:*"<>|]/g, "");
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), DAY_MS / 1440);
}

/** A table with many rows: read from a file or from what was pasted, kept with its results, and written. */

import { BrokenText, decoded, lineOf, MARK, rowsOf } from "./many-comma.js";
import { MOST_ROWS, TOO_LARGE, TOO_LONG } from "./many-limits.js";
import { readSheet } from "./many-sheet.js";
import { workbook } from "./save-workbook.js";

/**
 * @typedef {string | number | boolean | null | { day: string } | { time: string }} Cell
 * @typedef {{ number: number, cells: Cell[] }} Row  a row, and which one of the sheet it is
 * @typedef {{ column: number | null, message: string }} Problem
 * @typedef {{ own: Cell[], values: Record<string, Cell>, errors?: string, problems?: Problem[] }} Result  of a row
 * @typedef {{ heading: string, kind: string, name: string }} Column  of the outcome
 */

const BROKEN = "不是完好的 .xlsx 文件，请用 Excel 打开，另存一次再试。";
const OLD = "这是旧式的 .xls 文件，或者加了密码；请用 Excel 打开，另存为没有密码的 .xlsx 再试。";
const NO_TEXT = "读不出文字，文件可能损坏；请用 Excel 打开，另存为 .xlsx 再试。";
const EMPTY = "里面没有内容，第一行应是各列的名称。";
const NO_ROWS = "只有第一行的名称，下面一个人也没有。";
const ISO_DAY = /^\d{4}-\d\d-\d\d$/;
/** So much text is kept in one piece of a file. */
const LINES_AT_ONCE = 500;
const [NARROW, WIDE] = [8, 40];

/** A table that cannot be used, in the reader's words. */
export class TableError extends Error {}

/** Enough rows. */
class Enough extends Error {}

export class Table {
  /** @type {string[]} */
  header = [];
  /** @type {Row[]} */
  rows = [];
  /** @type {(Result | undefined)[]} */
  results = [];

  /** Take up the next row; empty ones are left out. @param {number} number @param {Cell[]} cells */
  #take(number, cells) {
    if (cells.every((cell) => cell === null || cell === "")) {
      return;
    }
    if (this.header.length === 0) {
      this.header = cells.map(headed);
      return;
    }
    if (this.rows.length >= MOST_ROWS) {
      throw new Enough();
    }
    this.rows.push({ number, cells });
  }

  /** @param {ArrayBuffer | string} given a file's bytes, or text that was pasted */
  static read(given) {
    const table = new Table();
    try {
      table.#read(given);
    } catch (error) {
      throw error instanceof TableError ? error : new TableError(wordsFor(error));
    }
    if (table.header.length === 0) {
      throw new TableError(EMPTY);
    }
    if (table.rows.length === 0) {
      throw new TableError(NO_ROWS);
    }
    return table;
  }

  /** @param {ArrayBuffer | string} given */
  #read(given) {
    const bytes = typeof given === "string" ? new Uint8Array() : new Uint8Array(given, 0, Math.min(4, given.byteLength));
    const begins = [...bytes].map((byte) => byte.toString(16)).join(" ");
    if (begins === "d0 cf 11 e0") {
      throw new TableError(OLD);
    }
    if (typeof given !== "string" && begins === "50 4b 3 4") {
      readSheet(given, (number, cells) => this.#take(number, cells));
      return;
    }
    const text = typeof given === "string" ? given : decoded(given);
    if (text === undefined || text.includes("\0")) {
      throw new TableError(NO_TEXT);
    }
    let number = 0;
    for (const cells of rowsOf(text)) {
      number += 1;
      this.#take(number, cells);
    }
  }

  /** The result as CSV, piece by piece. @param {Column[]} columns @returns {Generator<string>} */
  *comma(columns) {
    yield MARK + lineOf([...this.header, ...columns.map(({ heading }) => heading)]);
    for (let from = 0; from < this.rows.length; from += LINES_AT_ONCE) {
      yield this.rows.slice(from, from + LINES_AT_ONCE).map(({ cells }, index) =>
        lineOf([...this.header.map((_, column) => cells[column] ?? null), ...outcome(columns, this.results[from + index])])).join("");
    }
  }

  /** The result as a workbook, in pieces. @param {Column[]} columns */
  sheet(columns) {
    const heads = [...this.header, ...columns.map(({ heading }) => heading)];
    const widths = heads.map((head) => Math.min(WIDE, Math.max(NARROW, 2 * head.length + 2)));
    return workbook([{ name: "结果", rows: this.#typed(heads, columns), widths, frozen: true }]);
  }

  /** @param {string[]} heads @param {Column[]} columns @returns {Generator<import("./save-workbook.js").Cell[]>} */
  *#typed(heads, columns) {
    yield heads;
    for (const [index, { cells }] of this.rows.entries()) {
      const result = this.results[index];
      const own = result?.own ?? cells;
      yield [...this.header.map((_, column) => sheetCell(own[column] ?? null, "")), ...outcome(columns, result).map((cell, place) => sheetCell(cell, columns[place]?.kind ?? ""))];
    }
  }
}

/** @param {Column[]} columns @param {Result | undefined} result @returns {Cell[]} */
function outcome(columns, result) {
  return columns.map(({ name }) => (name === "errors" ? result?.errors ?? null : result?.values[name] ?? null));
}

/** @param {Cell} cell @param {string} kind @returns {import("./save-workbook.js").Cell} */
function sheetCell(cell, kind) {
  if (typeof cell === "string" && kind === "day" && ISO_DAY.test(cell)) {
    return new Date(`${cell}T00:00:00Z`);
  }
  return typeof cell === "object" && cell !== null && "day" in cell ? new Date(`${cell.day}T00:00:00Z`) : cell;
}

/** @param {unknown} error */
function wordsFor(error) {
  if (error instanceof Enough) {
    return TOO_LONG;
  }
  if (error instanceof BrokenText) {
    return NO_TEXT;
  }
  return error instanceof RangeError ? TOO_LARGE : BROKEN;
}

/** A heading as text, as the command line has it. @param {Cell} cell */
function headed(cell) {
  if (typeof cell === "boolean") {
    return cell ? "True" : "False";
  }
  if (typeof cell === "object" && cell !== null) {
    return "day" in cell ? cell.day : cell.time.replace("T", " ");
  }
  return cell === null ? "" : String(cell).trim();
}

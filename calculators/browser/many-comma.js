/**
 * Text with commas, tabs or semicolons, read and written as the command line does: its reader is Python's, which
 * takes a quotation mark within a cell for what it is and goes on.
 */

/** @typedef {import("./many-table.js").Cell} Cell */

const SEPARATORS = [",", "\t", ";"];
const LONGEST_CELL = 1_000_000;
/** What a spreadsheet would run, or take for more than text, when it stands first in a cell. */
const FORMULA_STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"];
const PLAIN_NUMBER = /^[+-]?\p{Nd}+(\.\p{Nd}+)?$/u;
/** The mark by which Excel knows UTF-8. */
export const MARK = "\ufeff";

/** What is no table that a person wrote. */
export class BrokenText extends Error {}

/**
 * Read bytes as text: UTF-16 by its mark, else UTF-8, else GB18030.
 * @param {ArrayBuffer} bytes @returns {string | undefined} nothing where they are no text
 */
export function decoded(bytes) {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  const marked = first === 0xff && second === 0xfe ? ["utf-16le"] : first === 0xfe && second === 0xff ? ["utf-16be"] : undefined;
  for (const encoding of marked ?? ["utf-8", "gb18030"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      continue;
    }
  }
  return undefined;
}

/** The rows of a text, empty ones too, which count. @param {string} text @returns {Generator<string[]>} */
export function* rowsOf(text) {
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? "";
  const counts = SEPARATORS.map((each) => line.split(each).length);
  const separator = SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ",";
  const ends = new RegExp(`[${separator}\r\n]`, "g");
  let at = 0;
  while (at < text.length) {
    /** @type {string[]} */
    const row = [];
    let goesOn = true;
    const first = at;
    while (goesOn) {
      let cell = "";
      if (text[at] === '"') {
        [cell, at] = quoted(text, at + 1);
      }
      ends.lastIndex = at;
      const found = ends.exec(text);
      const end = found?.index ?? text.length;
      cell += text.slice(at, end);
      if (cell.length > LONGEST_CELL) {
        throw new BrokenText("a cell without end");
      }
      goesOn = found?.[0] === separator;
      at = end + (found?.[0] === "\r" && text[end + 1] === "\n" ? 2 : 1);
      if (goesOn || end > first || row.length > 0) {
        row.push(cell);
      }
    }
    yield row;
  }
}

/** Read on behind a quotation mark, to the one that ends it. @param {string} text @param {number} at @returns {[string, number]} */
function quoted(text, at) {
  let cell = "";
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) {
      return [cell + text.slice(at), text.length];
    }
    cell += text.slice(at, end);
    if (text[end + 1] !== '"') {
      return [cell, end + 1];
    }
    cell += '"';
    at = end + 2;
  }
}

/** Write one row. @param {Cell[]} cells */
export function lineOf(cells) {
  const texts = cells.map(commaCell);
  return `${texts.length === 1 && texts[0] === "" ? '""' : texts.join(",")}\r\n`;
}

/** Write one cell; what a spreadsheet would run gets a quotation mark before it. @param {Cell} cell */
function commaCell(cell) {
  let text = cell === null ? "" : String(cell);
  if (typeof cell === "object" && cell !== null) {
    text = "day" in cell ? cell.day : cell.time.replace("T", " ");
  } else if (typeof cell === "string" && FORMULA_STARTS.some((start) => cell.startsWith(start)) && !PLAIN_NUMBER.test(cell)) {
    text = `'${cell}`;
  }
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

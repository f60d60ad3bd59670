/**
 * The first sheet of a workbook (.xlsx), read as the command line does: shared and inline text, numbers, truth
 * values, days by their styles, and of a formula the value that was computed last.
 */

import { unzipSync } from "./fflate.js";
import { Parser } from "./saxen.js";

/** @typedef {import("./many-table.js").Cell} Cell */

const DAY_MS = 86_400_000;
/** Windows counts days from here, old Macs four years later. */
const FIRST_DAY = Date.UTC(1899, 11, 30);
const FIRST_DAY_1904 = Date.UTC(1904, 0, 1);
const LAST_DAY = Date.UTC(10_000, 0, 1);
const FIRST_YEAR = -62_135_596_800_000; // the year 1
/** Formats of days and hours that need no text of their own; 27 to 36 and 50 to 58 are those of East Asia. */
const DAY_FORMATS = [[14, 22], [27, 36], [45, 47], [50, 58]];
const HOURS_FORMAT = 46;
/** Text in quotes and marks in brackets say nothing, but hours beyond a day do. */
const SILENT = /".*?"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]/g;
const IN_HOURS = /\[hh?\](:mm(:ss(\.0*)?)?)?|\[mm?\](:ss(\.0*)?)?|\[ss?\](\.0*)?/i;
const ISO = /^(\d{4}-\d\d-\d\d)?T?(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?Z?/;
/** A number of more digits is kept as they are. */
const MOST_DIGITS = 15;
const ENTITY = /&(?:#(\d+)|#x([0-9a-f]+)|(amp|apos|gt|lt|quot));/gi;
/** @type {Record<string, string>} */
const ENTITIES = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' };
/** What is larger unpacked is no list of people. */
const LARGEST_PART = 500_000_000;

/** The file is no workbook, or a damaged one. */
export class BrokenSheet extends Error {}

/**
 * Hand over the rows, each with its number.
 * @param {ArrayBuffer} bytes
 * @param {(number: number, cells: Cell[]) => void} take
 */
export function readSheet(bytes, take) {
  const package_ = new Uint8Array(bytes);
  const main = target(package_, "_rels/.rels", "", (type) => type.endsWith("/officeDocument"))[0]?.path ?? "xl/workbook.xml";
  const folder = main.slice(0, main.lastIndexOf("/") + 1);
  const parts = target(package_, `${folder}_rels/${main.slice(folder.length)}.rels`, folder, () => true);
  const part = (/** @type {string} */ kind) => parts.find(({ type }) => type.endsWith(kind))?.path ?? "";
  const book = bookOf(text(package_, main));
  const path = book.sheets.map((id) => parts.find((each) => each.id === id)).find((each) => each?.type.endsWith("/worksheet"))?.path;
  const sheet = text(package_, path ?? "");
  if (!sheet) {
    throw new BrokenSheet("no sheet");
  }
  const strings = stringsOf(text(package_, part("/sharedStrings")));
  const { days, hours } = stylesOf(text(package_, part("/styles")));
  rowsOf(sheet, take, (type, style, value) => {
    if (type === "s") {
      return /** @type {string} */ (known(strings[Number(value)]));
    }
    if (type === "b") {
      return known(Number(value)) !== 0;
    }
    if (type === "d") {
      return dayOfIso(value);
    }
    if (type !== "n") {
      return value;
    }
    const number = known(Number(value));
    if (!days.has(style)) {
      return /^-?\d+$/.test(value) && value.replace("-", "").length > MOST_DIGITS ? value : number;
    }
    return hours.has(style) ? duration(number) : moment(number, book.from1904);
  });
}

/** @template T @param {T | undefined} value @returns {T} */
function known(value) {
  if (value === undefined || Number.isNaN(value)) {
    throw new BrokenSheet("a value that is not there");
  }
  return value;
}

/** A part of the package as text; nothing where there is none. @param {Uint8Array} bytes @param {string} path */
function text(bytes, path) {
  const files = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (name === path && originalSize > LARGEST_PART) {
        throw new RangeError("part");
      }
      return name === path;
    },
  });
  return path in files ? new TextDecoder().decode(files[path]) : "";
}

/**
 * Where the relations of a part lead.
 * @param {Uint8Array} bytes @param {string} path @param {string} folder @param {(type: string) => boolean} wanted
 */
function target(bytes, path, folder, wanted) {
  /** @type {{ id: string, type: string, path: string }[]} */
  const found = [];
  parse(text(bytes, path), {
    open: (name, attributes) => {
      const { Id = "", Type = "", Target = "" } = attributes();
      if (name === "Relationship" && wanted(Type)) {
        found.push({ id: Id, type: Type, path: new URL(Target, `file:///${folder}`).pathname.slice(1) });
      }
    },
  });
  return found;
}

/** @param {string} xml */
function bookOf(xml) {
  /** @type {string[]} */
  const sheets = [];
  let from1904 = false;
  parse(xml, {
    open: (name, attributes) => {
      if (name === "sheet") {
        const [, id = ""] = Object.entries(attributes()).find(([key]) => key.endsWith(":id")) ?? [];
        sheets.push(id);
      } else if (name === "workbookPr") {
        from1904 = ["1", "true"].includes(attributes().date1904 ?? "");
      }
    },
  });
  return { sheets, from1904 };
}

/** @param {string} xml */
function stringsOf(xml) {
  /** @type {string[]} */
  const strings = [];
  let string = "";
  let inText = false;
  let aside = false;
  parse(xml, {
    open: (name) => {
      string = name === "si" ? "" : string;
      aside ||= name === "rPh";
      inText = name === "t" && !aside;
    },
    text: (value) => { string += inText ? value : ""; },
    close: (name) => {
      inText = false;
      aside &&= name !== "rPh";
      if (name === "si") {
        strings.push(string.replaceAll("x005F_", ""));
      }
    },
  });
  return strings;
}

/** Which styles show days, and which show hours beyond a day. @param {string} xml */
function stylesOf(xml) {
  /** @type {Map<number, string>} */
  const formats = new Map();
  const days = new Set();
  const hours = new Set();
  let counting = false;
  let style = 0;
  parse(xml, {
    open: (name, attributes) => {
      counting ||= name === "cellXfs";
      if (name === "numFmt") {
        const { numFmtId, formatCode = "" } = attributes();
        formats.set(Number(numFmtId), formatCode);
      } else if (name === "xf" && counting) {
        const id = Number(attributes().numFmtId ?? 0);
        const format = formats.get(id)?.split(";")[0];
        if (format === undefined ? DAY_FORMATS.some(([from = 0, to = 0]) => from <= id && id <= to) : /(?<![_\\])[dmhys]/i.test(format.replace(SILENT, ""))) {
          days.add(style);
        }
        if (format === undefined ? id === HOURS_FORMAT : IN_HOURS.test(format)) {
          hours.add(style);
        }
        style += 1;
      }
    },
    close: (name) => { counting &&= name !== "cellXfs"; },
  });
  return { days, hours };
}

/**
 * @param {string} xml
 * @param {(number: number, cells: Cell[]) => void} take
 * @param {(type: string, style: number, value: string) => Cell} read
 */
function rowsOf(xml, take, read) {
  let number = 0;
  let column = 0;
  /** @type {Cell[]} */
  let cells = [];
  let [type, style, value, into, aside] = ["n", 0, "", false, false];
  parse(xml, {
    open: (name, attributes) => {
      if (name === "row") {
        number = Number(attributes().r ?? number + 1);
        [column, cells] = [0, []];
      } else if (name === "c") {
        const { r = "", t = "n", s = "0" } = attributes();
        column = r ? columnOf(r) : column + 1;
        [type, style, value] = [t, Number(s), ""];
      } else if (name === "rPh") {
        aside = true;
      }
      into = !aside && (type === "inlineStr" ? name === "t" : name === "v");
    },
    text: (part) => { value += into ? part : ""; },
    close: (name) => {
      into = false;
      if (name === "rPh") {
        aside = false;
      } else if (name === "c") {
        while (cells.length < column) {
          cells.push(null);
        }
        cells[column - 1] = value === "" ? null : read(type, style, value);
      } else if (name === "row") {
        take(number, cells);
      }
    },
  });
}

/** The place of a column, counted from one. @param {string} place such as AB12 */
function columnOf(place) {
  let column = 0;
  for (const letter of place.replace(/\d+$/, "").toUpperCase()) {
    column = 26 * column + letter.charCodeAt(0) - 64;
  }
  return known(column > 0 && column <= 16_384 ? column : undefined);
}

/**
 * Walk over XML, if there is any; names come without their prefix.
 * @param {string} xml
 * @param {{ open?: (name: string, attributes: () => Record<string, string>) => void, text?: (value: string) => void, close?: (name: string) => void }} hooks
 */
function parse(xml, { open, text: said, close }) {
  const parser = new Parser();
  const bare = (/** @type {string} */ name) => name.slice(name.indexOf(":") + 1);
  parser.on("error", (error) => { throw error; });
  parser.on("openTag", (name, attributes) => open?.(bare(name), () => Object.fromEntries(
    Object.entries(attributes()).map(([key, value]) => [key, entitiesRead(value)]),
  )));
  parser.on("text", (value) => said?.(entitiesRead(value)));
  parser.on("cdata", (value) => said?.(value));
  parser.on("closeTag", (name) => close?.(bare(name)));
  if (xml) {
    parser.parse(xml);
  }
}

/** @param {string} value */
function entitiesRead(value) {
  return value.includes("&")
    ? value.replace(ENTITY, (_, decimal, hex, name) => ENTITIES[name] ?? String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16)))
    : value;
}

/** A day, a day with an hour, or an hour alone, which is text. @param {number} value @param {boolean} from1904 @returns {Cell} */
function moment(value, from1904) {
  const whole = Math.floor(value);
  const milliseconds = Math.round((value - whole) * DAY_MS);
  if (value >= 0 && value < 1 && milliseconds < DAY_MS) {
    return clock(milliseconds);
  }
  // Excel's year 1900 has a day that never was.
  const day = whole + Number(value > 0 && value < 60 && !from1904);
  const time = (from1904 ? FIRST_DAY_1904 : FIRST_DAY) + day * DAY_MS + milliseconds;
  return time < LAST_DAY && time >= FIRST_YEAR ? at(time) : "#VALUE!";
}

/** @param {number} time @returns {Cell} */
function at(time) {
  const iso = new Date(time).toISOString();
  return time % DAY_MS === 0 ? { day: iso.slice(0, 10) } : { time: `${iso.slice(0, 10)}T${clock(time - Math.floor(time / DAY_MS) * DAY_MS)}` };
}

/** @param {string} value @returns {Cell} */
function dayOfIso(value) {
  const [, day, hour = ""] = ISO.exec(value) ?? [];
  const whole = hour.length === 5 ? `${hour}:00` : hour;
  if (!day) {
    return clock(known(Date.parse(`1970-01-01T${whole}Z`)));
  }
  return at(known(Date.parse(`${day}T${whole || "00:00:00"}Z`)));
}

/** @param {number} milliseconds */
function clock(milliseconds) {
  const text = new Date(milliseconds).toISOString().slice(11, 23);
  return text.endsWith(".000") ? text.slice(0, 8) : `${text}000`;
}

/** Hours beyond a day, as Python writes them. @param {number} value */
function duration(value) {
  const days = Math.floor(value);
  const rest = Math.round((value - days) * DAY_MS);
  const [whole, left] = rest === DAY_MS ? [days + 1, 0] : [days, rest];
  const hour = clock(left).replace(/^0/, "");
  return whole === 0 ? hour : `${whole} day${Math.abs(whole) === 1 ? "" : "s"}, ${hour}`;
}

/** The parts of the section where many are computed, as elements. */

import { h, wordButton } from "./dom.js";

/**
 * @typedef {import("./many-table.js").Cell} Cell
 * @typedef {import("./many-table.js").Row} Row
 * @typedef {import("./many-table.js").Result} Result
 * @typedef {import("./many-table.js").Column} Column
 * @typedef {{ name: string, heading: string, field: string, list: boolean, need: string, allowed: string, example: Cell }} Known  a column that the calculator reads
 * @typedef {{ row: Row, result?: Result | undefined }} Line
 */

const MOST_TOLD = 20;
const KEPT = "原样带回";

/** The empty section: a file, or what was copied. */
export function dropView() {
  return h("div", { class: "many-drop" },
    h("p", { class: "many-pick" },
      h("label", { class: "button button--second many-file" }, h("input", { type: "file", accept: ".xlsx,.csv,.tsv,.txt", class: "unseen" }), "选一个文件"),
      h("span", {}, ".xlsx 或 .csv，也可以直接拖到这里")),
    h("label", { class: "many-paste" }, "或者从 Excel 里连同第一行的名称一起复制，粘贴在这里", h("textarea", { rows: "2", spellcheck: "false" })));
}

/** What was read. @param {string} name @param {number} count */
export function cardView(name, count) {
  return h("p", { class: "many-card" },
    h("strong", { tabindex: "-1", class: "many-name" }, name), h("span", {}, `${count} 行`),
    h("span", { class: "many-swap" }, wordButton("forget", "换一张表")));
}

/**
 * What each column means, and how to change it.
 * @param {string[]} header @param {(string | null)[]} means @param {Map<string, string>} names of what columns can mean
 * @param {string[]} complaints @param {boolean} open
 */
export function columnsView(header, means, names, complaints, open) {
  const pairs = header.map((head, at) => h("span", { class: "many-pair" }, `${head || "没有名称"} → ${names.get(means[at] ?? "") ?? KEPT}`));
  const choices = header.map((head, at) => h("div", {}, h("label", { for: `many-column-${at}` }, head || `第 ${at + 1} 列，没有名称`), h("span", { class: "select" },
    h("select", { id: `many-column-${at}`, "data-column": String(at) }, ...[["", `${KEPT}，不用来算`], ...names].map(([name = "", text = ""]) =>
      h("option", { value: name, ...(name === (means[at] ?? "") ? { selected: "" } : {}) }, text))))));
  return h("div", { class: "many-columns" },
    h("p", {}, h("strong", {}, "认出的列"), ...pairs),
    ...complaints.map((each) => h("p", { class: "many-complaint", role: "alert" }, each)),
    h("details", { class: "many-choices", ...(open ? { open: "" } : {}) }, h("summary", {}, "改对应关系"), h("div", {}, ...choices)));
}

/** The rows that could not be computed. @param {number} count @param {Line[]} wrong @param {(string | null)[]} means */
export function wrongView(count, wrong, means) {
  const told = wrong.slice(0, MOST_TOLD).map(({ row, result }) => h("li", {},
    h("strong", {}, [`第 ${row.number} 行`, nameIn(row, means)].filter(Boolean).join("　")),
    ` ${result?.errors ?? ""}`));
  const rest = count - told.length;
  return h("div", { class: "many-wrong" }, h("p", {}, h("strong", {}, `${count} 行有误，其余照算`)), h("ul", {}, ...told),
    ...(rest > 0 ? [h("p", {}, `还有 ${rest} 行，取回的表里最后一列写着原因。`)] : []));
}

/** Whom a row is about: the first text that is not computed with. @param {Row} row @param {(string | null)[]} means */
function nameIn(row, means) {
  const found = row.cells.find((cell, at) => !means[at] && typeof cell === "string" && cell !== "");
  return typeof found === "string" ? found.slice(0, 20) : "";
}

/** @param {string[]} header @param {Column[]} columns @param {Line[]} lines @param {string} caption */
export function tableView(header, columns, lines, caption) {
  const heads = [h("th", { scope: "col" }, "行"),
    ...header.map((head, at) => headView(head, lines.map(({ row }) => row.cells[at]), "")),
    ...columns.map(({ heading, name }, at) => headView(heading, lines.map(({ result }) => result?.values[name]), at === 0 ? "many-first" : ""))];
  const body = lines.map(({ row, result }) => {
    const wrong = new Set(result?.problems?.map(({ column }) => column));
    return h("tr", result?.errors ? { class: "many-bad" } : {},
      h("th", { scope: "row" }, String(row.number)),
      ...header.map((_, at) => cellView(row.cells[at] ?? null, wrong.has(at) ? "many-here" : "")),
      ...columns.map(({ name }, at) => cellView((name === "errors" ? result?.errors : result?.values[name]) ?? null, at === 0 ? "many-first" : name === "errors" ? "many-said" : "")));
  });
  return h("div", { class: "many-table", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { class: "many-rows" }, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...body)));
}

/** A heading stands where its numbers do. @param {string} text @param {(Cell | undefined)[]} cells @param {string} name */
function headView(text, cells, name) {
  const numbers = cells.filter((cell) => typeof cell === "number").length;
  const names = [name, 2 * numbers > cells.length ? "many-number" : ""].filter(Boolean).join(" ");
  return h("th", { scope: "col", ...(names ? { class: names } : {}) }, text);
}

/** @param {Cell} cell @param {string} name */
function cellView(cell, name) {
  const names = [name, typeof cell === "number" ? "many-number" : ""].filter(Boolean).join(" ");
  return h("td", names ? { class: names } : {}, shown(cell));
}

/** @param {Cell} cell */
function shown(cell) {
  if (typeof cell === "object" && cell !== null) {
    return "day" in cell ? cell.day : cell.time.replace("T", " ");
  }
  return typeof cell === "boolean" ? (cell ? "是" : "否") : String(cell ?? "");
}

/** The form to fill in, and beside it what may stand where. @param {Known[]} known @returns {import("./save-workbook.js").Sheet[]} */
export function formSheets(known) {
  const heads = ["姓名", ...known.map(({ heading }) => heading)];
  return [
    { name: "填这一张", rows: [heads], widths: heads.map((head) => Math.min(30, 2 * head.length + 2)), frozen: true },
    {
      name: "怎么填", widths: [30, 12, 60, 24], frozen: true,
      rows: [["列", "要不要填", "可以填什么", "例子"], ["姓名", "可以不填", "不用来算，原样带回；还可以加别的列，例如工号", null],
        ...known.map(({ heading, need, allowed, example }) => [heading, need, allowed, /** @type {import("./save-workbook.js").Cell} */ (example)])],
    },
  ];
}

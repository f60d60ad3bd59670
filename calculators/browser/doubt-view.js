/** The doubts behind an answer: those that would change it as tables of readings, the others in one line. */

import { clauseLink } from "./answer-view.js";
import { h } from "./dom.js";
import { at, columnOptions, formatValue, headline } from "./format.js";

/** @typedef {import("./answer-view.js").Words} Words */
/** @typedef {import("./answer-view.js").Answer} Answer */

/** How many cells of a table are told where nothing else differs. */
const MOST_CELLS = 3;

/** @param {any} finding */
export function isChanging(finding) {
  return finding.others.length > 0;
}

/**
 * Say in a sentence what the other readings would give.
 * @param {Words} words @param {Answer} answer @param {any[]} changing
 */
export function doubtedNote(words, answer, changing) {
  const own = headline(words, answer.outcome);
  const others = changing.flatMap((finding) => finding.others.map((/** @type {any} */ each) => each.outcome));
  const texts = new Set(others.map((outcome) => headline(words, outcome).text).filter((text) => text !== own.text));
  if (texts.size > 0) {
    return `换一种读法，${[...texts].join("；或")}。`;
  }
  const labels = differing(words, [answer.outcome, ...others]).map((path) => wordsOf(words, path).label);
  return `换一种读法，${labels.join("、") || "结果"}不同。`;
}

/**
 * The parts of the outcome that differ: the facts first, only where those are silent any other part, and at last
 * the cells of its tables.
 * @param {Words} words @param {Record<string, unknown>[]} outcomes @returns {string[]}
 */
export function differing(words, outcomes) {
  const differs = (/** @type {string} */ path) => new Set(outcomes.map((each) => JSON.stringify(at(each, path)))).size > 1;
  const facts = words.facts.filter(differs);
  const said = new Set(outcomes.map((each) => JSON.stringify(headline(words, each)))).size > 1;
  const simple = (/** @type {string} */ path) => outcomes.every((each) => words.outcome[path].items || at(each, path) === null || typeof at(each, path) !== "object");
  if (facts.length > 0 || said) {
    return facts;
  }
  const parts = Object.keys(words.outcome).filter((path) => simple(path) && differs(path));
  return parts.length > 0 ? parts : cells(words, outcomes[0] ?? {}).filter(differs).slice(0, MOST_CELLS);
}

/** The paths of all cells of all tables, `settlements.0.bonus`. @param {Words} words @param {Record<string, unknown>} outcome */
function cells(words, outcome) {
  return Object.entries(words.outcome).flatMap(([path, label]) => {
    const rows = at(outcome, path);
    const names = Array.isArray(rows) ? Object.keys(label.columns ?? {}) : [];
    return names.length > 0 ? /** @type {any[]} */ (rows).flatMap((_, row) => names.map((name) => `${path}.${row}.${name}`)) : [];
  });
}

/** The words for a part of the outcome; a cell goes by its row and its column. @param {Words} words @param {string} path */
export function wordsOf(words, path) {
  const [table = "", row, name = ""] = path.split(".");
  if (words.outcome[path]) {
    return words.outcome[path];
  }
  const { label, columns } = words.outcome[table];
  const place = `第 ${Number(row) + 1} 行${columns[name]}`;
  return { label: `${label}${place}`, short: place, options: columnOptions(words.outcome[table], name) };
}

/** @param {Words} words @param {Answer} answer @param {any[]} changing */
export function doubtPanels(words, answer, changing) {
  return changing.map((finding) => {
    const known = words.findings[finding.id];
    return h("div", { class: "doubt-panel" },
      h("p", { class: "doubt-title" }, known.title, ...finding.clauses.flatMap((/** @type {string} */ each) => [" ", clauseLink(words, each)])),
      h("p", {}, finding.message),
      readings(words, answer, finding, known),
      h("p", { class: "doubt-links" }, "以人力资源部的解释为准。", h("a", { href: known.href }, "在存疑清单里看这一处")));
  });
}

/** @param {Words} words @param {Answer} answer @param {any} finding @param {any} known */
function readings(words, answer, finding, known) {
  const rows = [{ reading: finding.reading, outcome: answer.outcome }, ...finding.others];
  const paths = differing(words, rows.map((each) => each.outcome));
  const heads = paths.map((path) => wordsOf(words, path).short ?? wordsOf(words, path).label);
  const body = rows.map(({ reading, outcome }, index) => {
    const { text, aside } = headline(words, outcome);
    const chosen = index === 0 ? [h("span", { class: "chip chip--chosen" }, "我们按这个算"), " "] : [];
    return h("tr", {},
      h("td", { class: "reading" }, ...chosen, h("span", {}, known.readings[reading] ?? reading)),
      h("td", { class: "reading-result" }, text, ...(aside ? [" ", h("small", {}, aside)] : [])),
      ...paths.map((path, column) => h("td", { "data-label": heads[column] ?? "" }, formatValue(at(outcome, path), wordsOf(words, path)))));
  });
  const head = ["怎么读", "结果", ...heads].map((each) => h("th", { scope: "col" }, each));
  return h("table", { class: "readings" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...body));
}

/**
 * One line on the doubts that change nothing here, or whose other readings nothing can compute.
 * @param {Words} words @param {any[]} silent @param {boolean} further
 */
export function silentDoubts(words, silent, further) {
  const same = silent.filter((each) => Object.keys(words.findings[each.id]?.readings ?? {}).length > 0).length;
  const open = silent.length - same;
  const parts = [
    ...(same > 0 ? [`${same} 处换哪种读法结果都一样`] : []),
    ...(open > 0 ? [`${open} 处条文没写清，按说明里的读法算`] : []),
  ];
  const list = silent.map((each) =>
    h("li", {}, h("strong", {}, words.findings[each.id]?.title ?? ""), `：${each.message}`,
      ...each.clauses.flatMap((/** @type {string} */ clause) => [" ", clauseLink(words, clause)])));
  return h("details", { class: "silent-doubts" },
    h("summary", {}, `${further ? "另有" : "与本次有关的有"} ${silent.length} 处：${parts.join("，")}。`, h("span", {}, `看是哪 ${silent.length} 处`)),
    h("ul", {}, ...list));
}

/** The trainee's own past: the last score by section, a small chart over all rounds, the table behind it, and the file. */

import { h, wordButton } from "./dom.js";
import { formatNumber } from "./format.js";
import { dayWords, MODES, shortTitle, timeWords } from "./quiz-words.js";

/** @typedef {import("./quiz-record.js").Finished} Finished */
/** @typedef {import("./quiz-round.js").Section} Section */

const SVG = "http://www.w3.org/2000/svg";
const CHART = { width: 320, height: 96, left: 38, right: 8, top: 10, bottom: 18 };
const MOST_POINTS = 30;
const SHOWN = 10;

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...(Node | string)} children */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** A bar for a share of the marks; its numbers stand beside it. @param {number} marks @param {number} of */
export function barView(marks, of) {
  const share = of > 0 ? (100 * marks) / of : 0;
  return svg("svg", { class: "quiz-share", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "quiz-share-all", width: 100, height: 6 }), svg("rect", { class: "quiz-share-part", width: share, height: 6 }));
}

/** @param {number} marks @param {number} of */
export function outOf(marks, of) {
  return `${formatNumber(marks)} / ${formatNumber(of)}`;
}

/** How a round was done, in a word. @param {Finished} round */
function kindOf(round) {
  return round.whole ? MODES[round.mode] : "练错题";
}

/** @param {Finished} round @param {string} bank @param {Section[]} sections @param {string} today */
export function lastView(round, bank, sections, today) {
  const rows = round.sections.map(({ id, marks, out_of }) => {
    const section = sections.find((each) => each.id === id);
    return h("tr", {}, h("th", { scope: "row" }, section ? shortTitle(section.title) : id), h("td", {}, barView(marks, out_of)), h("td", {}, outOf(marks, out_of)));
  });
  return [
    h("h2", {}, "上次成绩"),
    h("p", { class: "quiz-score" }, h("strong", {}, formatNumber(round.marks)), ` / ${formatNumber(round.decided)}`,
      h("span", {}, `　${dayWords(round.day, today)}，${kindOf(round)}，用时 ${timeWords(round.seconds)}`)),
    ...(round.bank === bank ? [] : [h("p", { class: "quiz-hint" }, "那以后题库改过，这个成绩是旧题的。")]),
    h("table", { class: "quiz-table quiz-parts" }, h("tbody", {}, ...rows)),
  ];
}

/** @param {Finished[]} rounds  the oldest first @param {string} bank @param {string} today @param {string} [current]  the round just handed in */
export function historyView(rounds, bank, today, current = "") {
  const newest = rounds.toReversed();
  const changed = rounds.some((each) => each.bank !== bank);
  const row = (/** @type {Finished} */ each) => h("tr", each.id === current ? { class: "is-current" } : {},
    h("td", {}, dayWords(each.day, today), ...(each.bank === bank ? [] : ["（旧题）"])), h("td", {}, kindOf(each)),
    h("td", {}, barView(each.marks, each.decided)), h("td", {}, outOf(each.marks, each.decided)), h("td", {}, timeWords(each.seconds)));
  const table = (/** @type {Finished[]} */ some) => h("table", { class: "quiz-table quiz-history" },
    h("thead", {}, h("tr", {}, ...["日期", "方式", "", "得分", "用时"].map((text) => (text ? h("th", { scope: "col" }, text) : h("td", {}))))),
    h("tbody", {}, ...some.map(row)));
  const older = newest.slice(SHOWN);
  return [
    h("h2", {}, "历史"),
    ...(rounds.length > 1 ? [chartView(rounds, today)] : []),
    ...(rounds.length > 0 ? [table(newest.slice(0, SHOWN))] : [h("p", { class: "quiz-hint" }, "还没有做完过。")]),
    ...(older.length > 0 ? [h("details", {}, h("summary", {}, `更早的 ${older.length} 次`), table(older))] : []),
    ...(changed ? [h("p", { class: "quiz-hint" }, "标着“旧题”的那几次之后题库改过，分数不能直接比。")] : []),
    h("p", { class: "quiz-words" }, ...(rounds.length > 0 ? [wordButton("download", "下载记录"), " "] : []),
      h("label", { class: "quiz-import" }, h("input", { type: "file", accept: ".json,application/json", "data-import": "" }), h("span", {}, "导入记录")), " ",
      ...(rounds.length > 0 ? [wordButton("clear", "清除本机记录")] : [])),
    h("div", { class: "quiz-import-told", role: "status" }),
  ];
}

/** Scores in percent over the last rounds, drawn from the same numbers as the table. @param {Finished[]} rounds @param {string} today */
function chartView(rounds, today) {
  const some = rounds.slice(-MOST_POINTS);
  const { width, height, left, right, top, bottom } = CHART;
  const x = (/** @type {number} */ index) => left + ((width - left - right) * index) / Math.max(1, some.length - 1);
  const share = (/** @type {Finished} */ each) => (each.decided > 0 ? each.marks / each.decided : 0);
  const y = (/** @type {number} */ part) => top + (height - top - bottom) * (1 - part);
  const grid = [0, 0.5, 1].flatMap((part) => [
    svg("line", { class: "quiz-grid", x1: left, x2: width - right, y1: y(part), y2: y(part) }),
    svg("text", { x: left - 5, y: y(part) + 4, "text-anchor": "end" }, `${part * 100}%`),
  ]);
  const points = some.map((each, index) => svg("circle", { class: index === some.length - 1 ? "is-last" : "", cx: x(index), cy: y(share(each)), r: index === some.length - 1 ? 4 : 2.5 }));
  const first = /** @type {Finished} */ (some[0]);
  const last = /** @type {Finished} */ (some.at(-1));
  const label = `最近 ${some.length} 次得分占满分的比例，从 ${Math.round(100 * share(first))}% 到 ${Math.round(100 * share(last))}%，数字见下表`;
  return svg("svg", { class: "quiz-chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    ...grid, svg("polyline", { points: some.map((each, index) => `${x(index)},${y(share(each))}`).join(" ") }), ...points,
    svg("text", { x: left, y: height - 3 }, dayWords(first.day, today)), svg("text", { x: width - right, y: height - 3, "text-anchor": "end" }, dayWords(last.day, today)));
}

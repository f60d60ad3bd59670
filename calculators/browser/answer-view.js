/** Builds the answer's panel out of the answer's JSON: the sentence, the facts, the doubts, the working. */

import { entrySections } from "./condition-view.js";
import { h, wordButton } from "./dom.js";
import { doubtPanels, doubtedNote, isChanging, silentDoubts } from "./doubt-view.js";
import { at, columnOptions, formatValue, headline } from "./format.js";
import { printedInputs, printedSources } from "./print-view.js";
import { recordNote } from "./record.js";
import { versionNote, versionSentence } from "./version-view.js";

export { h } from "./dom.js";

/** @typedef {any} Words  the element's WORDS, made at build time */
/** @typedef {any} Answer  the contract's answer */

/** @param {Words} words @param {string} clause */
export function clauseLink(words, clause) {
  const known = words.clauses[clause];
  return known
    ? h("a", { class: "clause-link", href: known.href, title: known.words.slice(0, 200) }, known.label)
    : h("span", { class: "clause-link" }, clause.replace(/^.*:/, ""));
}

/** @param {string} title @param {string} aside @param {...(Node | string)} body */
export function section(title, aside, ...body) {
  const head = h("h3", {}, title, ...(aside ? [" ", h("span", {}, aside)] : []));
  return h("section", { class: "answer-section" }, head, h("div", { class: "answer-body" }, ...body));
}

/**
 * @param {Words} words
 * @param {Answer} answer
 * @param {Record<string, unknown>} inputs
 * @param {string} link
 * @param {string} day  the day that the link asked for; empty for today
 * @param {{ day: string, mark: string }} [record]  what the link of a record says of the answer
 */
export function answerView(words, answer, inputs, link, day, record) {
  const changing = answer.findings.filter(isChanging);
  const silent = answer.findings.filter((/** @type {any} */ each) => !isChanging(each));
  // Read aloud is what was said, not all of the working.
  const rest = h("div", { "aria-live": "off" }, facts(words, answer.outcome), ...entries(words, answer.outcome));
  if (changing.length > 0) {
    const others = silent.length > 0 ? [silentDoubts(words, silent, true)] : [];
    rest.append(section("存疑", `${changing.length} 处会改变结果`, ...doubtPanels(words, answer, changing), ...others));
  }
  rest.append(...tables(words, answer.outcome), section("算法", "", steps(words, answer.steps)));
  if (changing.length === 0 && silent.length > 0) {
    rest.append(section("存疑", "", silentDoubts(words, silent, false)));
  }
  rest.append(...printedSources(words, answer, link));
  return h("div", { class: "answer" }, printedInputs(words, inputs), ...said(words, answer, changing), ...versionNote(words, day),
    ...(record ? [recordNote(record, answer)] : []), rest);
}

/** @param {Words} words @param {Answer} answer @param {any[]} changing */
function said(words, answer, changing) {
  const { text, aside, note } = headline(words, answer.outcome);
  const doubted = changing.length > 0 ? [h("span", { class: "chip chip--doubt" }, "存疑"), ` ${doubtedNote(words, answer, changing)}`] : [];
  return [
    h("h2", { class: "answer-headline" }, text, ...(aside ? [" ", h("small", {}, aside)] : [])),
    h("p", { class: "answer-note" }, ...doubted, note + words.note),
  ];
}

/** @param {Words} words @param {Record<string, unknown>} outcome */
function facts(words, outcome) {
  const list = words.facts.map((/** @type {string} */ path) =>
    h("div", {}, h("dt", {}, words.outcome[path].label), h("dd", { "data-value": path }, formatValue(at(outcome, path), words.outcome[path]))));
  return h("dl", { class: "answer-facts" }, ...list);
}

/** @param {Words} words @param {Record<string, unknown>} outcome */
function entries(words, outcome) {
  return entrySections(words, outcome, (clause) => clauseLink(words, clause), (title, ...body) => section(title, "", ...body));
}

/** Lists of objects, where the labels name their columns. @param {Words} words @param {Record<string, unknown>} outcome */
function tables(words, outcome) {
  return Object.entries(words.outcome).flatMap(([path, label]) => {
    const rows = at(outcome, path);
    if (!label.columns || !Array.isArray(rows) || rows.length === 0) {
      return [];
    }
    const names = Object.keys(label.columns);
    const head = names.map((name) => h("th", { scope: "col" }, label.columns[name]));
    const cell = (/** @type {any} */ row, /** @type {string} */ name) =>
      name === "clause" ? clauseLink(words, row.clause) : formatValue(row[name], { options: columnOptions(label, name) });
    const body = rows.map((row) => h("tr", {}, ...names.map((name) => h("td", {}, cell(row, name)))));
    return [section(label.label, "", h("table", { class: "parts" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...body)))];
  });
}

/** @param {Words} words @param {any[]} list */
function steps(words, list) {
  const rows = list.map((step, index) => {
    const bare = formatValue(step.value);
    return h("li", {},
      h("span", { class: "step-label" }, step.label),
      h("span", { class: "step-expression" }, step.expression === bare ? "" : step.expression),
      h("span", { class: "step-value" }, h("span", { "data-value": `${index} ${step.label}` }, formatValue(step.value, { unit: step.unit }))),
      clauseLink(words, step.clause));
  });
  return h("ol", { class: "steps" }, ...rows);
}

/** What can be done with an answer. */
export function answerActions() {
  const words = [
    wordButton("copy", "复制结果"), " ", wordButton("link", "复制链接"), " ", wordButton("print", "打印"), " ",
    wordButton("save", "存为表格"), " ", wordButton("compare", "与另一种情况比较"),
  ];
  return h("div", { class: "answer-end", hidden: "" }, h("section", { class: "answer-section answer-actions", "aria-label": "用这个结果" }, h("p", {}, ...words)));
}

/**
 * What a half-filled form is answered with.
 * @param {{ path: string, label: string, hint: string }[]} missing
 */
export function halfView(missing) {
  const list = missing.map(({ path, label, hint }) =>
    h("li", {}, h("button", { type: "button", "data-goto": path }, label), ...(hint ? [h("span", {}, hint)] : [])));
  return h("div", { class: "answer answer--quiet" },
    h("h2", { class: "answer-headline" }, `再填 ${missing.length} 项就能算`),
    h("div", { class: "answer-known", "aria-live": "off" }, section("还需要", "", h("ul", { class: "answer-missing" }, ...list))));
}

/** @param {string} where @param {string} note */
export function emptyView(where, note) {
  return h("div", { class: "answer answer--quiet" },
    h("h2", { class: "answer-headline" }, `填好${where}就能算`),
    h("p", { class: "answer-note" }, note));
}

/** The words beside the progress line. @param {string} step */
export function loadingView(step) {
  return h("div", { class: "answer answer--quiet" },
    h("h2", { class: "answer-headline" }, "正在准备计算，填好的已经记下"),
    h("p", { class: "answer-note" }, `${step}。好了马上算，你可以接着填。`));
}

/** @param {string} message */
export function failureView(message) {
  return h("div", { class: "answer answer--quiet answer--failed" },
    h("h2", { class: "answer-headline" }, "现在算不了"),
    h("p", { class: "answer-note" }, message),
    h("p", {}, h("button", { type: "button", class: "button", "data-action": "retry" }, "重试")));
}

/** Told above the last good answer, or alone. @param {number} count @param {string} where @param {boolean} old */
export function wrongView(count, where, old) {
  return h("p", { class: "answer-wrong" }, h("strong", {}, `${where}有 ${count} 项要改。`), old ? "下面是上一次的结果，改好后更新。" : "");
}

/** @param {Words} words @param {Answer} answer @param {string} link @param {string} day @returns {string} plain text, to paste elsewhere */
export function answerText(words, answer, link, day) {
  const { text, aside } = headline(words, answer.outcome);
  const told = words.facts.map((/** @type {string} */ path) =>
    `${words.outcome[path].label}：${formatValue(at(answer.outcome, path), words.outcome[path])}`);
  const working = answer.steps.map((/** @type {any} */ step) => {
    const expression = step.expression === formatValue(step.value) ? "" : `${step.expression}，`;
    return `${step.label}：${expression}${formatValue(step.value, { unit: step.unit })}（${words.clauses[step.clause]?.label ?? ""}）`;
  });
  const doubts = answer.findings.filter(isChanging).map((/** @type {any} */ each) => `存疑：${words.findings[each.id]?.title}。${each.message}`);
  const version = versionSentence(words, day);
  return [words.title, `${text} ${aside}`.trim(), ...(version ? [version] : []), ...told, "", ...working, ...doubts, "", link].join("\n");
}

/** Builds the answer's panel out of the answer's JSON. Everything that came from anywhere is text. */

import { at, formatValue, headline } from "./format.js";

/** @typedef {any} Words  the element's WORDS, made at build time */
/** @typedef {any} Answer  the contract's answer */

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** @param {Words} words @param {string} clause */
function clauseLink(words, clause) {
  const known = words.clauses[clause];
  if (!known) {
    return h("span", { class: "step-clause" }, clause.replace(/^.*:/, ""));
  }
  return h("a", { class: "step-clause", href: known.href, title: known.words.slice(0, 200) }, known.label);
}

/** @param {string} title @param {...(Node | string)} body */
function section(title, ...body) {
  return h("section", { class: "answer-section" }, h("h3", {}, title), h("div", { class: "answer-body" }, ...body));
}

/** @param {Words} words @param {Answer} answer @returns {HTMLElement} */
export function answerView(words, answer) {
  const said = headline(words.headlines, answer.outcome);
  const changing = answer.findings.filter((/** @type {any} */ each) => each.others.length > 0);
  const silent = answer.findings.filter((/** @type {any} */ each) => each.others.length === 0);
  const panel = h("div", { class: "answer" });
  panel.append(
    h("p", { class: "answer-headline" }, said.text, ...(said.aside ? [" ", h("small", {}, said.aside)] : [])),
  );
  if (changing.length > 0) {
    panel.append(
      h("p", { class: "answer-note answer-doubted" }, h("span", { class: "chip chip--doubt" }, "存疑"), " 换一种读法，结果不同，见下面。"),
    );
  }
  if (said.note || words.note) {
    panel.append(h("p", { class: "answer-note" }, [said.note, words.note].filter(Boolean).join("")));
  }
  panel.append(facts(words, answer.outcome));
  if (changing.length > 0) {
    panel.append(section("存疑", ...changing.map((/** @type {any} */ each) => doubt(words, answer, each))));
  }
  panel.append(section("算法", steps(words, answer.steps)));
  if (silent.length > 0) {
    const list = silent.map((/** @type {any} */ each) =>
      h("li", {}, h("strong", {}, words.findings[each.id]?.title ?? ""), "：", each.message, " ",
        ...each.clauses.map((/** @type {string} */ clause) => clauseLink(words, clause))),
    );
    const more = changing.length > 0 ? "另有" : "与本次有关的有";
    panel.append(
      section("存疑", h("details", {}, h("summary", {}, `${more} ${silent.length} 处，换哪种读法结果都一样`), h("ul", {}, ...list))),
    );
  }
  return panel;
}

/** @param {Words} words @param {Record<string, unknown>} outcome */
function facts(words, outcome) {
  const list = h("dl", { class: "answer-facts" });
  for (const path of words.facts) {
    const label = words.outcome[path];
    list.append(
      h("div", { "data-fact": path }, h("dt", {}, label.label), h("dd", {}, formatValue(at(outcome, path), label))),
    );
  }
  return list;
}

/** @param {Words} words @param {any[]} list */
function steps(words, list) {
  const rows = list.map((step) => {
    const value = formatValue(step.value, { label: "", unit: step.unit });
    const same = step.expression === String(step.value).replace("-", "−");
    return h("li", {},
      h("span", { class: "step-label" }, step.label),
      h("span", { class: "step-expression" }, same ? "" : step.expression),
      h("span", { class: "step-value" }, value),
      clauseLink(words, step.clause));
  });
  return h("ol", { class: "steps" }, ...rows);
}

/** @param {Words} words @param {Answer} answer @param {any} finding */
function doubt(words, answer, finding) {
  const known = words.findings[finding.id] ?? { title: "", readings: {} };
  const rows = [
    { reading: finding.reading, outcome: answer.outcome },
    ...finding.others,
  ];
  const differing = words.facts.filter((/** @type {string} */ path) =>
    rows.some((row) => JSON.stringify(at(row.outcome, path)) !== JSON.stringify(at(answer.outcome, path))),
  );
  const head = h("tr", {}, h("th", { scope: "col" }, "怎么读"), h("th", { scope: "col" }, "结果"),
    ...differing.map((/** @type {string} */ path) => h("th", { scope: "col" }, words.outcome[path].label)));
  const body = rows.map((row, index) => {
    const said = headline(words.headlines, row.outcome);
    return h("tr", {},
      h("td", {}, ...(index === 0 ? [h("span", { class: "chip chip--chosen" }, "我们按这个算"), h("br")] : []),
        known.readings[row.reading] ?? row.reading),
      h("td", { class: "reading-result" }, said.text, ...(said.aside ? [" ", h("small", {}, said.aside)] : [])),
      ...differing.map((/** @type {string} */ path) => h("td", {}, formatValue(at(row.outcome, path), words.outcome[path]))));
  });
  return h("div", { class: "doubt-panel" },
    h("p", { class: "doubt-title" }, known.title, " ", ...finding.clauses.map((/** @type {string} */ clause) => clauseLink(words, clause))),
    h("p", {}, finding.message),
    h("div", { class: "readings-scroll" }, h("table", { class: "readings" }, h("thead", {}, head), h("tbody", {}, ...body))),
    h("p", { class: "doubt-links" }, "以人力资源部的解释为准。"));
}

/**
 * What a half-filled form is answered with.
 * @param {Words} words
 * @param {any[]} missing
 */
export function halfView(words, missing) {
  const list = missing.map((field) => h("li", {}, h("button", { type: "button", "data-goto": field.name }, field.label)));
  return h("div", { class: "answer answer--half" },
    h("p", { class: "answer-headline" }, `再填 ${missing.length} 项就能算`),
    section("还需要", h("ul", { class: "answer-missing" }, ...list)),
    ...(words.note ? [h("p", { class: "answer-note" }, words.note)] : []));
}

/** @param {string} text */
export function emptyView(text) {
  return h("div", { class: "answer answer--half" }, h("p", { class: "answer-headline" }, "填好就能算"),
    ...(text ? [h("p", { class: "answer-note" }, text)] : []));
}

/** @param {string} step @param {number} progress */
export function loadingView(step, progress) {
  return h("div", { class: "answer answer--loading" },
    h("progress", { max: "1", value: String(progress), "aria-label": "准备计算" }),
    h("p", { class: "answer-headline" }, "正在准备计算，填好的已经记下"),
    h("p", { class: "answer-note" }, `${step}。好了马上算，你可以接着填。`));
}

/** @param {string} message */
export function failureView(message) {
  return h("div", { class: "answer answer--failed" },
    h("p", { class: "answer-headline" }, "现在算不了"),
    h("p", { class: "answer-note" }, message),
    h("p", {}, h("button", { type: "button", class: "button", "data-action": "retry" }, "重试")));
}

/** @param {Words} words @param {Answer} answer @returns {string} the answer as plain text, to paste elsewhere */
export function answerText(words, answer) {
  const said = headline(words.headlines, answer.outcome);
  const facts = words.facts.map(
    (/** @type {string} */ path) => `${words.outcome[path].label}：${formatValue(at(answer.outcome, path), words.outcome[path])}`,
  );
  const working = answer.steps.map((/** @type {any} */ step) => {
    const value = formatValue(step.value, { label: "", unit: step.unit });
    return `${step.label}：${step.expression} = ${value}（${words.clauses[step.clause]?.label ?? ""}）`;
  });
  return [words.title, `${said.text} ${said.aside}`.trim(), ...facts, "", ...working].join("\n");
}

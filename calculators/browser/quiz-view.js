/** The words of a marked quiz: a verdict under each question, and the result of the whole paper. */

import { h } from "./answer-view.js";
import { formatNumber } from "./format.js";

/**
 * @param {any} item  the marking of one item
 * @param {string} kind
 * @param {{ label: string, href: string } | undefined} clause
 * @param {string[]} ticked
 */
export function verdictView(item, kind, clause, ticked) {
  const box = h("div", { class: "verdict" });
  const marks = `得 ${formatNumber(item.marks)} / ${formatNumber(item.out_of)} 分`;
  if (kind === "essay") {
    box.append(essayView(item, ticked, marks));
  } else if (item.correct) {
    box.append(h("p", { class: "verdict-head" }, `答对，${marks}`));
  } else {
    box.append(h("p", { class: "verdict-head" }, `${wrongWords(item)}，${marks}`), h("p", {}, "正确答案：", h("strong", {}, expectedWords(item, kind))));
  }
  if (clause && item.correct !== true) {
    box.append(h("p", {}, "出处 ", h("a", { href: clause.href }, clause.label)));
  }
  return box;
}

/** @param {any} item */
function wrongWords(item) {
  if (!item.blanks) {
    return "答错";
  }
  const wrong = item.blanks.flatMap((/** @type {boolean} */ right, /** @type {number} */ index) => (right ? [] : [index + 1]));
  return `第 ${wrong.join("、")} 空不对`;
}

/** @param {any} item @param {string} kind */
function expectedWords(item, kind) {
  if (kind === "truth") {
    return item.expected ? "对" : "错";
  }
  return item.expected.join(kind === "blank" ? "，" : "、");
}

/** @param {any} item @param {string[]} ticked @param {string} marks */
function essayView(item, ticked, marks) {
  if (item.correct === null) {
    return h("p", { class: "verdict-head" }, `这一题没有标准答案，${formatNumber(item.out_of)} 分判不了，要请老师看。`);
  }
  const list = item.expected.map((/** @type {string} */ text, /** @type {number} */ index) => {
    const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", "data-point": `k${index + 1}` }));
    box.checked = ticked.includes(`k${index + 1}`);
    return h("li", {}, h("label", {}, box, " ", text));
  });
  return h("div", {},
    h("p", { class: "verdict-head" }, `对照要点，写到的打勾，${marks}`),
    h("ul", { class: "quiz-points" }, ...list));
}

/** @param {any} words @param {any} marking @param {boolean} canKeep */
export function resultView(words, marking, canKeep) {
  const wrong = marking.items.filter((/** @type {any} */ item) => item.correct === false);
  const rows = marking.sections.map((/** @type {any} */ section) => {
    const title = words.paper.sections.find((/** @type {any} */ each) => each.id === section.id).title;
    return h("tr", {}, h("td", {}, title), h("td", {}, `${formatNumber(section.marks)} / ${formatNumber(section.out_of)}`));
  });
  const links = wrong.map((/** @type {any} */ item) =>
    h("a", { href: `#${words.id}-${item.id.replaceAll(".", "-")}` }, item.id));
  return h("div", { class: "result" },
    h("p", { class: "quiz-score" }, h("strong", {}, formatNumber(marking.marks)), ` / ${formatNumber(marking.decided)} 分`),
    ...(marking.decided === marking.out_of ? [] : [
      h("p", { class: "quiz-why" }, `满分 ${formatNumber(marking.out_of)}，能判的是 ${formatNumber(marking.decided)} 分。`,
        ...marking.findings.map((/** @type {any} */ each) => each.message)),
    ]),
    h("table", { class: "plain" }, h("tbody", {}, ...rows)),
    h("p", {}, wrong.length > 0 ? `错了 ${wrong.length} 题：` : "能判的题全对。", ...links.flatMap((/** @type {Node} */ link) => [link, " "])),
    ...(canKeep ? [] : [h("p", { class: "quiz-why" }, "这个浏览器不让保存，关掉页面答案就没有了。")]));
}

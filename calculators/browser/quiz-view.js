/** What is told of a question: the verdict, and the passage behind it with the deciding words marked. */

import { h } from "./dom.js";
import { mineAndRight, variantWords, verdictWords } from "./quiz-words.js";

/** @typedef {import("./quiz-round.js").Round} Round */

/**
 * @param {Round} round
 * @param {any} item  the question, as the page may show it
 * @param {string} kind
 * @param {any} marked  the marking of it
 * @param {{ label: string, href: string } | undefined} clause
 */
export function verdictView(round, item, kind, marked, clause) {
  const box = h("div", { class: "verdict" }, h("p", { class: "verdict-head" }, verdictWords(round, item, kind, marked)));
  if (kind === "essay" && marked.correct !== null) {
    const answer = round.answers[item.id];
    box.append(pointsView(marked.expected, Array.isArray(answer) ? answer : []));
  } else if (marked.correct === false) {
    box.append(h("p", {}, `${mineAndRight(round, item, kind, marked)}。${variantWords(marked)}${noteOn(round, item, kind, marked)}已记进错题本。`));
  }
  const source = clause ? h("p", { class: "quiz-source" }, "原文 ", h("a", { href: clause.href }, clause.label)) : "";
  return [box, ...(marked.correct === true && kind !== "essay" ? [] : [source, ...passage(item, kind, marked)])];
}

/** Why a part of the right options earned what it did. @param {Round} round @param {any} item @param {string} kind @param {any} marked */
function noteOn(round, item, kind, marked) {
  if (kind !== "choice" || !item.many) {
    return "";
  }
  const answer = round.answers[item.id];
  const chosen = Array.isArray(answer) ? answer : [];
  return chosen.some((each) => !marked.expected.includes(each)) ? "选了不该选的，这题 0 分。"
    : { exact: "全部选对才得分。", share: "少选的按选对的个数得分。", half: "少选的得一半分。" }[round.wishes.multiple] ?? "";
}

/** @param {string[]} points @param {string[]} ticks */
function pointsView(points, ticks) {
  const list = points.map((text, index) => {
    const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", "data-point": `k${index + 1}` }));
    box.checked = ticks.includes(`k${index + 1}`);
    return h("li", {}, h("label", {}, box, " ", h("span", {}, text)));
  });
  return h("ul", { class: "quiz-points" }, ...list);
}

/** The sentence as the paper has it with its answer in place. @param {any} item @param {string} kind @param {any} marked */
function passage(item, kind, marked) {
  const mark = (/** @type {string} */ text) => h("mark", {}, text);
  switch (kind) {
    case "choice": {
      const right = item.options.filter((/** @type {any} */ each) => marked.expected.includes(each.id)).map((/** @type {any} */ each) => each.text);
      const parts = right.flatMap((/** @type {string} */ text, /** @type {number} */ index) => (index > 0 ? ["；", mark(text)] : [mark(text)]));
      return [h("blockquote", { class: "quiz-passage" }, item.stem.replaceAll("（　）", "").replace(/[：:，,]?\s*$/, "："), ...parts)];
    }
    case "truth":
      return [h("blockquote", { class: "quiz-passage" }, item.stem, marked.expected ? "" : h("mark", {}, "（这句话不对）"))];
    case "blank":
      return [h("blockquote", { class: "quiz-passage" }, ...item.parts.flatMap((/** @type {string} */ text, /** @type {number} */ index) =>
        (index < marked.expected.length ? [text, mark(marked.expected[index])] : [text])))];
  }
  return [];
}

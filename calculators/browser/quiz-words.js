/** What the quiz says of questions, answers and times, in the reader's words. No DOM. */

import { formatNumber } from "./format.js";
import { lettersShown } from "./quiz-round.js";

/** @typedef {import("./quiz-round.js").Round} Round */

export const MODES = { practice: "练习", exam: "考试" };
/** The ways of marking too few options, by the core's names. @type {Record<string, string>} */
export const MULTIPLE = { exact: "不得分", share: "按选对的个数得分", half: "得一半分" };

/** Why nothing can be kept, by the store's names. */
export const TROUBLES = {
  "": "",
  refused: "这个浏览器不让保存，关掉页面答案和成绩就没有了。",
  full: "这台设备的存储空间满了，关掉页面这一轮的答案和成绩就没有了；以前存下的还在。",
};

/** A section's name without its number and marks. @param {string} title */
export function shortTitle(title) {
  return title.replace(/^第?[一二三四五六七八九十]+[、.．部分]+/, "").replace(/[（(].*$/, "").replace(/[。：:]$/, "") || "题目";
}

/** The reader's own day of a moment, as 2024-01-31. @param {number} moment */
export function dayOf(moment) {
  const when = new Date(moment);
  return [when.getFullYear(), when.getMonth() + 1, when.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** @param {string} day as 2024-01-31 @param {string} today */
export function dayWords(day, today) {
  const [year, month, date] = day.split("-").map(Number);
  const inYear = `${month} 月 ${date} 日`;
  return today.startsWith(`${year}-`) ? inYear : `${year} 年 ${inYear}`;
}

/** @param {number} seconds */
export function timeWords(seconds) {
  return seconds < 60 ? `${Math.round(seconds)} 秒` : `${Math.round(seconds / 60)} 分`;
}

/** @param {number} milliseconds */
export function clockWords(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  return [...(seconds >= 3600 ? [String(Math.floor(seconds / 3600))] : []), ...parts].join(":");
}

/**
 * What was answered and what was right, to stand in one line.
 * @param {Round} round @param {any} item  the question @param {string} kind @param {any} marked  its marking
 */
export function mineAndRight(round, item, kind, marked) {
  const answer = round.answers[item.id];
  if (kind === "choice") {
    const mine = lettersShown(round, item, Array.isArray(answer) ? answer : []);
    return `${mine.length > 0 ? `你选 ${mine.join("、")}` : "你没选"}，应选 ${lettersShown(round, item, marked.expected).join("、")}`;
  }
  if (kind === "truth") {
    return `${answer === undefined ? "你没答" : `你判${answer ? "对" : "错"}`}，应判${marked.expected ? "对" : "错"}`;
  }
  if (kind === "blank") {
    return marked.blanks.flatMap((/** @type {boolean} */ right, /** @type {number} */ index) => {
      const text = Array.isArray(answer) ? (answer[index] ?? "") : "";
      return right ? [] : [`${text ? `你填 ${text}` : `第 ${index + 1} 空没填`}，应填 ${expectedBlank(item, marked, index)}`];
    }).join("；");
  }
  const ticks = Array.isArray(answer) ? answer : [];
  const missed = marked.expected.filter((/** @type {string} */ _, /** @type {number} */ index) => !ticks.includes(`k${index + 1}`));
  return `还有 ${missed.length} 个要点没写到`;
}

/** Blanks that may change places are told together. @param {any} item @param {any} marked @param {number} index */
function expectedBlank(item, marked, index) {
  const group = item.any_order?.find((/** @type {number[]} */ each) => each.includes(index)) ?? [index];
  return group.map((/** @type {number} */ each) => marked.expected[each]).join("、") + (group.length > 1 ? "（不分先后）" : "");
}

/** What else would have counted. @param {any} marked */
export function variantWords(marked) {
  const wrong = (marked.accepted ?? []).filter((/** @type {string[]} */ each, /** @type {number} */ index) => !marked.blanks[index] && each.length > 1);
  return wrong.map((/** @type {string[]} */ [first, ...others]) => `${first} 写成 ${others.join("、")} 也算对。`).join("");
}

/**
 * The verdict in a line.
 * @param {Round} round @param {any} item @param {string} kind @param {any} marked
 */
export function verdictWords(round, item, kind, marked) {
  const marks = `得 ${formatNumber(marked.marks)} / ${formatNumber(marked.out_of)} 分`;
  if (marked.correct === null) {
    return `这一题没有标准答案，${formatNumber(marked.out_of)} 分判不了，要请老师看。`;
  }
  if (kind === "essay") {
    return `对照要点，写到的打勾，${marks}`;
  }
  if (marked.correct) {
    return `答对，${marks}`;
  }
  if (kind === "choice") {
    return `应选 ${lettersShown(round, item, marked.expected).join("、")}，${marks}`;
  }
  if (kind === "truth") {
    return `应判${marked.expected ? "对" : "错"}，${marks}`;
  }
  const wrong = marked.blanks.flatMap((/** @type {boolean} */ right, /** @type {number} */ index) => (right ? [] : [index + 1]));
  return `第 ${wrong.join("、")} 空错，${marks}`;
}

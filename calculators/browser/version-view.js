/** Says by which version of a policy an answer was found, where that is not simply the one in force today. */

import { h, wordButton } from "./dom.js";

/**
 * The words of the version that answered: its clauses stand on a page of their own.
 * @param {any} words
 * @param {any} answer
 */
export function wordsThen(words, answer) {
  const past = words.past[answer.version];
  return past ? { ...words, clauses: past.clauses } : words;
}

/** @param {any} words @param {any} answer @param {string} day @returns {string} empty where there is nothing to say */
export function versionSentence(words, answer, day) {
  const past = words.past[answer.version];
  if (!day && !past) {
    return "";
  }
  const span = past ? `${answer.version} 起、到 ${past.until} 为止` : `${answer.version} 起`;
  return `${day ? `按 ${day} 的制度算，` : ""}用的是 ${span}的版本。`;
}

/** @param {any} words @param {any} answer @param {string} day */
export function versionNote(words, answer, day) {
  const said = versionSentence(words, answer, day);
  return said ? [h("p", { class: "answer-version" }, said, ...(day ? [" ", wordButton("today", "按今天的算")] : []))] : [];
}

/** A link that asks for a day on which there was no rule. @param {string} message */
export function wrongDayView(message) {
  return h("div", { class: "answer answer--quiet" },
    h("p", { class: "answer-headline" }, "链接里的日期算不了"),
    h("p", { class: "answer-note" }, `日期${message}。`),
    h("p", {}, h("button", { type: "button", class: "button", "data-action": "today" }, "按今天的算")));
}

/** Says by which version of a policy an answer was found, where that is not simply the one in force today. */

import { h, wordButton } from "./dom.js";
import { today } from "./runtime-client.js";

/** The stretch of time before the version in force that a day lies in. @param {any} words @param {string} day */
function spanOf(words, day) {
  const when = day || today();
  return words.past.find((/** @type {any} */ span) => span.since <= when && when <= span.until);
}

/**
 * The words of the version that answers on a day: its clauses stand on a page of their own.
 * @param {any} words
 * @param {string} day
 */
export function wordsThen(words, day) {
  const span = spanOf(words, day);
  return span ? { ...words, clauses: span.clauses } : words;
}

/** @param {any} words @param {string} day @returns {string} empty where there is nothing to say */
export function versionSentence(words, day) {
  const span = spanOf(words, day);
  if (!day && !span) {
    return "";
  }
  const from = span ? `${span.since} 起、到 ${span.until} 为止` : `${words.since} 起`;
  return `${day ? `按 ${day} 的制度算，` : ""}用的是 ${from}的版本。`;
}

/** @param {any} words @param {string} day */
export function versionNote(words, day) {
  const said = versionSentence(words, day);
  return said ? [h("p", { class: "answer-version" }, said, ...(day ? [" ", wordButton("today", "按今天的算")] : []))] : [];
}

/** A link that asks for a day on which there was no rule. @param {string} message */
export function wrongDayView(message) {
  return h("div", { class: "answer answer--quiet" },
    h("p", { class: "answer-headline" }, "链接里的日期算不了"),
    h("p", { class: "answer-note" }, `日期${message}。`),
    h("p", {}, h("button", { type: "button", class: "button", "data-action": "today" }, "按今天的算")));
}

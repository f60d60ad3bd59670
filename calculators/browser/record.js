/** What a record of an answer carries, so that it can be checked again: the day and a mark of the answer. */

import { h } from "./dom.js";
import { today } from "./runtime-client.js";

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
const DIGITS = 36;

/** A short mark of an outcome (FNV-1a): another outcome has another one, all but certainly. @param {object} outcome */
export function markOf(outcome) {
  let mark = OFFSET;
  for (const byte of new TextEncoder().encode(JSON.stringify(outcome))) {
    mark = Math.imul(mark ^ byte, PRIME);
  }
  return (mark >>> 0).toString(DIGITS).padStart(7, "0");
}

/** @param {any} answer */
export function recordOf(answer) {
  return `${today()}.${markOf(answer.outcome)}`;
}

/** @param {string} then @returns {{ day: string, mark: string } | undefined} */
export function readRecord(then) {
  const [, day, mark] = /^(\d{4}-\d\d-\d\d)\.([0-9a-z]+)$/.exec(then) ?? [];
  return day && mark ? { day, mark } : undefined;
}

/** The build of the rules that answers here. */
export function buildName() {
  const place = document.querySelector('meta[name="handbook-runtime"]')?.getAttribute("content") ?? "";
  return place.split("/").filter(Boolean).at(-1)?.slice(0, 8) ?? "";
}

/** Whether an answer is still what a record says. @param {{ day: string, mark: string }} record @param {any} answer */
export function recordNote({ day, mark }, answer) {
  return markOf(answer.outcome) === mark
    ? h("p", { class: "answer-record", "data-same": "" }, `结果和 ${day} 记录的一样。`)
    : h("p", { class: "answer-record" }, h("strong", {}, `结果和 ${day} 记录的不一样了。`));
}

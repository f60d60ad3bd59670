/** Lists whose entries the labels name one by one: conditions with what is met, reasons, what applies. */

import { h } from "./dom.js";
import { at, entryText, fill } from "./format.js";

/** @typedef {import("./answer-view.js").Words} Words */
/** @typedef {import("./format.js").OutcomeWords} OutcomeWords */

/** What still stands between a person and the answer comes first. */
const GROUPS = [
  { met: false, head: "还差" },
  { met: null, head: "填得不够，看不出" },
  { met: true, head: "✓ 已满足" },
];

/**
 * One section a list that has `items` in its labels.
 * @param {Words} words
 * @param {Record<string, unknown>} outcome
 * @param {(clause: string) => Node} link
 * @param {(title: string, ...body: Node[]) => HTMLElement} section
 */
export function entrySections(words, outcome, link, section) {
  return Object.entries(words.outcome).flatMap(([path, label]) => {
    const entries = at(outcome, path);
    if (!label.items || !Array.isArray(entries) || entries.length === 0) {
      return [];
    }
    const judged = entries.some((entry) => "met" in entry);
    const parts = judged ? GROUPS.map((group) => ({ ...group, entries: entries.filter((entry) => entry.met === group.met) })) : [{ head: "", entries }];
    const bodies = parts.filter((part) => part.entries.length > 0).map((part) =>
      h("tbody", {}, ...heading(part.head, part.entries.length), ...part.entries.map((entry) => row(label, entry, link))));
    return [section(label.label, h("table", { class: "parts conditions" }, ...bodies))];
  });
}

/** @param {string} head @param {number} count */
function heading(head, count) {
  return head ? [h("tr", {}, h("th", { scope: "rowgroup", colspan: "3" }, `${head} ${count} 项`))] : [];
}

/** @param {OutcomeWords} label @param {any} entry @param {(clause: string) => Node} link */
function row(label, entry, link) {
  const { name, text } = entryText(label, entry);
  return h("tr", entry.met === false ? { "data-unmet": entry.id } : {}, h("td", {}, name), h("td", {}, text), h("td", {}, link(entry.clause)));
}

/**
 * Tell beside each condition that is not met how much it lacks.
 * @param {Element} answer @param {Words} words @param {any[]} unmet  as `explain` gives them
 */
export function tellMissing(answer, words, unmet) {
  const items = Object.assign({}, ...Object.values(words.outcome).map((/** @type {any} */ label) => label.items ?? {}));
  for (const row of answer.querySelectorAll("[data-unmet]")) {
    const id = row.getAttribute("data-unmet") ?? "";
    const text = fill(items[id]?.missing ?? "", unmet.find((each) => each.id === id) ?? {}, {});
    row.querySelector(".entry-missing")?.remove();
    if (text) {
      row.children[1]?.append(" ", h("strong", { class: "entry-missing" }, text));
    }
  }
}

/** What the search shows of what it found: of each group the best, each as a row, and what is marked in them. */

import { grouped } from "./search-engine.js";

/**
 * @typedef {import("./search-engine.js").SearchEngine} SearchEngine
 * @typedef {import("./search-engine.js").Entry} Entry
 * @typedef {{ query: string, here: string, opened: string[] }} Question
 * @typedef {{ href: string, number: string, words: string, above: string }} Row
 * @typedef {{ kind: string, count: number, more: number, rows: Row[] }} Group
 * @typedef {{ groups: Group[], marks: string[] }} Found
 */

const SHOWN = 4;
/** As many as a page shows at once without a stop. */
const MOST = 200;

/**
 * @param {SearchEngine} engine
 * @param {Question} question what was typed, the policy whose page is open, the groups that stand in full
 * @returns {Found}
 */
export function rowsFor(engine, { query, here, opened }) {
  const groups = grouped(engine.find(query, here)).map(({ kind, found }) => {
    const whole = opened.includes(kind) || found.length === SHOWN + 1;
    const shown = found.slice(0, whole ? MOST : SHOWN);
    return { kind, count: found.length, more: whole ? 0 : found.length - shown.length, rows: shown.map(({ entry }) => row(entry, engine.policies[entry.policy]?.title)) };
  });
  return { groups, marks: engine.marks(query) };
}

/** @param {Entry} entry @param {string} [policy] @returns {Row} */
function row(entry, policy = "") {
  return { href: entry.href, number: entry.number, words: words(entry), above: above(entry, policy) };
}

/** Give the words that a row shows. @param {Entry} entry */
function words({ kind, title = "", words: own = "" }) {
  if (kind === "clause") {
    return [title, own].filter(Boolean).join("　");
  }
  return kind === "figure" ? own || title : title;
}

/** Say where an entry stands. @param {Entry} entry @param {string} policy */
function above(entry, policy) {
  switch (entry.kind) {
    case "clause":
      return [policy, entry.above?.split("　").at(-1)].filter(Boolean).join("　");
    case "calculator":
      return entry.words ?? "";
    case "text":
      return entry.above ?? "";
    default:
      return [policy, entry.above].filter(Boolean).join("　");
  }
}

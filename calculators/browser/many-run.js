/** The rows of a table, computed a slice at a time, so that the form above is answered in between. */

import { runtime, today } from "./runtime-client.js";

/**
 * @typedef {import("./many-table.js").Result} Result
 * @typedef {import("./many-table.js").Column} Column
 * @typedef {[(string | number)[], string[]]} Found  a part of the outcome, and what kinds of values it holds
 */

/** A slice takes about so long. */
const SLICE_MS = 200;
const [FIRST, FEWEST, MOST] = [25, 5, 500];
/** A slice on the slowest phone. */
const LONGEST_MS = 60_000;

/** What the core would not do, in its words. */
export class RunError extends Error {}

/** @param {object} request @returns {Promise<any>} */
export async function ask(request) {
  const said = await runtime().question(/** @type {any} */ (request), today(), LONGEST_MS);
  if (said.errors) {
    throw new RunError(said.errors[0]?.message);
  }
  return said;
}

/**
 * @param {import("./many-reader.js").Reader} reader
 * @param {number} count of rows
 * @param {{ calculator: string, words: unknown, means: (string | null)[], header: string[] }} asked
 * @param {(rows: import("./many-table.js").Row[], results: Result[]) => void} tell
 * @param {AbortSignal} signal
 * @returns {Promise<Column[]>} the columns of the outcome
 */
export async function computeRows(reader, count, asked, tell, signal) {
  /** @type {Map<string, Found>} */
  const found = new Map();
  let size = FIRST;
  for (let from = 0; from < count;) {
    /** @type {import("./many-table.js").Row[]} */
    const rows = await reader.ask("slice", { from, count: size });
    signal.throwIfAborted();
    const begun = performance.now();
    const said = await ask({ call: "rows", ...asked, rows: rows.map(({ cells }) => cells) });
    signal.throwIfAborted();
    await reader.ask("keep", { from, results: said.rows });
    signal.throwIfAborted();
    merge(found, said.found);
    tell(rows, said.rows);
    from += rows.length;
    const fitting = size * SLICE_MS / Math.max(1, performance.now() - begun);
    size = Math.round(Math.min(MOST, 2 * size, Math.max(FEWEST, fitting)));
  }
  return (await ask({ call: "result", ...asked, found: [...found.values()] })).columns;
}

/** Take up what later outcomes hold; the order in which the parts came counts. @param {Map<string, Found>} found @param {Found[]} more */
function merge(found, more) {
  for (const [path, kinds] of more) {
    const key = JSON.stringify(path);
    const before = found.get(key)?.[1] ?? [];
    found.set(key, [path, [...new Set([...before, ...kinds])]]);
  }
}

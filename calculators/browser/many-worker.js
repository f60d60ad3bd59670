/** Reads and writes tables beside the page, which goes on answering; computes nothing. */

import { Table, TableError } from "./many-table.js";

/** @type {Table | undefined} */
let table;
const FIRST_ROWS = 200;

/** @type {Record<string, (given: any) => unknown>} */
const CALLS = {
  async read({ file, text }) {
    table = Table.read(file ? await file.arrayBuffer() : text);
    return { header: table.header, count: table.rows.length, first: table.rows.slice(0, FIRST_ROWS) };
  },
  slice: ({ from, count }) => table?.rows.slice(from, from + count),
  keep: ({ from, results }) => { table?.results.splice(from, results.length, ...results); },
  comma: ({ columns }) => new Blob([...(table?.comma(columns) ?? [])]),
  sheet: ({ columns }) => new Blob(table?.sheet(columns) ?? []),
};

self.addEventListener("message", async ({ data }) => {
  const { id, call, ...given } = data;
  try {
    self.postMessage({ id, result: await CALLS[call]?.(given) });
  } catch (error) {
    self.postMessage({ id, failed: error instanceof TableError ? error.message : "读不了这个文件，请再选一次" });
  }
});

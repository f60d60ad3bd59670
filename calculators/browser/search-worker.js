/** Looks the handbook's words through beside the page, which goes on taking keys meanwhile. */

import { SearchEngine } from "./search-engine.js";
import { rowsFor } from "./search-rows.js";

/** @type {Promise<SearchEngine> | null} */
let engine = null;

/** @param {string} file @returns {Promise<SearchEngine>} */
async function load(file) {
  const reply = await fetch(file);
  if (!reply.ok) {
    throw new Error(`${file}: ${reply.status}`);
  }
  return new SearchEngine(await reply.json());
}

self.addEventListener("message", async ({ data: { file, ...question } }) => {
  try {
    engine ??= load(file);
    self.postMessage({ found: rowsFor(await engine, question) });
  } catch (error) {
    engine = null;
    self.postMessage({ failed: String(error) });
  }
});

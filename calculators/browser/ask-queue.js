/**
 * Puts questions about an answer to the runtime one at a time, so that at most one of them stands before the next
 * answer, and drops what is no longer asked.
 */

import { runtime } from "./runtime-client.js";

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * @param {{ call: string, [part: string]: unknown }} request
 * @param {string} day
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export function ask(request, day, signal) {
  const asked = last.then(async () => {
    signal.throwIfAborted();
    const result = await runtime().question(request, day);
    signal.throwIfAborted();
    return result;
  });
  last = asked.catch(() => undefined);
  return asked;
}

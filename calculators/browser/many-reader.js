/** The page's side of the worker that reads and writes tables. */

/** @typedef {import("./many-table.js").Row} Row */

/** A table that cannot be used, in the reader's words. */
export class ReaderError extends Error {}

export class Reader {
  #worker = new Worker(new URL("./many-worker.js", import.meta.url), { type: "module" });
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  #next = 1;

  constructor() {
    this.#worker.addEventListener("message", ({ data }) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.failed) {
        waiting?.reject(new ReaderError(data.failed));
      } else {
        waiting?.resolve(data.result);
      }
    });
    this.#worker.addEventListener("error", () => {
      this.#waiting.forEach(({ reject }) => reject(new ReaderError("读表格的程序没有取到，请检查网络后刷新这一页")));
      this.#waiting.clear();
    });
  }

  /** @param {string} call @param {object} [given] @returns {Promise<any>} */
  ask(call, given = {}) {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call, ...given });
    });
  }

  /** @param {{ file?: File, text?: string }} given @returns {Promise<{ header: string[], count: number, first: Row[] }>} */
  read(given) {
    return this.ask("read", given);
  }

  stop() {
    this.#worker.terminate();
  }
}

/** Asks the worker that searches, and shows what it found: grouped, the clause's number first, the hits marked. */

import { h } from "./dom.js";
import { cut, pieces } from "./search-marks.js";

/**
 * @typedef {import("./search-rows.js").Found} Found
 * @typedef {import("./search-rows.js").Group} Group
 * @typedef {import("./search-rows.js").Row} Row
 */

const UNITS = /** @type {Record<string, string>} */ ({ 条款: "条", 计算: "个", 存疑: "处", 数字: "个", 测验: "题" });

export class SearchView {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Promise<unknown>} */
  #free = Promise.resolve();
  #asked = 0;

  /** @param {URL} file the handbook's words @param {HTMLElement} list where the results stand */
  constructor(file, list) {
    this.file = file;
    this.base = new URL("../", file);
    this.list = list;
  }

  /**
   * Look for what fits a query: one at a time, and of those that wait the newest alone; the others find null.
   * @param {string} query
   * @param {Set<string>} opened the groups that stand in full
   * @returns {Promise<Found | null>}
   */
  async find(query, opened) {
    this.#asked += 1;
    const asked = this.#asked;
    await this.#free;
    if (asked !== this.#asked) {
      return null;
    }
    const found = this.#ask({ query, here: this.here(), opened: [...opened] });
    this.#free = found.catch(() => {});
    return found;
  }

  /** @param {import("./search-rows.js").Question} question @returns {Promise<Found>} */
  #ask(question) {
    const worker = this.#worker ??= new Worker(new URL("./search-worker.js", import.meta.url), { type: "module" });
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve(data.found));
      worker.onerror = () => {
        this.#worker = null;
        reject(new Error("search-worker.js"));
      };
      worker.postMessage({ file: this.file.href, ...question });
    });
  }

  /** The policy whose text is open. */
  here() {
    const path = location.pathname.slice(this.base.pathname.length);
    return /^policies\/([^/]+)\//.exec(path)?.[1] ?? "";
  }

  /** Fill the list, and say how many were found. @param {Found} found */
  show({ groups, marks }) {
    const { list } = this;
    list.replaceChildren(...groups.map((group, at) => this.group(group, at, marks)));
    list.querySelectorAll('[role="option"]').forEach((option, at) => {
      option.id = `${list.id}-${at}`;
    });
    return groups.reduce((sum, { count }) => sum + count, 0);
  }

  /** @param {Group} group @param {number} at @param {string[]} marks */
  group({ kind, count, more, rows }, at, marks) {
    const unit = UNITS[kind] ?? "条";
    const head = h("div", { class: "found-head", id: `${this.list.id}-group-${at}` }, h("strong", {}, kind),
      h("span", {}, `${count} ${unit}${rows.length < count ? `，显示 ${rows.length} ${unit}` : ""}`));
    const rest = h("div", { class: "found-more", role: "option", "aria-selected": "false", "data-more": kind },
      `再看 ${more} ${unit}`);
    return h("div", { role: "group", "aria-labelledby": head.id }, head,
      ...rows.map((row) => this.row(row, marks)), ...(more ? [rest] : []));
  }

  /** @param {Row} row @param {string[]} marks */
  row({ href, number, words, above }, marks) {
    return h("a", { class: "found-row", role: "option", "aria-selected": "false", tabindex: "-1", href: new URL(href, this.base).href },
      h("span", { class: "found-number" }, number),
      h("span", { class: "found-words" }, ...marked(cut(pieces(words, marks)))),
      h("span", { class: "found-above" }, ...marked(pieces(above, marks))));
  }
}

/** @param {import("./search-marks.js").Piece[]} all */
function marked(all) {
  return all.map(({ text, marked: here }) => (here ? h("mark", {}, text) : text));
}

/** Shows what the search found: grouped, the clause's number first, its words with the hits marked. */

import { h } from "./dom.js";
import { SearchEngine, grouped } from "./search-engine.js";
import { cut, pieces } from "./search-marks.js";

/** @typedef {import("./search-engine.js").Entry} Entry */
/** @typedef {import("./search-engine.js").Group} Group */

const SHOWN = 4;
const UNITS = /** @type {Record<string, string>} */ ({ 条款: "条", 计算: "个", 存疑: "处", 数字: "个", 测验: "题" });

/** Everything that the handbook's search needs once its words are here. */
export class SearchView {
  /**
   * @param {import("./search-engine.js").SearchFile} file
   * @param {URL} base the handbook's first page
   * @param {string} id
   */
  constructor(file, base, id) {
    this.engine = new SearchEngine(file);
    this.base = base;
    this.id = id;
  }

  /**
   * Fill the list with what fits a query, and say how many that is.
   * @param {HTMLElement} list
   * @param {string} query
   * @param {Set<string>} opened the groups that stand in full
   */
  show(list, query, opened) {
    const groups = grouped(this.engine.find(query, this.here()));
    const marks = this.engine.marks(query);
    list.replaceChildren(...groups.map((group, at) => this.group(group, at, marks, opened.has(group.kind))));
    list.querySelectorAll('[role="option"]').forEach((option, at) => {
      option.id = `${this.id}-${at}`;
    });
    return groups.reduce((sum, { found }) => sum + found.length, 0);
  }

  /** The policy whose text is open. */
  here() {
    const path = location.pathname.slice(this.base.pathname.length);
    return /^policies\/([^/]+)\//.exec(path)?.[1] ?? "";
  }

  /**
   * @param {Group} group
   * @param {number} at
   * @param {string[]} marks
   * @param {boolean} whole
   */
  group({ kind, found }, at, marks, whole) {
    const unit = UNITS[kind] ?? "条";
    const shown = whole || found.length === SHOWN + 1 ? found : found.slice(0, SHOWN);
    const rest = found.length - shown.length;
    const head = h("div", { class: "found-head", id: `${this.id}-group-${at}` }, h("strong", {}, kind),
      h("span", {}, `${found.length} ${unit}${rest ? `，显示 ${shown.length} ${unit}` : ""}`));
    const more = h("div", { class: "found-more", role: "option", "aria-selected": "false", "data-more": kind },
      `再看 ${rest} ${unit}`);
    return h("div", { role: "group", "aria-labelledby": head.id }, head,
      ...shown.map(({ entry }) => this.row(entry, marks)), ...(rest ? [more] : []));
  }

  /** @param {Entry} entry @param {string[]} marks */
  row(entry, marks) {
    const href = new URL(entry.href, this.base).href;
    return h("a", { class: "found-row", role: "option", "aria-selected": "false", tabindex: "-1", href },
      h("span", { class: "found-number" }, entry.number),
      h("span", { class: "found-words" }, ...marked(cut(pieces(words(entry), marks)))),
      h("span", { class: "found-above" }, ...marked(pieces(this.above(entry), marks))));
  }

  /** Say where an entry stands. @param {Entry} entry */
  above(entry) {
    const policy = this.engine.policies[entry.policy]?.title ?? "";
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
}

/** Give the words that a row shows. @param {Entry} entry */
function words({ kind, title = "", words: own = "" }) {
  if (kind === "clause") {
    return [title, own].filter(Boolean).join("　");
  }
  return kind === "figure" ? own || title : title;
}

/** @param {import("./search-marks.js").Piece[]} all */
function marked(all) {
  return all.map(({ text, marked: here }) => (here ? h("mark", {}, text) : text));
}

/**
 * The search box: a combobox over a grouped list. The words of the handbook and the worker that looks them
 * through come in when the box gets the focus; until then it costs nothing.
 *
 * In the header it lives in Material's sheet, whose state is a checkbox; on the home page it stands in the page.
 */

import { h } from "./dom.js";

const TOLD_AFTER_MS = 600;
const HINT = "可以用自己的话，如 试用期工资多少；也可以输条款号，如 四.2.G、第九条。";

export class SiteSearch extends HTMLElement {
  /** @type {Promise<import("./search-view.js").SearchView> | null} */
  #view = null;
  /** @type {Set<string>} */
  #opened = new Set();
  #asked = 0;
  #told = 0;

  /** @returns {HTMLInputElement} */
  get input() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input"));
  }

  /** @returns {HTMLElement} */
  get list() {
    return /** @type {HTMLElement} */ (this.querySelector('[role="listbox"]'));
  }

  /** Material's switch for its sheet; the box in the page has none. */
  get sheet() {
    const found = this.hasAttribute("data-sheet") && document.querySelector('[data-md-toggle="search"]');
    return found instanceof HTMLInputElement ? found : null;
  }

  get options() {
    return [...this.list.querySelectorAll('[role="option"]')];
  }

  get active() {
    return this.list.querySelector('[aria-selected="true"]');
  }

  connectedCallback() {
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    // A press on a result focuses it too, and the list must stand still under it.
    this.addEventListener("focusin", (event) => event.target === this.input && this.#open(), { signal });
    this.addEventListener("focusout", (event) => {
      const to = /** @type {FocusEvent} */ (event).relatedTarget;
      // A press on what takes no focus, as on the sheet itself, leaves the search open.
      if (to instanceof Node && !this.contains(to)) {
        this.close();
      }
    }, { signal });
    this.addEventListener("input", (event) => {
      if (!(/** @type {InputEvent} */ (event).isComposing)) {
        this.#opened.clear();
        this.#ask();
      }
    }, { signal });
    this.addEventListener("compositionend", () => this.#ask(), { signal });
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.addEventListener("click", (event) => this.#click(event), { signal });
    this.addEventListener("submit", (event) => event.preventDefault(), { signal });
    this.addEventListener("reset", () => queueMicrotask(() => {
      this.input.focus();
      this.#ask();
    }), { signal });
    document.addEventListener("keydown", (event) => this.#shortcut(event), { signal });
    document.addEventListener("pointerdown", (event) => {
      if (!this.sheet && event.target instanceof Node && !this.contains(event.target)) {
        this.close();
      }
    }, { signal });
    this.sheet?.addEventListener("change", () => (this.sheet?.checked ? this.input.focus() : this.close()), { signal });
    // Where a touch opens a keyboard over the page, the reader asks for it.
    if (this.hasAttribute("data-first") && !location.hash && matchMedia("(hover: hover) and (pointer: fine)").matches) {
      this.input.focus({ preventScroll: true });
    }
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  #gone = new AbortController();

  /** Fetch what is needed, once; a failure may be tried again. */
  #load() {
    const told = document.querySelector('meta[name="handbook-search"]')?.getAttribute("content");
    this.#view ??= import("./search-view.js").then(({ SearchView }) => new SearchView(new URL(told ?? "", document.baseURI), this.list));
    this.#view.catch(() => {
      this.#view = null;
    });
    return this.#view;
  }

  #open() {
    const { sheet } = this;
    if (sheet && !sheet.checked) {
      sheet.checked = true;
      sheet.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.#load().then((view) => view.find("", this.#opened)).catch(() => {}); // the words come in before the first key
    this.#ask();
  }

  /** Put the list away; what was typed stays. */
  close() {
    const { sheet } = this;
    this.#asked += 1;
    clearTimeout(this.#told);
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.dataset.state = "closed";
    if (sheet?.checked) {
      sheet.checked = false;
      sheet.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  async #ask() {
    const query = this.input.value.trim();
    this.#asked += 1;
    const asked = this.#asked;
    if (!query) {
      this.list.replaceChildren();
      this.#state("empty", 0);
      return;
    }
    try {
      const view = await this.#load();
      const answer = await view.find(query, this.#opened);
      // Nothing that comes late stands over what is newer.
      if (answer && asked === this.#asked) {
        const found = view.show(answer);
        this.#state(found ? "found" : "none", found);
        this.#choose(this.options[0]);
      }
    } catch (error) {
      console.error(error);
      if (asked === this.#asked) {
        this.list.replaceChildren();
        this.#state("failed", 0);
      }
    }
  }

  /** @param {"empty" | "found" | "none" | "failed"} state @param {number} found */
  #state(state, found) {
    this.dataset.state = state;
    this.input.setAttribute("aria-expanded", String(state === "found"));
    if (state !== "found") {
      this.input.removeAttribute("aria-activedescendant");
    }
    const query = this.input.value.trim();
    const said = { empty: HINT, found: `全部 ${found} 条`, none: `没有找到“${query}”。`, failed: "搜索没有准备好，请检查网络后再输一次。" }[state];
    this.querySelector(".found-said")?.replaceChildren(...(state === "none" ? [h("strong", {}, said), " 少输几个字，或者换个说法再试。", HINT] : [said]));
    clearTimeout(this.#told);
    this.#told = setTimeout(() => this.querySelector('[role="status"]')?.replaceChildren(state === "empty" ? "" : said), TOLD_AFTER_MS);
  }

  /** @param {Element | undefined} option */
  #choose(option) {
    this.active?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) {
      return;
    }
    const { options } = this;
    const at = this.active ? options.indexOf(this.active) : -1;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
      if (this.sheet) {
        this.input.blur();
      }
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.dataset.state === "closed") {
      event.preventDefault();
      this.#ask();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      this.#choose(options[(at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length]);
    } else if (event.key === "Enter" && this.active instanceof HTMLElement && event.target === this.input) {
      event.preventDefault();
      this.active.click();
    }
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
    if (option instanceof HTMLElement && option.dataset.more) {
      const at = this.options.indexOf(option);
      this.#opened.add(option.dataset.more);
      this.input.focus();
      this.#ask().then(() => this.#choose(this.options[at]));
    } else if (option && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      this.close();
      this.input.blur();
    }
  }

  /** `/` goes to the search from anywhere but a place to type in. @param {KeyboardEvent} event */
  #shortcut(event) {
    const at = event.target instanceof Element ? event.target : null;
    const typing = at?.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && this.checkVisibility()) {
      event.preventDefault();
      this.input.focus();
      this.input.select();
    }
  }
}

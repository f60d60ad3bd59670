/** Two cases side by side: the present one, and one in which some inputs, or the day, are other. */

import { AskSection } from "./ask-section.js";
import { chooser, offer, preferred, put, sayInput, valueControl, valueOf } from "./ask-inputs.js";
import { differs, parts, valueAt } from "./ask-outcomes.js";
import { nextStretch } from "./ask-pieces.js";
import { h, wordButton } from "./dom.js";
import { formatValue, headline } from "./format.js";
import { today } from "./runtime-client.js";

/**
 * @typedef {import("./ask-panel.js").Case} Case
 * @typedef {import("./ask-inputs.js").Vary} Vary
 */

/** The day counts like an input: the policy in force on it. */
const DAY = "as_of";

export class CompareSection extends AskSection {
  #more = chooser("再改一项");
  #changed = h("tbody", { class: "compare-inputs" });
  #outcome = h("tbody");
  /** What is other, by its path; blank where nothing is chosen yet. @type {Map<string, HTMLInputElement | HTMLSelectElement>} */
  #controls = new Map();
  #isOpen = false;

  constructor() {
    super("比较", "", "compare");
    const head = ["", "现在", "另一种情况"].map((each) => h(each ? "th" : "td", each ? { scope: "col" } : {}, each));
    this.controls.replaceWith(h("table", { class: "told compare" }, h("thead", {}, h("tr", {}, ...head)), this.#changed, this.#outcome), this.controls);
    this.result.remove();
    this.controls.before(this.result);
    this.controls.append(this.#more.element, " ", wordButton("compare-end", "不比较了"));
    this.#more.select.addEventListener("input", () => this.#addChosen());
    this.controls.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest('[data-action="compare-end"]')) {
        this.close();
      }
    });
    this.element.setAttribute("hidden", "");
  }

  async open() {
    this.#isOpen = true;
    this.#reset();
    const first = this.now && preferred(this.now.variables, this.now.words);
    this.element.removeAttribute("hidden");
    if (this.now && first) {
      this.#add(first.path);
      this.#controls.get(first.path)?.focus();
      await this.#suggest(this.now, first);
    }
    await this.again();
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** Begin with the next value at which something changes. @param {Case} now @param {Vary} vary */
  async #suggest(now, vary) {
    const { pieces } = await now.jumps(vary, new AbortController().signal);
    const shown = parts(now.words, [now.answer.outcome])[0];
    const next = shown && nextStretch(pieces, vary, shown, valueAt(now.answer.outcome, shown.path));
    const control = this.#controls.get(vary.path);
    if (next && control) {
      control.value = String(next.from);
    }
  }

  close() {
    this.#isOpen = false;
    this.element.setAttribute("hidden", "");
  }

  #reset() {
    this.#controls.clear();
    this.#changed.replaceChildren();
    this.#outcome.replaceChildren();
  }

  /** All that can be other: each input, and the day where there were other versions. @param {Case} now @returns {Vary[]} */
  #choices(now) {
    const day = { path: DAY, label: "按哪一天的制度", field: { kind: "date", unit: "" }, present: now.day || today(), next: false };
    return [...now.variables, ...(now.words.past.length > 0 ? [day] : [])];
  }

  /** Inputs that do not matter now, and may matter in the other case. @param {Case} now @returns {Vary[]} */
  #hidden(now) {
    const known = new Set(this.#choices(now).map(({ path }) => path));
    return now.words.fields.filter((/** @type {any} */ field) => !known.has(field.name)).map((/** @type {any} */ field) =>
      ({ path: field.name, label: field.label, field, present: undefined, next: false }));
  }

  #addChosen() {
    const path = this.#more.select.value;
    if (path) {
      this.#add(path);
      this.#controls.get(path)?.focus();
    }
  }

  /** @param {string} path */
  #add(path) {
    const choice = this.now && [...this.#choices(this.now), ...this.#hidden(this.now)].find((each) => each.path === path);
    if (!choice || this.#controls.has(path)) {
      return;
    }
    const { control, element } = valueControl(choice.field, `另一种情况的${choice.label}`, choice.present);
    this.#controls.set(path, control);
    const drop = h("button", { type: "button", "aria-label": `${choice.label}不改了` }, "不改");
    const row = h("tr", { "data-path": path }, h("th", { scope: "row" }, choice.label), h("td", { class: "compare-own" }), h("td", {}, element, " ", drop));
    drop.addEventListener("click", () => {
      this.#controls.delete(path);
      row.remove();
      this.again();
    });
    this.#changed.append(row);
  }

  /** @override @param {Case} now @param {AbortSignal} signal */
  async work(now, signal) {
    if (!this.#isOpen) {
      return;
    }
    const choices = this.#choices(now);
    for (const row of this.#changed.children) {
      const own = choices.find((each) => each.path === row.getAttribute("data-path"));
      row.querySelector(".compare-own")?.replaceChildren(own ? sayInput(own, own.present) : "没填");
    }
    offer(this.#more.select, [{ value: "", label: "再改一项" }, ...choices.filter((each) => !this.#controls.has(each.path)).map((each) => ({ value: each.path, label: each.label }))]);
    let right = now.inputs;
    let day = now.day;
    for (const choice of [...choices, ...this.#hidden(now)].filter((each) => this.#controls.has(each.path))) {
      const value = valueOf(choice.field, this.#controls.get(choice.path)?.value ?? "");
      if (choice.path === DAY) {
        day = typeof value === "string" ? value : "";
      } else {
        right = put(right, choice.path, value);
      }
    }
    const asked = { call: "compare", left: now.inputs, right, as_of: [now.day || today(), day || today()] };
    const compared = await now.ask(asked, signal);
    if (compared.errors) {
      this.#outcome.replaceChildren();
      this.#tellWrong(now, compared.errors);
    } else {
      this.result.replaceChildren();
      this.#outcome.replaceChildren(...rows(now.words, compared.left.outcome, compared.right.outcome));
    }
  }

  /** @param {Case} now @param {any[]} errors */
  #tellWrong(now, errors) {
    const own = errors.map((each) => ({ ...each, field: each.field.replace(/^(left|right)\./, "") }));
    this.tellErrors(now, own);
    // What the other case needs and this one does not is asked for here.
    for (const { field } of own) {
      this.#add(field);
    }
  }
}

/** What became of a record's answer: only what is other now. @param {any} words @param {any} left @param {any} right */
export function changesTable(words, left, right) {
  const head = ["", "记录的", "现在"].map((each) => h(each ? "th" : "td", each ? { scope: "col" } : {}, each));
  const changed = rows(words, left, right).filter((row) => row.querySelector("strong"));
  return h("table", { class: "told compare" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...changed));
}

/** @param {any} words @param {any} left @param {any} right */
function rows(words, left, right) {
  const [one, other] = [headline(words, left), headline(words, right)].map(({ text, aside }) => [text, aside].filter(Boolean).join("，"));
  const told = parts(words, [left, right]).map((part) => ({
    label: part.label, same: !differs(part, [left, right]),
    one: formatValue(valueAt(left, part.path), part.words), other: formatValue(valueAt(right, part.path), part.words),
  }));
  return [{ label: "结果", same: one === other, one: one ?? "", other: other ?? "" }, ...told].map((each) => h("tr", {},
    h("th", { scope: "row" }, each.label), h("td", {}, each.one), h("td", {}, each.same ? "一样" : h("strong", {}, each.other))));
}

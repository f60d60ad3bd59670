/** How an answer changes with one input: a chart of exact pieces, and the same as a table with the clause of each jump. */

import { clauseLink } from "./answer-view.js";
import { AskSection } from "./ask-section.js";
import { chart } from "./ask-chart.js";
import { chooser, offer, preferred, sayInputs } from "./ask-inputs.js";
import { differs, parts, valueAt } from "./ask-outcomes.js";
import { sayStretch, stretches } from "./ask-pieces.js";
import { h } from "./dom.js";

/**
 * @typedef {import("./ask-panel.js").Case} Case
 * @typedef {import("./ask-inputs.js").Vary} Vary
 * @typedef {import("./ask-outcomes.js").Part} Part
 * @typedef {import("./ask-pieces.js").Piece} Piece
 */

export class ChangeSection extends AskSection {
  #vary = chooser("随哪一项变化");
  #part = chooser("看结果的哪一项");
  #table = h("details", { class: "ask-table" }, h("summary", {}, h("span", {}, "看成表格")));
  #watch = new ResizeObserver(() => this.#draw());
  /** @type {{ now: Case, vary: Vary, part: Part, pieces: Piece[] } | undefined} */
  #drawn;

  constructor() {
    super("随一项变化", "其他项不变", "change");
    this.controls.append(this.#part.element, " 随 ", this.#vary.element, " 变化");
    this.#watch.observe(this.result);
  }

  /** @override @param {Case} now @param {AbortSignal} signal */
  async work(now, signal) {
    offer(this.#vary.select, now.variables.map((each) => ({ value: each.path, label: each.label })), preferred(now.variables, now.words)?.path);
    const vary = now.variables.find((each) => each.path === this.#vary.select.value);
    if (!vary) {
      this.element.setAttribute("hidden", "");
      return;
    }
    this.element.removeAttribute("hidden");
    const { pieces, errors } = await now.jumps(vary, signal);
    if (errors) {
      this.tellErrors(now, errors);
    }
    const outcomes = pieces.flatMap(({ outcome, end }) => [outcome, end]);
    const changing = pieces.length > 0 ? parts(now.words, outcomes).filter((part) => differs(part, outcomes)) : [];
    this.#part.element.toggleAttribute("hidden", changing.length === 0);
    offer(this.#part.select, changing.map((each) => ({ value: each.path, label: each.label })));
    const part = changing.find((each) => each.path === this.#part.select.value);
    this.#drawn = part ? { now, vary, part, pieces } : undefined;
    if (part) {
      this.#draw();
    } else if (pieces.length > 0) {
      this.tell(`${vary.label}从 ${sayInputs(vary, pieces[0]?.from, pieces[0]?.from)}到 ${sayInputs(vary, pieces.at(-1)?.to, pieces.at(-1)?.to)}，结果都一样。`);
    }
  }

  #draw() {
    const width = this.result.clientWidth;
    if (!this.#drawn || width === 0) {
      return;
    }
    const { now, vary, part, pieces } = this.#drawn;
    const own = vary.present === undefined || vary.present === null ? undefined : { at: vary.present, value: valueAt(now.answer.outcome, part.path) };
    const picture = chart({ vary, part, pieces, own, width });
    this.#table.querySelector("table")?.remove();
    this.#table.append(table(this.#drawn));
    // Taken out and put back, what has the focus in it would lose it.
    if (this.#table.parentNode !== this.result) {
      this.result.replaceChildren(this.#table);
    }
    this.#table.previousElementSibling?.remove();
    this.#table.before(picture);
  }
}

/** @param {{ now: Case, vary: Vary, part: Part, pieces: Piece[] }} drawn */
function table({ now, vary, part, pieces }) {
  const head = [vary.label, part.label, "条款"].map((each) => h("th", { scope: "col" }, each));
  const rows = stretches(pieces, part).map((piece) => h("tr", {},
    h("td", {}, sayInputs(vary, piece.from, piece.to)),
    h("td", {}, sayStretch(part, piece)),
    h("td", {}, piece.clause ? clauseLink(now.words, piece.clause) : "")));
  return h("table", { class: "told" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
}

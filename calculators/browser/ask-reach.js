/** The least change of one input that reaches a wished outcome, or that none does. Wishes are chosen, never written. */

import { AskSection } from "./ask-section.js";
import { chooser, offer, open, preferred, put, ready, sayInput, sayInputs } from "./ask-inputs.js";
import { isRange, parts, valueAt } from "./ask-outcomes.js";
import { nextStretch, stretches } from "./ask-pieces.js";
import { h } from "./dom.js";
import { formatNumber, formatValue } from "./format.js";
import { readNumber } from "./fragment.js";

/**
 * @typedef {import("./ask-panel.js").Case} Case
 * @typedef {import("./ask-inputs.js").Vary} Vary
 * @typedef {import("./ask-outcomes.js").Part} Part
 * @typedef {Part & { values: any[] | undefined, own: any }} Aim  a part that the varied input can change
 */

const SIDES = [{ value: ">=", label: "至少" }, { value: "<=", label: "至多" }];

export class ReachSection extends AskSection {
  #vary = chooser("改哪一项");
  #aim = chooser("想要的结果");
  #side = chooser("至少还是至多");
  #value = chooser("想要的值");
  #number = /** @type {HTMLInputElement} */ (h("input", { type: "text", inputmode: "decimal", "aria-label": "想要的值" }));
  #unit = h("span", { class: "unit" });
  #wish = h("span", { class: "ask-wish" });
  /** What the number in the box was chosen for, so that a new aim gets its own. */
  #chosenFor = "";

  constructor() {
    super("怎样达到", "只改一项", "reach");
    offer(this.#side.select, SIDES);
    this.#wish.append("想要 ", this.#aim.element, this.#side.element, this.#value.element, h("span", { class: "line" }, this.#number, this.#unit));
    // What is typed while a new aim is still being looked at belongs to that aim and stays.
    this.#number.addEventListener("input", () => (this.#chosenFor = this.#vary.select.value + this.#aim.select.value));
    this.controls.append(h("span", { class: "ask-wish" }, "改 ", this.#vary.element), this.#wish);
  }

  /** @override @param {Case} now @param {AbortSignal} signal */
  async work(now, signal) {
    offer(this.#vary.select, now.variables.map((each) => ({ value: each.path, label: each.label })), preferred(now.variables, now.words)?.path);
    const vary = now.variables.find((each) => each.path === this.#vary.select.value);
    this.element.toggleAttribute("hidden", !vary);
    if (!vary) {
      return;
    }
    const explained = await now.ask({ call: "explain", inputs: open(now.inputs, vary) }, signal);
    const aims = explained.possible ? aimsOf(now, explained.possible) : [];
    this.#wish.toggleAttribute("hidden", aims.length === 0);
    offer(this.#aim.select, aims.map((each) => ({ value: each.path, label: each.label })));
    const aim = aims.find((each) => each.path === this.#aim.select.value);
    if (explained.errors) {
      this.tellErrors(now, explained.errors);
    } else if (!aim) {
      this.tell(explained.complete ? `只改${vary.label}，结果不会变。` : `${vary.label}能带来什么，这里看不全。`);
    } else {
      const { pieces } = await now.jumps(vary, signal);
      this.#offerValues(aim, valueAt(nextStretch(pieces, vary, aim, aim.own)?.outcome ?? {}, aim.path), vary.path + aim.path);
      await this.#seek(now, vary, aim, signal);
    }
  }

  /** @param {Aim} aim @param {any} next  what comes next above the present value @param {string} chosenFor */
  #offerValues(aim, next, chosenFor) {
    const isNumber = aim.values === undefined;
    this.#side.element.toggleAttribute("hidden", !isNumber);
    this.#number.parentElement?.toggleAttribute("hidden", !isNumber);
    this.#value.element.toggleAttribute("hidden", isNumber);
    this.#unit.textContent = aim.words.unit ?? "";
    if (aim.values) {
      const options = aim.values.map((each) => ({ value: JSON.stringify(each), label: formatValue(each, aim.words) }));
      const other = options.find(({ value }) => value === JSON.stringify(next)) ?? options.find(({ value }) => value !== JSON.stringify(aim.own));
      offer(this.#value.select, options, other?.value);
    } else if (this.#chosenFor !== chosenFor) {
      this.#number.value = String(isRange(next) ? next.min : next ?? "");
    }
    this.#chosenFor = chosenFor;
  }

  /** The wish as the core reads it; nothing where the reader has not said it yet. @param {Aim} aim */
  #until(aim) {
    if (aim.values) {
      return `${aim.path} == ${this.#value.select.value}`;
    }
    const number = readNumber(this.#number.value);
    const side = this.#side.select.value;
    const end = isRange(aim.own) ? (side === ">=" ? ".min" : ".max") : "";
    return typeof number === "number" ? `${aim.path}${end} ${side} ${number}` : "";
  }

  /** @param {Case} now @param {Vary} vary @param {Aim} aim @param {AbortSignal} signal */
  async #seek(now, vary, aim, signal) {
    const until = this.#until(aim);
    if (!until) {
      this.tell(this.#number.value.trim() ? "想要的值应是数字。" : `填上想要的值，就告诉你${vary.label}要多少。现在是 ${formatValue(aim.own, aim.words)}。`);
      return;
    }
    const found = await now.ask({ call: "seek", inputs: ready(now.inputs, vary), vary: vary.path, until }, signal);
    if (found.errors) {
      this.tell(`${found.errors.map((/** @type {any} */ each) => each.message).join("；")}。`);
    } else if (!found.reachable) {
      this.tell(`只改${vary.label}做不到：${found.because}。`);
    } else if (found.change === 0 || (vary.present !== undefined && found.value === vary.present)) {
      this.tell("现在就已经达到。");
    } else {
      const { pieces } = aim.values ? await now.jumps(vary, signal) : { pieces: [] };
      this.#tellFound(now, vary, found, stretches(pieces, aim).filter(({ outcome }) => JSON.stringify(valueAt(outcome, aim.path)) === this.#value.select.value));
    }
  }

  /** @param {Case} now @param {Vary} vary @param {any} found @param {import("./ask-pieces.js").Piece[]} all  where the wish is met, as far as a chart goes */
  #tellFound(now, vary, found, all) {
    const fill = h("button", { type: "button" }, "填入");
    fill.addEventListener("click", () => now.fill(put(ready(now.inputs, vary), vary.path, found.value), vary.path));
    this.result.replaceChildren(h("p", {}, `${vary.label}要 `, h("strong", {}, sayInput(vary, found.value)), sayChange(vary, found.change), "　", fill));
    if (all.some(({ from, to }) => from !== to)) {
      this.result.append(h("p", { class: "ask-note" }, `${all.map(({ from, to }) => sayInputs(vary, from, to)).join("、")}都可以。`));
    }
  }
}

/** @param {Vary} vary @param {number | null} change */
function sayChange(vary, change) {
  if (change === null) {
    return "";
  }
  return `，比现在${change > 0 ? "多" : "少"} ${formatNumber(Math.abs(change))} ${vary.field.unit}`.trimEnd();
}

/**
 * What the varied input can bring about, as wishes: words to choose from, or a number.
 * @param {Case} now @param {Record<string, any>} possible @returns {Aim[]}
 */
function aimsOf({ words, answer }, possible) {
  /** @type {Aim[]} */
  const aims = [];
  for (const part of parts(words, [answer.outcome])) {
    const could = possible[part.path];
    const own = valueAt(answer.outcome, part.path);
    const values = Array.isArray(could) ? could.filter((each) => typeof each !== "object") : [];
    if (values.length > 1) {
      aims.push({ ...part, values: ordered(values), own });
    } else if (isRange(could) && (typeof own === "number" || isRange(own))) {
      aims.push({ ...part, values: undefined, own });
    }
  }
  return aims;
}

/** Yes before no: a wish is for something. @param {any[]} values */
function ordered(values) {
  return values.every((each) => typeof each === "boolean") ? [true, false] : values;
}

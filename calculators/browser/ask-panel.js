/**
 * What is asked about an answer after it stands: what is missing, how it changes, how to reach more, how it
 * compares. The answer never waits for it; what takes too long says so in its own place.
 */

import { ask } from "./ask-queue.js";
import { ChangeSection } from "./ask-change.js";
import { changesTable, CompareSection } from "./ask-compare.js";
import { tellHalf } from "./ask-half.js";
import { variables } from "./ask-inputs.js";
import { jumpsOf } from "./ask-pieces.js";
import { ReachSection } from "./ask-reach.js";
import { tellMissing } from "./condition-view.js";
import { h } from "./dom.js";
import { markOf } from "./record.js";
import { today } from "./runtime-client.js";
import { wordsThen } from "./version-view.js";

/** Who types has the runtime alone; the questions come after a pause. */
const QUIET_MS = 350;
/** While more than this is missing, there is little to say, and it takes long to find. */
const MOST_MISSING = 6;

/**
 * @typedef {import("./form-reader.js").Reading} Reading
 * @typedef {object} About  what is asked about
 * @property {"nothing" | "half" | "answer"} kind
 * @property {Reading} reading
 * @property {any} answer
 * @property {string} day
 * @property {{ day: string, mark: string } | undefined} record  what the link of a record says
 *
 * @typedef {object} Case  an answered case, as the sections know it
 * @property {any} words
 * @property {any} inputs
 * @property {any} answer
 * @property {string} day
 * @property {import("./ask-inputs.js").Vary[]} variables
 * @property {(request: { call: string, [part: string]: unknown }, signal: AbortSignal) => Promise<any>} ask
 * @property {(vary: import("./ask-inputs.js").Vary, signal: AbortSignal) => Promise<import("./ask-pieces.js").Jumps>} jumps
 * @property {(inputs: any, path: string) => void} fill
 */

export class AskPanel {
  element = h("div", { class: "asks", hidden: "" });
  #turn = new AbortController();
  #change = new ChangeSection();
  #reach = new ReachSection();
  #compare = new CompareSection();

  /** @param {HTMLElement} host @param {any} words @param {(inputs: any, path: string) => void} fill */
  constructor(host, words, fill) {
    this.host = host;
    this.words = words;
    this.fill = fill;
    this.element.append(this.#change.element, this.#reach.element, this.#compare.element);
    host.querySelector("output")?.after(this.element);
  }

  /** The answer that the questions were about goes: ask no more of them. */
  pause() {
    this.#turn.abort();
    this.element.setAttribute("aria-busy", "true");
  }

  /** @param {About} about */
  async show(about) {
    this.pause();
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    if (about.kind !== "answer") {
      this.element.setAttribute("hidden", "");
    }
    if (about.kind === "nothing") {
      return;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, QUIET_MS);
    });
    try {
      signal.throwIfAborted();
      await (about.kind === "half" ? this.#half(about, signal) : this.#answer(about, signal));
      this.element.removeAttribute("aria-busy");
    } catch (failure) {
      if (!signal.aborted) {
        throw failure;
      }
    }
  }

  /** @param {About} about @param {AbortSignal} signal */
  async #half({ reading, day }, signal) {
    if (reading.missing.length > MOST_MISSING) {
      return;
    }
    const asked = { call: "explain", calculator: this.words.id, inputs: reading.inputs };
    const explained = await ask(asked, day, signal).catch((failure) => quietly(failure, signal));
    const view = this.host.querySelector("output .answer");
    if (explained?.needed && view instanceof HTMLElement) {
      tellHalf(view, wordsThen(this.words, day), reading.missing, explained);
    }
  }

  /** @param {About} about @param {AbortSignal} signal */
  async #answer(about, signal) {
    const { reading, answer, day } = about;
    const { inputs, shown } = reading;
    /** @type {Case["ask"]} */
    const put = (request, signalled) => ask({ calculator: this.words.id, inputs, ...request }, day, signalled);
    /** @type {Case} */
    const now = {
      words: wordsThen(this.words, day), inputs, answer, day,
      variables: variables(this.words.fields, inputs, (name) => shown.get(name) ?? false),
      ask: put, jumps: jumpsOf(inputs, put),
      fill: this.fill,
    };
    this.element.toggleAttribute("hidden", now.variables.length === 0);
    await this.#tellMissing(now, signal);
    await this.#tellRecord(now, about.record, signal);
    for (const each of [this.#change, this.#reach, this.#compare]) {
      await each.show(now, signal);
    }
  }

  /** How much each unmet condition still lacks. @param {Case} now @param {AbortSignal} signal */
  async #tellMissing(now, signal) {
    const output = this.host.querySelector("output");
    if (output?.querySelector("[data-unmet]")) {
      const explained = await now.ask({ call: "explain" }, signal).catch((failure) => quietly(failure, signal));
      tellMissing(output, now.words, explained?.unmet ?? []);
    }
  }

  /** Where a record says another answer than now, tell in what. @param {Case} now @param {About["record"]} record @param {AbortSignal} signal */
  async #tellRecord(now, record, signal) {
    const note = this.host.querySelector(".answer-record:not([data-same])");
    if (record && note && !note.nextElementSibling?.matches(".record-changes")) {
      const days = [now.day || record.day, now.day || today()];
      const asked = { call: "compare", left: now.inputs, right: now.inputs, as_of: days };
      const compared = await now.ask(asked, signal).catch((failure) => quietly(failure, signal));
      const known = compared?.left && markOf(compared.left.outcome) === record.mark;
      note.after(h("div", { class: "record-changes" }, known ? changesTable(now.words, compared.left.outcome, compared.right.outcome) : "那以后手册的规则或数字改过，请和记录上的数逐项对照。"));
    }
  }

  /** Open the comparison and go there. */
  compare() {
    this.#compare.open();
  }
}

/** An answer stands without what could not be asked about it. @param {unknown} failure @param {AbortSignal} signal */
function quietly(failure, signal) {
  signal.throwIfAborted();
  return undefined;
}

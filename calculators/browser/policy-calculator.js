/**
 * `<policy-calculator calculator="ID">` around a form made at build time: answers as one types.
 *
 * The state stands in `data-state`, the answer's JSON in the output's `data-answer`. One question is under way
 * at a time; what is typed meanwhile is asked next, and the answer to what is no longer there is dropped.
 */

import { AnswerPanel } from "./answer-panel.js";
import { copy } from "./copying.js";
import { tellLost } from "./dom.js";
import { firstToMend, markWanted, showFields, tellErrors } from "./form-errors.js";
import { controls, readForm } from "./form-reader.js";
import { addEntry, growList, pasteList, removeEntry, writeForm } from "./form-writer.js";
import { dayIn, fromFragment, thenIn, toFragment } from "./fragment.js";
import { readRecord } from "./record.js";
import { RuntimeFailure, runtime } from "./runtime-client.js";

/** @typedef {import("./form-reader.js").Reading} Reading */
/** @typedef {import("./form-errors.js").InputError} InputError */

export class PolicyCalculator extends HTMLElement {
  #abort = new AbortController();
  /** What the build says of this calculator. @type {any} */
  #words;
  /** @type {AnswerPanel} */
  #panel = new AnswerPanel(this, undefined);
  /** @type {Promise<void> | undefined} */
  #asking;
  #again = false;
  /** The questions about an answer come in after the first one. @type {Promise<import("./ask-panel.js").AskPanel> | undefined} */
  #asks;
  /** @type {import("./ask-panel.js").About | undefined} */
  #about;
  /** The day that the link asked for; empty for the reader's own. */
  #day = "";
  /** What the link of a record says, and the inputs that it says it of. @type {{ day: string, mark: string, of: string } | undefined} */
  #record;

  connectedCallback() {
    if (!this.querySelector("form")) {
      return; // The states page shows the parts alone.
    }
    const moved = Boolean(this.#words);
    if (!moved) {
      this.#words = JSON.parse(this.querySelector("script.words")?.textContent ?? "{}");
      this.#panel = new AnswerPanel(this, this.#words);
    }
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.addEventListener("input", (event) => this.#typed(event), { signal });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.addEventListener("paste", (event) => this.#pasted(event), { signal });
    this.addEventListener("submit", (event) => this.#submitted(event), { signal });
    this.addEventListener("reset", (event) => this.#cleared(event), { signal });
    window.addEventListener("hashchange", () => this.#open() && this.#ask(), { signal });
    this.#panel.connect(signal);
    const client = runtime();
    client.addEventListener("state", () => this.#runtimeChanged(), { signal });
    if (!moved) {
      this.#open();
    }
    client.start();
    this.#ask();
  }

  disconnectedCallback() {
    this.#abort.abort();
  }

  /** The form as the calculation's JSON inputs. */
  get inputs() {
    return this.#read().inputs;
  }

  set inputs(inputs) {
    writeForm(this.#form, this.#words.fields, inputs);
    this.#ask();
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  #read() {
    const reading = readForm(this.#form, this.#words.fields);
    showFields(this.#form, reading.shown);
    return reading;
  }

  /** The address of the calculator's own page that fills in its form. @param {Record<string, unknown>} inputs */
  #linkTo(inputs) {
    const page = new URL(this.#words.href, document.baseURI);
    page.hash = toFragment(inputs, this.#words.fields, this.#day);
    return page.href;
  }

  /** Elsewhere than on the calculator's own page, or in its frame, address and history belong to someone else. */
  get #atHome() {
    return document.body.matches(".embed") || location.pathname.replace(/index\.html$/, "") === new URL(this.#words.href, document.baseURI).pathname;
  }

  /** Fill the form as it was when the reader left this page, or as the link says. */
  #open() {
    const left = this.#atHome ? history.state?.inputs : undefined;
    const linked = this.#atHome && location.hash.includes("=") ? fromFragment(location.hash, this.#words.fields) : undefined;
    const inputs = left ?? linked;
    if (linked) {
      this.#day = dayIn(location.hash);
    }
    if (inputs) {
      writeForm(this.#form, this.#words.fields, inputs);
    }
    const record = linked && readRecord(thenIn(location.hash));
    this.#record = record && { ...record, of: JSON.stringify(this.#read().inputs) };
    return inputs !== undefined;
  }

  /** The page's place in the tab's own history keeps the form for the way back. @param {object} inputs */
  #remember(inputs) {
    if (this.#atHome) {
      try {
        history.replaceState({ inputs }, "");
      } catch {
        return; // Some browsers stop counting after a hundred; what stood there before is kept.
      }
    }
  }

  /** Ask about what stands in the form now; settles when that is answered. */
  #ask() {
    const { inputs, touched } = this.#read();
    this.#remember(inputs);
    const { state } = runtime();
    this.#panel.wait();
    this.#about = undefined;
    this.#asks?.then((asks) => asks.pause()).catch(() => {});
    if (state !== "failed") {
      const ready = touched ? "working" : "ready";
      this.dataset.state = state === "ready" ? ready : "loading";
    }
    this.#again = true;
    this.#asking ??= this.#askOn();
    return this.#asking;
  }

  async #askOn() {
    while (this.#again) {
      this.#again = false;
      await this.#askOnce(this.#read());
    }
    this.#asking = undefined;
  }

  /** @param {Reading} reading */
  async #askOnce(reading) {
    const client = runtime();
    if (!reading.touched && client.state !== "failed") {
      this.#tell([], []);
      this.#panel.showNothing();
      this.#askAbout("nothing", reading, undefined);
      return;
    }
    if (client.state === "loading") {
      this.#panel.showLoading(client.step);
    }
    try {
      const answer = await client.calculate(this.#words.id, reading.inputs, this.#day);
      if (!this.#again && this.isConnected) {
        this.#receive(answer, reading);
      }
    } catch (failure) {
      this.#fail(failure instanceof RuntimeFailure ? failure.message : String(failure));
    }
  }

  /** @param {any} answer @param {Reading} reading */
  #receive(answer, reading) {
    const { inputs, missing } = reading;
    const wanted = new Set(missing.map((each) => each.path));
    /** @type {InputError[]} */
    const errors = (answer.errors ?? []).filter((/** @type {InputError} */ each) => !wanted.has(each.field));
    this.#tell(missing, errors);
    const dated = errors.find((each) => each.field === "as_of");
    if (dated) {
      this.#panel.showWrongDay(dated.message);
      this.dataset.state = "error";
      this.#askAbout("nothing", reading, answer);
    } else if (errors.length > 0) {
      this.#panel.showWrong(errors);
      this.dataset.state = "error";
      this.#askAbout("nothing", reading, answer);
    } else if (missing.length > 0) {
      this.#panel.showMissing(missing);
      this.dataset.state = "ready";
      this.#askAbout("half", reading, answer);
    } else {
      const record = this.#record?.of === JSON.stringify(inputs) ? this.#record : undefined;
      this.#panel.showAnswer({ answer, inputs, link: this.#linkTo(inputs), day: this.#day, record });
      this.dataset.state = "answered";
      this.dispatchEvent(new CustomEvent("policy:answer", { detail: answer, bubbles: true }));
      this.#askAbout("answer", reading, answer);
    }
  }

  /**
   * Ask more about what stands there now.
   * @param {import("./ask-panel.js").About["kind"]} kind @param {Reading} reading @param {any} answer
   */
  async #askAbout(kind, reading, answer) {
    if (kind === "nothing" && !this.#asks) {
      return;
    }
    const record = this.#record?.of === JSON.stringify(reading.inputs) ? this.#record : undefined;
    const about = { kind, reading, answer, day: this.#day, record };
    this.#about = about;
    await this.#showAsks(about);
  }

  /** @param {import("./ask-panel.js").About} about */
  async #showAsks(about) {
    this.#asks ??= import("./ask-panel.js").then(({ AskPanel }) => new AskPanel(this, this.#words, (inputs, path) => this.#fill(inputs, path)));
    let asks;
    try {
      asks = await this.#asks;
    } catch {
      this.#asks = undefined;
      tellLost(this.querySelector("output"), "图表和比较", () => this.#about && this.#showAsks(this.#about));
      return;
    }
    this.querySelector("output + .lost")?.remove();
    if (this.#about === about) {
      await asks.show(about);
    }
  }

  /** Fill in what a question found, and go to where it stands. @param {Record<string, unknown>} inputs @param {string} path */
  #fill(inputs, path) {
    this.inputs = inputs;
    const [, name = "", index = "0"] = /^([^[]+)\[(\d+)\]$/.exec(path) ?? [];
    (controls(this.#form, path)[0] ?? controls(this.#form, name)[Number(index)])?.focus();
  }

  /** @param {import("./form-reader.js").Place[]} missing @param {InputError[]} errors */
  #tell(missing, errors) {
    markWanted(this.#form, missing);
    tellErrors(this.#form, this.#words.fields, errors);
  }

  /** @param {string} message */
  #fail(message) {
    this.#panel.showFailure(message);
    this.dataset.state = "error";
    this.#askAbout("nothing", this.#read(), undefined);
  }

  #runtimeChanged() {
    const client = runtime();
    this.#panel.showProgress(client.state === "loading", client.progress);
    if (client.state === "failed") {
      this.#fail(client.failure?.message ?? "");
    } else if (!this.#asking) {
      this.#ask();
    } else if (client.state === "loading") {
      this.#panel.showLoading(client.step);
    }
  }

  /** @param {Event} event */
  #typed(event) {
    const control = /** @type {HTMLElement} */ (event.target);
    const cells = control.closest(".cells");
    if (cells) {
      growList(cells);
    }
    // What was kept because no control could show it gives way to what a person enters.
    for (let field = control.closest("[data-field]"); field; field = field.parentElement?.closest("[data-field]") ?? null) {
      field.removeAttribute("data-given");
    }
    if (control.closest("form")) {
      this.#ask();
    }
  }

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    const input = event.target;
    const text = event.clipboardData?.getData("text") ?? "";
    if (input instanceof HTMLInputElement && input.closest(".cells") && pasteList(this.#form, input, text)) {
      event.preventDefault();
      this.#ask();
    }
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.dataset.goto) {
      controls(this.#form, button.dataset.goto)[0]?.focus();
    } else if (button?.dataset.action) {
      this.#act(button.dataset.action, button);
    }
  }

  /** @param {string} action @param {HTMLButtonElement} button */
  #act(action, button) {
    const path = button.closest("[data-field]")?.getAttribute("data-field") ?? "";
    /** @type {Record<string, () => void>} */
    const actions = {
      example: () => { this.inputs = this.#words.example; },
      copy: () => { copy(this.#panel.text, button); },
      link: () => { copy(this.#linkTo(this.inputs), button); },
      print: () => window.print(),
      save: () => { this.#panel.save().catch(() => tellLost(button.parentElement, "存表格的文件", () => button.click())); },
      compare: () => {
        this.#asks?.then((asks) => asks.compare()).catch(() => {});
        this.querySelector("output + .lost")?.scrollIntoView({ block: "center" });
      },
      retry: () => runtime().retry(),
      today: () => this.#askAsOfToday(),
      bar: () => this.#goFromBar(),
      sign: () => this.#turnSign(path),
      add: () => this.#addEntry(path),
      remove: () => {
        removeEntry(this.#form, path, button.closest(".entry"));
        this.#ask();
      },
    };
    actions[action]?.();
  }

  #askAsOfToday() {
    this.#day = "";
    if (location.hash.includes("=")) {
      history.replaceState(null, "", this.#linkTo(this.inputs));
    }
    this.#ask();
  }

  #goFromBar() {
    const mend = firstToMend(this.#form);
    if (mend) {
      mend.focus();
    } else {
      this.#panel.scrollIntoView();
    }
  }

  /** The keyboards of some phones have no minus. @param {string} path */
  #turnSign(path) {
    for (const control of controls(this.#form, path)) {
      const unsigned = control.value.replace(/^\s*[-−]/, "");
      control.value = unsigned === control.value ? `-${unsigned}` : unsigned;
      control.focus();
    }
    this.#ask();
  }

  /** @param {string} path */
  #addEntry(path) {
    const field = this.#words.fields.find((/** @type {any} */ each) => each.name === path);
    const entry = addEntry(this.#form, field, path);
    /** @type {HTMLElement | null} */ (entry.querySelector("input, select"))?.focus();
    this.#ask();
  }

  /** @param {Event} event */
  async #submitted(event) {
    event.preventDefault();
    await this.#ask();
    firstToMend(this.#form)?.focus();
  }

  /** @param {Event} event */
  #cleared(event) {
    event.preventDefault();
    if (location.hash.includes("=")) {
      history.replaceState(null, "", location.pathname + location.search);
    }
    this.#day = "";
    this.inputs = {};
    this.querySelector("input")?.focus();
  }
}

/**
 * `<policy-calculator calculator="ID">` around a form made at build time: answers as one types.
 * The state stands in `data-state`, the answer's JSON in the output's `data-answer`.
 */

import { answerText, answerView, emptyView, failureView, h, halfView, loadingView } from "./answer-view.js";
import { addLine, controls, fieldElement, pasteList, readForm, writeForm } from "./form-reader.js";
import { fromFragment, toFragment } from "./fragment.js";
import { RuntimeFailure, runtime } from "./runtime-client.js";

const TYPING_MS = 120;
const CHANGED_MS = 1000;

export class PolicyCalculator extends HTMLElement {
  #abort = new AbortController();
  #asked = 0;
  #timer = 0;
  /** @type {any} */
  #words;
  /** @type {any} */
  #answer;
  /** @type {HTMLElement | undefined} */
  #bar;

  connectedCallback() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#words ??= JSON.parse(this.querySelector("script.words")?.textContent ?? "{}");
    this.addEventListener("input", () => this.#later(), { signal });
    this.addEventListener("click", (event) => this.#click(event), { signal });
    this.addEventListener("paste", (event) => this.#paste(event), { signal });
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal });
    this.#form.addEventListener("reset", (event) => this.#reset(event), { signal });
    const client = runtime();
    client.addEventListener("state", () => this.#runtimeChanged(), { signal });
    client.start();
    this.#watchAnswer(signal);
    if (location.hash.includes("=")) {
      this.inputs = fromFragment(location.hash, this.#words.fields);
    } else {
      readForm(this, this.#words.fields);
      this.#later();
    }
    window.addEventListener("hashchange", () => {
      if (location.hash.includes("=")) {
        this.inputs = fromFragment(location.hash, this.#words.fields);
      }
    }, { signal });
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.#bar?.remove();
    this.#bar = undefined;
  }

  /** The form as the calculation's JSON inputs. */
  get inputs() {
    return readForm(this, this.#words.fields).inputs;
  }

  set inputs(inputs) {
    writeForm(this, this.#words.fields, inputs);
    this.#ask();
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  get #output() {
    return /** @type {HTMLOutputElement} */ (this.querySelector("output"));
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#ask(), TYPING_MS);
  }

  /** Ask for the answer to what stands in the form now; an older question's answer is dropped. */
  async #ask() {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    const { inputs, missing, touched } = readForm(this, this.#words.fields);
    if (!touched) {
      this.#clearErrors();
      this.#show("idle", emptyView(this.#words.note));
      this.#forget();
      return;
    }
    const client = runtime();
    if (client.state === "idle" || client.state === "loading") {
      this.#show("loading", loadingView(client.step, client.progress));
    } else if (this.dataset.state !== "answered") {
      this.dataset.state = "working";
    }
    try {
      const answer = await client.calculate(this.#words.id, inputs);
      if (asked === this.#asked && this.isConnected) {
        this.#receive(answer, missing);
      }
    } catch (failure) {
      if (asked === this.#asked) {
        this.#show("error", failureView(failure instanceof RuntimeFailure ? failure.message : String(failure)));
      }
    }
  }

  /** @param {any} answer @param {any[]} missing */
  #receive(answer, missing) {
    const names = new Set(missing.map((field) => field.name));
    const errors = (answer.errors ?? []).filter((/** @type {any} */ each) => !names.has(each.field));
    this.#markWanted(names);
    this.#tellErrors(errors);
    if (errors.length > 0) {
      this.#showWrong(errors);
    } else if (missing.length > 0) {
      this.#forget();
      this.#show("ready", halfView(this.#words, missing));
    } else {
      this.#showAnswer(answer);
    }
  }

  /** @param {any} answer */
  #showAnswer(answer) {
    const before = new Map([...this.querySelectorAll("[data-fact]")].map((each) => [each.getAttribute("data-fact"), each.textContent]));
    const had = Boolean(this.#answer);
    this.#answer = answer;
    const view = answerView(this.#words, answer);
    view.append(this.#actions());
    this.#show("answered", view);
    this.#output.dataset.answer = JSON.stringify(answer);
    if (had) {
      for (const fact of this.querySelectorAll("[data-fact]")) {
        if (before.get(fact.getAttribute("data-fact")) !== fact.textContent) {
          fact.classList.add("changed");
          setTimeout(() => fact.classList.remove("changed"), CHANGED_MS);
        }
      }
    }
    this.dispatchEvent(new CustomEvent("policy:answer", { detail: answer, bubbles: true }));
  }

  /** The last good answer stays, greyed, and says that it is old. @param {any[]} errors */
  #showWrong(errors) {
    const told = h("p", { class: "answer-stale" }, h("strong", {}, `有 ${errors.length} 项要改。`));
    if (this.#answer) {
      told.append("下面是上一次的结果，改好后更新。");
      const view = answerView(this.#words, this.#answer);
      view.classList.add("answer--stale");
      view.prepend(told);
      this.#show("error", view);
    } else {
      this.#show("error", h("div", { class: "answer answer--half" }, told));
    }
    delete this.#output.dataset.answer;
  }

  #forget() {
    this.#answer = undefined;
    delete this.#output.dataset.answer;
  }

  /** @param {string} state @param {HTMLElement} view */
  #show(state, view) {
    this.dataset.state = state;
    this.#output.replaceChildren(view);
    this.#fillBar();
  }

  #runtimeChanged() {
    const client = runtime();
    if (this.dataset.state === "loading" && client.state === "loading") {
      const progress = this.#output.querySelector("progress");
      const note = this.#output.querySelector(".answer-note");
      if (progress && note) {
        progress.value = client.progress;
        note.textContent = `${client.step}。好了马上算，你可以接着填。`;
      }
    } else if (client.state === "failed" && client.failure) {
      this.#asked += 1;
      this.#show("error", failureView(client.failure.message));
    }
  }

  /** @param {Set<string>} names */
  #markWanted(names) {
    for (const field of this.#words.fields) {
      const element = fieldElement(this, field.name);
      element?.toggleAttribute("data-wanted", names.has(field.name));
      element?.querySelector(".field-wanted")?.toggleAttribute("hidden", !names.has(field.name));
    }
  }

  #clearErrors() {
    this.#markWanted(new Set());
    this.#tellErrors([]);
  }

  /** @param {{ field: string, message: string }[]} errors */
  #tellErrors(errors) {
    for (const field of this.#words.fields) {
      const element = fieldElement(this, field.name);
      const told = element?.querySelector(".field-error");
      const mine = errors.filter((each) => each.field.split(/[[.]/)[0] === field.name);
      const wrong = new Set(mine.map((each) => Number(/\[(\d+)\]/.exec(each.field)?.[1] ?? -1)));
      element?.toggleAttribute("data-invalid", mine.length > 0);
      const filled = controls(this, field.name).filter((each) => each.type === "radio" || each.value.trim() !== "");
      for (const control of controls(this, field.name)) {
        const bad = wrong.has(-1) || wrong.has(filled.indexOf(control));
        control.toggleAttribute("aria-invalid", false);
        if (bad && mine.length > 0) {
          control.setAttribute("aria-invalid", "true");
        }
      }
      if (told) {
        told.textContent = mine.map((each) => {
          const place = /\[(\d+)\]/.exec(each.field)?.[1];
          return `${field.label}${place === undefined ? "" : `第 ${Number(place) + 1} 个`}${each.message}。`;
        }).join("");
        told.toggleAttribute("hidden", mine.length === 0);
      }
    }
  }

  #actions() {
    const button = (/** @type {string} */ action, /** @type {string} */ text) =>
      h("button", { type: "button", "data-action": action }, text);
    return h("p", { class: "answer-actions" }, button("copy", "复制结果"), button("link", "复制链接"), button("print", "打印"));
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = event.target instanceof Element ? event.target : null;
    const goto = target?.closest("[data-goto]")?.getAttribute("data-goto");
    if (goto) {
      controls(this, goto)[0]?.focus();
      return;
    }
    const button = target?.closest("[data-action]");
    switch (button?.getAttribute("data-action")) {
      case "example":
        this.inputs = this.#words.example;
        break;
      case "add":
        addLine(this, button?.closest("[data-field]")?.getAttribute("data-field") ?? "")?.focus();
        break;
      case "retry":
        runtime().retry();
        this.#ask();
        break;
      case "copy":
        this.#copy(answerText(this.#words, this.#answer), button);
        break;
      case "link":
        this.#copy(`${location.href.replace(/#.*/, "")}#${toFragment(this.inputs)}`, button);
        break;
      case "print":
        window.print();
        break;
    }
  }

  /** @param {string} text @param {Element | null | undefined} button */
  async #copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
      button?.after(h("span", { class: "copied", role: "status" }, "已复制"));
      setTimeout(() => this.querySelector(".copied")?.remove(), 2 * CHANGED_MS);
    } catch {
      // Without a secure page there is no clipboard: the text stands ready to be copied by hand.
      this.querySelector(".copy-by-hand")?.remove();
      const area = /** @type {HTMLTextAreaElement} */ (h("textarea", { class: "copy-by-hand", readonly: "", "aria-label": "按 Ctrl+C 复制" }));
      area.value = text;
      button?.parentElement?.append(area);
      area.focus();
      area.select();
    }
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.closest(".lines") && pasteList(this, input, event.clipboardData?.getData("text") ?? "")) {
      event.preventDefault();
      this.#later();
    }
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    await this.#ask();
    const wrong = this.querySelector("[data-invalid]:not([hidden]) :is(input, textarea), [data-wanted]:not([hidden]) :is(input, textarea)");
    if (wrong instanceof HTMLElement) {
      wrong.focus();
    }
  }

  /** @param {Event} event */
  #reset(event) {
    event.preventDefault();
    if (location.hash.includes("=")) {
      history.replaceState(null, "", location.pathname + location.search);
    }
    this.inputs = {};
    controls(this, this.#words.fields[0].name)[0]?.focus();
  }

  /** A bar holds the headline while the answer is out of sight. @param {AbortSignal} signal */
  #watchAnswer(signal) {
    const bar = h("div", { class: "answer-bar", hidden: "" });
    this.#bar = bar;
    this.append(bar);
    bar.addEventListener("click", () => {
      const wrong = this.querySelector("[data-invalid]:not([hidden]) :is(input, textarea)");
      if (wrong instanceof HTMLElement) {
        wrong.focus();
      } else {
        this.#output.scrollIntoView({ block: "start" });
      }
    }, { signal });
    const observer = new IntersectionObserver(([entry]) => bar.toggleAttribute("data-away", !entry?.isIntersecting));
    observer.observe(this.#output);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  #fillBar() {
    const bar = this.#bar;
    const state = this.dataset.state;
    const text = this.#output.querySelector(state === "error" ? ".answer-stale strong, .answer-headline" : ".answer-headline")?.textContent ?? "";
    if (bar) {
      bar.toggleAttribute("hidden", state === "idle");
      bar.toggleAttribute("data-wrong", Boolean(this.querySelector("[data-invalid]:not([hidden])")));
      bar.replaceChildren(h("span", {}, text), h("button", { type: "button" }, state === "error" ? "去改" : "看算法"));
    }
  }
}

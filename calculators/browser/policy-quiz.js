/**
 * `<policy-quiz quiz="ID">` around a paper made at build time: practised or sat as an exam, marked by the
 * same core as on the command line, with the answers only in a packed bank. `data-view` says what is shown
 * (start, one, all, end), `data-state` how far the answer is.
 */

import { h } from "./dom.js";
import { QuizControls } from "./quiz-controls.js";
import { endView, notesOn } from "./quiz-end-view.js";
import { historyView } from "./quiz-history-view.js";
import { comparable, remembered } from "./quiz-memory.js";
import { QuizPaper } from "./quiz-paper.js";
import { isAnswered, newRound, remaining, ticked } from "./quiz-round.js";
import { QuizStart } from "./quiz-start.js";
import { QuizStore } from "./quiz-store.js";
import { dayOf, TROUBLES, verdictWords } from "./quiz-words.js";
import { RuntimeFailure, runtime, today } from "./runtime-client.js";

/** @typedef {import("./quiz-round.js").Answers} Answers */
/** @typedef {import("./quiz-round.js").Round} Round */
/** @typedef {import("./quiz-round.js").Wishes} Wishes */

const TICK_MS = 1000;
const KEEP_EVERY = 5;
const TOLD_AT_MS = [300_000, 60_000];
/** A round that was handed in can be looked at again for this long after a reload. */
const SHOWN_AGAIN_MS = 86_400_000;
/** @type {Wishes} */
const PLAIN = { mode: "exam", single: false, items: false, options: false, seed: "", limit: 0, multiple: "exact", only: null };
export class PolicyQuiz extends HTMLElement {
  #abort = new AbortController();
  #timer = 0;
  #ticks = 0;
  #tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
  /** @type {any} */
  #words;
  /** @type {QuizPaper} */
  #paper = /** @type {any} */ (undefined);
  /** @type {QuizStore} */
  #store = /** @type {any} */ (undefined);
  /** @type {QuizControls} */
  #controls = /** @type {any} */ (undefined);
  /** @type {QuizStart} */
  #start = /** @type {any} */ (undefined);
  /** @type {Round | undefined} */
  #round;
  /** The verdicts of the questions that were told, by question. @type {Map<string, string>} */
  #verdicts = new Map();

  connectedCallback() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#words ??= JSON.parse(this.querySelector("script.words")?.textContent ?? "{}");
    this.#paper = new QuizPaper(/** @type {HTMLFormElement} */ (this.querySelector("form")), this.#words);
    this.#store = new QuizStore(this.#words.id, this.#paper.sections);
    this.#controls = new QuizControls(this, this.#paper);
    this.#start = new QuizStart(this.#part(".quiz-start"), this.#paper, this.#store);
    this.addEventListener("input", (event) => this.#typed(event), { signal });
    this.addEventListener("click", (event) => this.#click(event), { signal });
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#paper.form.addEventListener("submit", (event) => this.#submit(event), { signal });
    window.addEventListener("storage", (event) => this.#elsewhere(event), { signal });
    window.addEventListener("pagehide", () => this.#keep(), { signal });
    document.addEventListener("visibilitychange", () => this.#keep(), { signal });
    this.#timer = window.setInterval(() => this.#tick(), TICK_MS);
    runtime().start();
    const mine = this.#store.round(this.#store.mine);
    if (mine && mine.bank === this.#words.shown) {
      this.#open(mine);
    } else {
      this.#leave();
    }
  }

  disconnectedCallback() {
    this.#abort.abort();
    clearInterval(this.#timer);
  }

  /** The paper as it is filled in: letters, truth values, texts by blank, key points. @returns {Answers} */
  get answers() {
    const given = this.#round?.answers ?? {};
    return Object.fromEntries(this.#paper.sections.flatMap(({ items }) => items).flatMap(({ id }) => {
      const value = given[id];
      return value === undefined ? [] : [[id, value]];
    }));
  }

  set answers(answers) {
    if (!this.#round || this.#round.done) {
      this.#begin(PLAIN);
    }
    const round = /** @type {Round} */ (this.#round);
    round.answers = { ...answers };
    this.#open(round);
    this.#keep();
  }

  /** @param {string} selector @returns {HTMLElement} */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector));
  }

  /** Tell a screen reader what the eye sees at once. @param {string} text */
  #say(text) {
    this.#part(".quiz-said").textContent = text;
  }

  // ---- the round -----------------------------------------------------------

  /** @param {Wishes} wishes */
  #begin(wishes) {
    const id = [Date.now().toString(36), this.#tab].join("-");
    this.#forget();
    this.#open(newRound(this.#paper.sections, wishes, { id, bank: this.#words.shown, now: Date.now(), tab: this.#tab }));
    this.#keep();
    this.#focus(/** @type {Round} */ (this.#round).at);
  }

  /** Go on with a round: this tab has it now. @param {Round} round */
  #open(round) {
    this.#round = { ...round, tab: this.#tab, kept: Date.now() };
    this.#store.mine = round.id;
    this.#verdicts.clear();
    this.#paper.arrange(this.#round);
    this.#part(".quiz-result").replaceChildren();
    this.#part(".quiz-start").replaceChildren();
    this.#show(this.#round.wishes.single ? "one" : "all");
    this.dataset.state = "ready";
    this.#store.keep(this.#round);
    if (round.done) {
      this.#finish();
    } else {
      this.#tellAgain();
    }
  }

  /** @param {"start" | "one" | "all" | "end"} view */
  #show(view) {
    this.dataset.view = view;
    this.removeAttribute("data-whole");
    const round = this.#round;
    if (round) {
      this.#paper.show(round, view === "one" ? round.at : "");
    }
    this.#follow();
  }

  #follow() {
    if (this.#round && ["one", "all"].includes(this.dataset.view ?? "")) {
      this.#controls.follow(this.#round, this.#verdicts, TROUBLES[this.#store.trouble]);
    }
  }

  /** @param {string} id */
  #go(id) {
    const round = /** @type {Round} */ (this.#round);
    round.at = id;
    this.#keep();
    this.#show(round.wishes.single ? "one" : "all");
    this.#focus(id);
  }

  /** @param {string} id */
  #focus(id) {
    const legend = id ? this.#paper.place(id).querySelector("legend") : null;
    legend?.focus({ preventScroll: true });
    if (this.dataset.view === "one" || id === this.#round?.order[0]) {
      window.scrollTo(0, 0);
    } else {
      legend?.scrollIntoView({ block: "start" });
    }
  }

  // ---- marking -------------------------------------------------------------

  /** @param {Round} round @param {string[] | null} only @returns {Promise<any>} */
  async #mark(round, only) {
    const answers = only ? Object.fromEntries(Object.entries(this.answers).filter(([id]) => only.includes(id))) : this.answers;
    const bank = { url: this.dataset.bank ?? "", crc32: Number(this.dataset.bankCrc32) };
    const marking = await runtime().mark(bank, answers, { multiple: round.wishes.multiple, ...(only ? { only } : {}) });
    if (marking.errors) {
      throw new Error(marking.errors.map((/** @type {any} */ each) => `${each.field}：${each.message}`).join("；"));
    }
    return marking;
  }

  /** Tell one question in practice. @param {string} id */
  async #tell(id) {
    const round = /** @type {Round} */ (this.#round);
    this.dataset.state = "working";
    try {
      const marking = await this.#mark(round, [id]);
      if (this.#round !== round) {
        return; // another round was begun meanwhile
      }
      this.dataset.state = "ready";
      round.told = [...new Set([...round.told, id])];
      this.#showMarked(round, marking);
      this.#remember(round, marking);
      this.#keep();
      this.#follow();
      this.#say(marking.items.map((/** @type {any} */ each) => verdictWords(round, this.#paper.question(id).item, this.#paper.question(id).kind, each)).join(""));
    } catch (failure) {
      this.#fail(failure);
    }
  }

  /** After a reload, what was told before is told again. */
  async #tellAgain() {
    const round = /** @type {Round} */ (this.#round);
    if (round.told.length > 0) {
      try {
        const marking = await this.#mark(round, round.told);
        if (this.#round === round) {
          this.#showMarked(round, marking);
          this.#follow();
        }
      } catch (failure) {
        this.#fail(failure);
      }
    }
  }

  /** @param {Round} round @param {any} marking */
  #showMarked(round, marking) {
    for (const marked of marking.items) {
      this.#paper.tell(round, marked);
      this.#verdicts.set(marked.id, marked.correct === null ? "open" : marked.correct ? "right" : "wrong");
    }
  }

  /** Hand in: the whole of what was asked is marked; answers stay as they are, whatever happens. @param {string} [note] */
  async #finish(note = "") {
    const round = ticked(/** @type {Round} */ (this.#round), Date.now());
    this.#round = round;
    this.dataset.state = "working";
    this.#part(".quiz-result").replaceChildren(h("p", { class: "quiz-waiting" }, "正在判分……"));
    try {
      const marking = await this.#mark(round, round.wishes.only ? round.order : null);
      if (this.#round !== round) {
        return;
      }
      const again = Boolean(round.done);
      round.done ||= Date.now();
      this.#showMarked(round, marking);
      // Looked at again after a reload it is the same round; key points ticked since make it another score.
      if (this.#store.record.rounds.find((each) => each.id === round.id)?.marks !== marking.marks) {
        this.#remember(round, marking);
      }
      this.#showEnd(round, marking, note);
      this.#keep();
      this.dataset.state = "answered";
      if (!again) {
        const score = this.#part(".quiz-score");
        score.focus({ preventScroll: true });
        window.scrollTo(0, 0);
      }
      this.dispatchEvent(new CustomEvent("policy:marked", { detail: marking, bubbles: true }));
    } catch (failure) {
      this.#fail(failure);
    }
  }

  /** @param {Round} round @param {any} marking */
  #remember(round, marking) {
    this.#store.add(remembered(this.#store.record, this.#words, round, marking, { now: Date.now(), day: dayOf(round.done ?? Date.now()) }));
  }

  /** @param {Round} round @param {any} marking @param {string} note */
  #showEnd(round, marking, note) {
    const { record } = this.#store;
    const { rounds } = record;
    const finished = /** @type {any} */ (rounds.find((each) => each.id === round.id));
    const before = comparable(record, round.id);
    const trouble = TROUBLES[this.#store.trouble];
    const notes = [...(note ? [note] : []), ...notesOn(this.#paper, round, marking), ...(trouble ? [trouble] : [])];
    this.#part(".quiz-result").replaceChildren(
      h("div", { class: "result" }, ...endView(this.#paper, round, marking, { finished, before, today: today(), notes })),
      h("div", { class: "quiz-past" }, ...historyView(rounds, this.#words.digest, today(), round.id)));
    this.#show("end");
  }

  /** @param {unknown} failure */
  #fail(failure) {
    this.dataset.state = "error";
    const message = failure instanceof Error ? failure.message : String(failure);
    const [action, word] = failure instanceof RuntimeFailure && failure.kind === "changed" ? ["reload", "刷新"] : ["retry", "重试"];
    this.#part(".quiz-result").replaceChildren(h("div", { class: "result", role: "alert" },
      h("p", { class: "quiz-failed" }, "现在判不了分"), h("p", {}, message),
      h("p", {}, h("button", { type: "button", class: "button", "data-action": action }, word))));
  }

  // ---- what the reader does ------------------------------------------------

  /** @param {Event} event */
  #typed(event) {
    const target = event.target;
    if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) || this.#start.typed(target)) {
      return;
    }
    const id = this.#paper.idAt(target);
    const round = this.#round;
    if (!id || !round) {
      return;
    }
    this.#readIn(round, id);
    if (target.dataset.point) {
      const point = target.dataset.point;
      const marked = round.done ? this.#finish() : this.#tell(id);
      marked.then(() => /** @type {HTMLElement | null} */ (this.#paper.place(id).querySelector(`[data-point="${point}"]`))?.focus());
      return;
    }
    if (!round.wishes.single) {
      round.at = id;
    }
    this.#keep();
    this.#follow();
  }

  /** @param {Round} round @param {string} id */
  #readIn(round, id) {
    const value = this.#paper.read(id);
    if (value === undefined) {
      delete round.answers[id];
    } else {
      round.answers[id] = value;
    }
    if (this.#paper.question(id).kind === "essay") {
      round.texts[id] = this.#paper.text(id);
    }
  }

  /** Enter goes one step on; only a button that says so, or a script, hands in. @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    if (!this.#round || this.#round.done) {
      this.#begin(PLAIN);
    }
    const round = /** @type {Round} */ (this.#round);
    const steps = event.submitter?.getAttribute("data-action") === "step";
    const asks = round.wishes.mode === "practice" && !this.#verdicts.has(round.at);
    const open = round.order.filter((id) => !isAnswered(round, id)).length;
    if (steps && asks) {
      this.#tell(round.at);
    } else if (steps && round.at !== round.order.at(-1)) {
      this.#go(round.order[round.order.indexOf(round.at) + 1] ?? round.at);
    } else if (event.submitter && open > 0 && round.wishes.single) {
      this.#controls.ask(event.submitter, `还有 ${open} 题没答，现在就${round.wishes.mode === "exam" ? "交卷" : "看成绩"}？`, "finish-now", "就这样");
    } else {
      this.#finish();
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && event.target.closest(".quiz-start")) {
      event.preventDefault();
      this.#startNow();
    }
  }

  #startNow() {
    const wishes = this.#start.wishes(this.#words.digests);
    if (wishes) {
      this.#begin(wishes);
    }
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    const action = button?.getAttribute("data-action") ?? "";
    const round = this.#round;
    /** @type {Record<string, () => void>} */
    const actions = {
      start: () => this.#startNow(),
      review: () => this.#begin({ ...PLAIN, mode: "practice", single: true, only: this.#start.due(this.#words.digests) }),
      resume: () => {
        const kept = this.#store.round(button?.getAttribute("data-round") ?? "");
        if (kept) {
          this.#open(kept);
          this.#focus(kept.at);
        }
      },
      drop: () => {
        this.#store.drop(button?.getAttribute("data-round") ?? "");
        this.#leave();
      },
      go: () => {
        event.preventDefault();
        this.#go(button?.getAttribute("data-id") ?? "");
      },
      tell: () => void this.#tell(this.#paper.idAt(button)),
      back: () => round && this.#go(round.order[round.order.indexOf(round.at) - 1] ?? round.at),
      reload: () => location.reload(),
      retry: () => {
        runtime().retry();
        this.#part(".quiz-result").replaceChildren();
        void (this.dataset.view === "one" && round?.wishes.mode === "practice" ? this.#tell(round.at) : this.#finish());
      },
      "finish-now": () => void this.#finish(),
      restart: () => this.#controls.ask(/** @type {HTMLElement} */ (button), "这一轮的答案会清掉，成绩不记。", "restart-now", "清掉"),
      "restart-now": () => {
        this.#forget();
        this.#leave();
      },
      "ask-not": () => this.#controls.askNot(),
      "practise-wrong": () => {
        const wrong = [...this.#verdicts].filter(([, verdict]) => verdict === "wrong").map(([id]) => id);
        this.#begin({ ...PLAIN, mode: "practice", single: true, only: wrong });
      },
      again: () => round && this.#begin({ ...round.wishes, only: null }),
      leave: () => {
        this.#forget();
        this.#leave();
        window.scrollTo(0, 0);
        this.#part(".quiz-start").focus({ preventScroll: true });
      },
      whole: () => {
        const whole = this.toggleAttribute("data-whole");
        button?.setAttribute("aria-pressed", String(whole));
      },
      "print-result": () => this.#start.print(this, "result"),
      "print-paper": () => this.#start.print(this, "paper"),
      "print-certificate": () => {
        const finished = this.#store.record.rounds.find((each) => each.id === round?.id);
        if (finished) {
          this.#start.printCertificate(this, this.#words.title, finished);
        }
      },
      download: () => this.#start.download(),
      clear: () => this.#controls.ask(/** @type {HTMLElement} */ (button), "历史、错题本和没做完的都会清掉，找不回来。", "clear-now", "清除"),
      "clear-now": () => {
        this.#store.clear(Date.now());
        this.#round = undefined;
        this.#leave();
      },
    };
    actions[action]?.();
  }

  // ---- keeping -------------------------------------------------------------

  #keep() {
    const round = this.#round;
    if (!round || this.#steppedAside(round)) {
      return;
    }
    if (!round.done) {
      Object.assign(round, ticked(round, Date.now()));
    }
    this.#store.keep(round);
  }

  /** A round that another tab has taken over is its own: this tab writes nothing over it. @param {Round} round */
  #steppedAside(round) {
    const theirs = this.#store.round(round.id);
    if (!theirs || theirs.tab === this.#tab) {
      return false;
    }
    this.#leave();
    this.#start.tell("这一轮正在另一个标签页里接着做；要在这里做，点“接着做”。");
    return true;
  }

  /** Drop this tab's round. */
  #forget() {
    if (this.#round) {
      this.#store.drop(this.#round.id);
    }
    this.#round = undefined;
    this.#store.mine = "";
  }

  /** Back to the first screen. */
  #leave() {
    this.#round = undefined;
    this.#verdicts.clear();
    this.#controls.askNot();
    this.#paper.arrange(newRound(this.#paper.sections, PLAIN, { id: "", bank: "", now: 0, tab: "" }));
    this.#part(".quiz-result").replaceChildren();
    this.dataset.state = "idle";
    this.#show("start");
    this.#start.show(this.#words, TROUBLES[this.#store.trouble], SHOWN_AGAIN_MS);
  }

  #tick() {
    const round = this.#round;
    if (!round || round.done || this.dataset.state === "working" || document.hidden) {
      return;
    }
    const before = remaining(round);
    Object.assign(round, ticked(round, Date.now()));
    const left = remaining(round);
    this.#controls.tellTime(round);
    TOLD_AT_MS.filter((each) => before > each && left <= each).forEach((each) => this.#say(`还剩 ${each / 60_000} 分钟`));
    this.#ticks += 1;
    if (left === 0) {
      this.#finish("时间到，已经交卷。");
    } else if (this.#ticks % KEEP_EVERY === 0) {
      this.#keep();
    }
  }

  /** Another tab changed what is kept. @param {StorageEvent} event */
  #elsewhere(event) {
    const changed = this.#store.roundOf(event);
    if (this.#round && changed === this.#round.id) {
      if (!this.#steppedAside(this.#round) && event.newValue === null) {
        this.#leave();
        this.#start.tell("这一轮在另一个标签页里收起了。");
      }
      return;
    }
    if (!changed) {
      this.#store.meet();
    }
    if (this.dataset.view === "start") {
      this.#start.refresh(this.#words, TROUBLES[this.#store.trouble], SHOWN_AGAIN_MS);
    }
  }
}

/**
 * Many at once: a table comes in, its columns are matched, its rows computed by the same core as the form above, and
 * the table goes back with the results beside. The state stands in `data-state`: empty, reading, ready, running, done.
 */

import { h, tellLost, wordButton } from "./dom.js";
import { MOST_BYTES, TOO_LARGE } from "./many-limits.js";
import { Reader } from "./many-reader.js";
import { ask, computeRows } from "./many-run.js";
import { cardView, columnsView, dropView, formSheets, tableView, wrongView } from "./many-views.js";

/**
 * @typedef {import("./many-views.js").Line} Line
 * @typedef {import("./many-views.js").Known} Known
 */

const [FEW, MORE, MOST_KEPT] = [8, 50, 200];
const COMMA_TYPE = "text/csv";

/** Fill the section when it is opened; rejects where a part of it does not come. @param {Element} section */
export async function openMany(section) {
  const place = h("div", { class: "many-body" });
  const [response] = await Promise.all([fetch(new URL("many.json", location.href), { cache: "no-cache" }), styled()]);
  const panel = new ManyPanel(place, section.getAttribute("data-calculator") ?? "", await response.json());
  section.append(place);
  panel.listen();
  panel.forget();
}

function styled() {
  return new Promise((resolve, reject) => {
    const link = h("link", { rel: "stylesheet", href: new URL("./many.css", import.meta.url).href });
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
    document.head.append(link);
  });
}

class ManyPanel {
  #reader = new Reader();
  #turn = new AbortController();
  #lead = h("p", { class: "many-lead" }, "放进一张表，每行一个人；算好后原样取回，右边多出结果，算不了的写着原因。文件不离开这台设备。", wordButton("form", "下载空表"));
  #source = h("div");
  #columns = h("div");
  #work = h("div", { class: "many-work" });
  #wrongPlace = h("div");
  #tablePlace = h("div");
  #progress = /** @type {HTMLProgressElement} */ (h("progress", { max: "1", "aria-label": "算到哪里" }));
  #told = h("p", { class: "many-told", role: "status" });
  #count = h("p", { class: "many-count" });
  #file = "";
  #rows = 0;
  /** @type {string[]} */
  #header = [];
  /** @type {(string | null)[]} */
  #means = [];
  /** What a column can mean, by name. @type {Map<string, string>} */
  #names = new Map();
  /** @type {Line[]} */
  #first = [];
  /** @type {Line[]} */
  #wrong = [];
  #wrongCount = 0;
  /** @type {import("./many-table.js").Column[]} */
  #results = [];
  #shown = FEW;
  #onlyWrong = false;

  /** @param {HTMLElement} place @param {string} calculator @param {{ words: unknown, columns: Known[] }} known */
  constructor(place, calculator, known) {
    this.place = place;
    this.calculator = calculator;
    this.known = known;
    place.replaceChildren(this.#lead, this.#source, this.#told, this.#columns, this.#work, this.#wrongPlace, this.#tablePlace);
  }

  listen() {
    const { place } = this;
    place.addEventListener("click", (event) => this.#clicked(event));
    place.addEventListener("change", (event) => this.#changed(/** @type {HTMLElement} */ (event.target)));
    place.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text") ?? "";
      if (event.target instanceof HTMLTextAreaElement && text) {
        event.preventDefault();
        this.#read({ text }, "粘贴的表");
      }
    });
    place.addEventListener("dragover", (event) => {
      event.preventDefault();
      place.toggleAttribute("data-over", true);
    });
    place.addEventListener("dragleave", () => place.removeAttribute("data-over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.removeAttribute("data-over");
      this.#readFile(event.dataTransfer?.files[0]);
    });
  }

  /** Begin anew. */
  forget() {
    this.#turn.abort();
    this.#set("empty");
    this.#source.replaceChildren(dropView());
    for (const each of [this.#columns, this.#work, this.#wrongPlace, this.#tablePlace]) {
      each.replaceChildren();
    }
    this.#tell("");
  }

  /** @param {string} state */
  #set(state) {
    this.place.dataset.state = state;
  }

  /** @param {string} text @param {boolean} [wrong] */
  #tell(text, wrong = false) {
    this.#told.textContent = text;
    this.#told.toggleAttribute("data-wrong", wrong);
  }

  /** @param {File | undefined} file */
  #readFile(file) {
    if (file && file.size > MOST_BYTES) {
      this.forget();
      this.#tell(TOO_LARGE, true);
    } else if (file) {
      this.#read({ file }, file.name);
    }
  }

  /** @param {{ file?: File, text?: string }} given @param {string} name */
  async #read(given, name) {
    this.forget();
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    this.#set("reading");
    this.#tell("正在读表格");
    try {
      const { header, count, first } = await this.#reader.read(given);
      const { means, named } = await ask({ call: "guess", calculator: this.calculator, words: this.known.words, header });
      signal.throwIfAborted();
      [this.#file, this.#rows, this.#header, this.#means] = [name, count, header, means];
      this.#names = new Map([...this.known.columns.map((each) => /** @type {[string, string]} */ ([each.name, each.heading])),
        ...means.flatMap((/** @type {string | null} */ mean, /** @type {number} */ at) => (mean ? [/** @type {[string, string]} */ ([mean, named[at]])] : []))]);
      this.#first = first.map((row) => ({ row }));
      this.#source.replaceChildren(cardView(name, count));
      this.#showReady(`读好了，共 ${count} 行。`);
      /** @type {HTMLElement | null} */ (this.#source.querySelector(".many-name"))?.focus();
    } catch (error) {
      this.#fail(error, signal, () => this.forget());
    }
  }

  /** What cannot be done is told; what was asked for no longer is not. @param {unknown} error @param {AbortSignal} signal @param {() => void} back */
  #fail(error, signal, back) {
    if (!signal.aborted) {
      back();
      this.#tell(error instanceof Error ? error.message : String(error), true);
    }
  }

  /** @param {string} text */
  #showReady(text) {
    [this.#results, this.#wrong, this.#wrongCount, this.#shown, this.#onlyWrong] = [[], [], 0, FEW, false];
    this.#first = this.#first.map(({ row }) => ({ row }));
    this.#set("ready");
    this.#tell(text);
    this.#wrongPlace.replaceChildren();
    this.#showColumns(false);
    this.#showTable();
  }

  /** @param {boolean} open */
  #showColumns(open) {
    const complaints = this.#complaints();
    this.#columns.replaceChildren(columnsView(this.#header, this.#means, this.#names, complaints.map(({ text }) => text), open || complaints.length > 0));
    const start = h("button", { type: "button", class: "button", "data-action": "start" }, `算这 ${this.#rows} 行`);
    start.toggleAttribute("disabled", complaints.some(({ stops }) => stops));
    this.#work.replaceChildren(h("p", {}, start));
  }

  /** What is wrong with what the columns mean. */
  #complaints() {
    const used = this.#means.filter((mean) => mean !== null);
    const twice = [...new Set(used.filter((mean, at) => used.indexOf(mean) < at && !this.known.columns.some(({ name, list }) => list && name === mean)))];
    const fields = new Set(used.map((mean) => /^[^[.]+/.exec(mean)?.[0]));
    const missing = this.known.columns.filter(({ need, field }) => need === "要填" && !fields.has(field)).map(({ heading }) => heading);
    return [
      ...twice.map((mean) => ({ stops: true, text: `有几列都对应到“${this.#names.get(mean)}”，只能有一列。` })),
      ...(used.length === 0 ? [{ stops: true, text: "没有认出要用的列，请在下面对应。" }] : []),
      ...(used.length > 0 && missing.length > 0 ? [{ stops: false, text: `还没有对应到的列：${missing.join("、")}。不对应，每一行都算不了。` }] : []),
    ];
  }

  #showTable() {
    const all = this.#onlyWrong ? this.#wrong : this.#first;
    const lines = all.slice(0, this.#shown);
    const total = this.#onlyWrong ? this.#wrongCount : this.#rows;
    const rest = total - lines.length;
    const words = [
      ...(all.length > lines.length ? [wordButton("more", `多看 ${Math.min(MORE, all.length - lines.length)} 行`)] : []),
      ...(this.#wrongCount > 0 ? [wordButton("only", this.#onlyWrong ? "看全部" : "只看有误的")] : []),
    ];
    this.#tablePlace.replaceChildren(tableView(this.#header, this.#results, lines, this.#results.length > 0 ? "结果" : "预览"),
      h("p", { class: "many-more" }, ...(rest > 0 ? [h("span", {}, `另有 ${rest} 行没有列出`)] : []), ...words));
  }

  async #start() {
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    this.#showReady("");
    this.#set("running");
    this.#progress.value = 0;
    this.#count.textContent = `共 ${this.#rows} 行，正在准备`;
    const stop = h("button", { type: "button", class: "button button--second", "data-action": "stop" }, "停下");
    this.#columns.replaceChildren();
    this.#work.replaceChildren(this.#progress, this.#count, h("p", {}, stop));
    stop.focus();
    const asked = { calculator: this.calculator, words: this.known.words, header: this.#header, means: this.#means };
    let done = 0;
    let tenth = 0;
    try {
      this.#results = await computeRows(this.#reader, this.#rows, asked, (rows, results) => {
        rows.forEach((row, at) => this.#keep(done + at, row, results[at]));
        done += rows.length;
        this.#progress.value = done / this.#rows;
        this.#count.textContent = `已算 ${done} 行，共 ${this.#rows} 行`;
        if (Math.floor(10 * done / this.#rows) > tenth) {
          tenth = Math.floor(10 * done / this.#rows);
          this.#tell(`已算 ${10 * tenth}%`);
        }
      }, signal);
      signal.throwIfAborted();
      this.#showDone();
    } catch (error) {
      this.#fail(error, signal, () => this.#showReady(""));
    }
  }

  /** @param {number} at @param {import("./many-table.js").Row} row @param {import("./many-table.js").Result | undefined} result */
  #keep(at, row, result) {
    const line = { row, result };
    if (at < this.#first.length) {
      this.#first[at] = line;
    }
    if (result?.errors) {
      this.#wrongCount += 1;
      if (this.#wrong.length < MOST_KEPT) {
        this.#wrong.push(line);
      }
    }
  }

  #showDone() {
    this.#set("done");
    this.#tell(`算好了，共 ${this.#rows} 行${this.#wrongCount > 0 ? `，${this.#wrongCount} 行有误` : ""}。`);
    const take = h("button", { type: "button", class: "button", "data-action": "sheet" }, "取回表格");
    this.#work.replaceChildren(h("p", {}, take, h("button", { type: "button", class: "button button--second", "data-action": "comma" }, "取回 CSV")));
    this.#wrongPlace.replaceChildren(...(this.#wrongCount > 0 ? [wrongView(this.#wrongCount, this.#wrong, this.#means)] : []));
    this.#showTable();
    take.focus();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const lost = () => tellLost(button?.parentElement, "存表格的文件", () => button?.click());
    /** @type {Record<string, () => void>} */
    const actions = {
      form: () => { this.#giveForm().catch(lost); },
      forget: () => { this.forget(); this.#source.querySelector("input")?.focus(); },
      start: () => { this.#start(); },
      stop: () => this.#stop(),
      more: () => { this.#shown += MORE; this.#showTable(); },
      only: () => { this.#onlyWrong = !this.#onlyWrong; this.#shown = FEW; this.#showTable(); },
      sheet: () => { this.#give("sheet", ".xlsx").catch(lost); },
      comma: () => { this.#give("comma", ".csv").catch(lost); },
    };
    const action = button?.dataset.action ?? "";
    actions[action]?.();
    if (action === "more" || action === "only") {
      /** @type {HTMLElement | null} */ (this.#tablePlace.querySelector(`[data-action="${action}"]`) ?? this.#tablePlace.querySelector(".many-table"))?.focus();
    }
  }

  /** @param {HTMLElement} control */
  #changed(control) {
    if (control instanceof HTMLInputElement) {
      this.#readFile(control.files?.[0]);
    } else if (control instanceof HTMLTextAreaElement && control.value.trim()) {
      this.#read({ text: control.value }, "粘贴的表");
    } else if (control instanceof HTMLSelectElement) {
      this.#means[Number(control.dataset.column)] = control.value || null;
      this.#showReady("");
      this.#showColumns(true);
      /** @type {HTMLElement | null} */ (this.#columns.querySelector(`[data-column="${control.dataset.column}"]`))?.focus();
    }
  }

  #stop() {
    this.#turn.abort();
    this.#showReady("已停下，什么也没有取回。可以重新算。");
    /** @type {HTMLElement | null} */ (this.#work.querySelector("button"))?.focus();
  }

  async #giveForm() {
    const { handOver, SHEET_TYPE, workbook } = await import("./save-workbook.js");
    handOver(workbook(formSheets(this.known.columns)), SHEET_TYPE, `${document.querySelector("h1")?.textContent?.trim() ?? ""} 空表.xlsx`);
  }

  /** @param {"sheet" | "comma"} form @param {string} ending */
  async #give(form, ending) {
    const { handOver, SHEET_TYPE } = await import("./save-workbook.js");
    const blob = await this.#reader.ask(form, { columns: this.#results });
    handOver([blob], form === "sheet" ? SHEET_TYPE : COMMA_TYPE, `${this.#file.replace(/\.\w+$/, "")} 结果${ending}`);
  }
}

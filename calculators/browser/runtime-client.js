/**
 * The page's one client of the runtime: starts the worker when it is first needed, hands it every question
 * at once (it answers them when it is ready), and turns every failure into a sentence that a reader can act on.
 *
 * @typedef {"idle" | "loading" | "ready" | "failed"} State
 * @typedef {"unsupported" | "network" | "damaged" | "changed" | "timeout" | "stopped"} Kind
 * @typedef {{ resolve: (value: any) => void, reject: (error: RuntimeFailure) => void, message: object, limit: number, timer: number }} Waiting
 */

/** Without a sign of life for this long while files come in, the reader is told; what comes late still counts. */
const SILENCE_MS = 4000;
/** Starting Python is silent work; a slow phone needs its time. */
const START_MS = 30_000;
const ANSWER_MS = 10_000;
/** What is asked beside an answer gives up earlier. */
const QUESTION_MS = 4000;
/** A page that is only busy lets no timer wait for so long. */
const ASLEEP_MS = 2000;

const FETCHING = "正在取运行文件";
/** @type {Record<Kind, string>} */
const SENTENCES = {
  unsupported: "这个浏览器不能在本机计算，请换一个新一点的浏览器，或在电脑上打开。条文和数字照样可以读。",
  network: "运行文件没有取到，可能是网络断了。填好的内容还在，请检查网络后重试。",
  damaged: "运行文件不完整，算不出可靠的结果。填好的内容还在，请重试或刷新这一页；还不行就告诉管理手册的人。",
  changed: "题库刚更新过，和这一页对不上。请刷新这一页；题目没有变的话，可以接着做。",
  timeout: "等得太久，已经停下。填好的内容还在，请重试。",
  stopped: "计算中断了。填好的内容还在，请重试。",
};

/** A failure of the runtime, in the reader's words. */
export class RuntimeFailure extends Error {
  /** @param {Kind} kind @param {string} [detail] @param {string} [file] which one is damaged */
  constructor(kind, detail = "", file = "") {
    super(SENTENCES[kind] ?? SENTENCES.stopped);
    this.name = "RuntimeFailure";
    this.kind = kind;
    this.detail = detail;
    this.file = file;
  }
}

/** Answers questions through the worker; emits `state` with `{state, step, progress}`. */
export class RuntimeClient extends EventTarget {
  /** @type {Worker | undefined} */
  #worker;
  /** @type {State} */
  state = "idle";
  step = "";
  progress = 0;
  /** @type {RuntimeFailure | undefined} */
  failure;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #next = 1;
  #watch = 0;

  /** @param {URL} workerUrl */
  constructor(workerUrl) {
    super();
    this.workerUrl = workerUrl;
  }

  /** Start the worker, once. */
  start() {
    if (this.state !== "idle") {
      return;
    }
    const early = takenOver();
    try {
      this.#worker = early?.worker ?? new Worker(this.workerUrl, { type: "module" });
    } catch (error) {
      this.#fail("unsupported", String(error));
      return;
    }
    const worker = this.#worker;
    this.#waiting.forEach(({ message }, id) => worker.postMessage({ id, ...message }));
    // What a worker has said before it was stopped counts no more.
    const hear = (/** @type {Event} */ event) => worker === this.#worker && this.#hear(event);
    Object.assign(worker, { onmessage: hear, onerror: hear });
    this.#expectLife(SILENCE_MS, "network");
    // Told last: who hears it may ask at once, and a question goes straight to the worker.
    this.#tell("loading", FETCHING, 0);
    early?.heard.forEach(hear);
  }

  /** Start afresh after a failure; the browser may have kept what is damaged, so that comes in anew before. */
  async retry() {
    const { kind, file } = this.failure ?? {};
    this.#stop();
    this.failure = undefined;
    if (kind === "damaged" && file) {
      this.#expectLife(SILENCE_MS, "network");
      this.#tell("loading", FETCHING, 0);
      await this.#fetchAnew(file).catch(() => {}); // The start that follows says what is wrong.
    }
    if (!this.#worker) {
      this.state = "idle";
      this.failure = undefined;
      this.start();
    }
  }

  /** @param {string} file */
  async #fetchAnew(file) {
    const { body } = await fetch(new URL(file, this.workerUrl), { cache: "reload" });
    const reader = body?.getReader();
    while (reader && !(await reader.read()).done) {
      this.#expectLife(SILENCE_MS, "network");
    }
  }

  /**
   * Answer one question of a calculator; without a day, the reader's own counts.
   * @param {string} calculator
   * @param {object} inputs
   * @param {string} [day]
   * @returns {Promise<any>} the answer, or `{errors}`
   */
  calculate(calculator, inputs, day = "") {
    return this.#ask({ request: { call: "calculate", calculator, inputs, as_of: day || today() } });
  }

  /**
   * Mark a paper against a bank.
   * @param {{ url: string | URL, crc32: number }} asked  the bank, and the sum of its file as the page knows it
   * @param {object} answers
   * @param {{ multiple?: string, only?: string[] }} [how]  what too few options earn, and what was asked
   * @returns {Promise<any>} the marking, or `{errors}`
   */
  mark({ url, crc32 }, answers, how = {}) {
    const bank = { url: new URL(url, document.baseURI).href, crc32 };
    return this.#ask({ request: { call: "mark", answers, ...how }, bank });
  }

  /**
   * Put a question about an answer: `explain`, `seek`, `jumps`, `compare`, or one more calculation beside it.
   * @param {{ call: string, [part: string]: unknown }} request
   * @param {string} [day]
   * @param {number} [limit]  after so many milliseconds it gives up
   * @returns {Promise<any>} what the core says, or `{errors}`
   */
  question(request, day = "", limit = QUESTION_MS) {
    return this.#ask({ request: { as_of: day || today(), ...request } }, limit);
  }

  /** @param {object} message @param {number} [limit] @returns {Promise<any>} */
  #ask(message, limit = ANSWER_MS) {
    if (this.state === "failed") {
      return Promise.reject(this.failure);
    }
    this.start();
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      if (this.failure) {
        reject(this.failure);
        return;
      }
      const waiting = { resolve, reject, message, limit, timer: 0 };
      this.#waiting.set(id, waiting);
      this.#worker?.postMessage({ id, ...message });
      if (this.state === "ready") {
        this.#limit(waiting);
      }
    });
  }

  /** An answer takes milliseconds: what takes seconds is stopped. @param {Waiting} waiting */
  #limit(waiting) {
    whenAwake(waiting.limit, (timer) => { waiting.timer = timer; }, () => this.#restart(waiting));
  }

  /** Stop what runs too long; what stood behind it gets a new worker. @param {Waiting} late */
  #restart(late) {
    this.#stop();
    this.state = "idle";
    for (const [id, waiting] of this.#waiting) {
      clearTimeout(waiting.timer);
      if (waiting === late) {
        this.#waiting.delete(id);
      }
    }
    late.reject(new RuntimeFailure("timeout"));
    if (this.#waiting.size > 0) {
      this.start();
    }
  }

  /** @param {Event} event  a message, or the error of a worker that does not even begin */
  #hear(event) {
    if (event instanceof MessageEvent) {
      this.#receive(event.data);
      return;
    }
    event.preventDefault();
    this.#fail("damaged", event instanceof ErrorEvent ? event.message : "", this.workerUrl.href);
  }

  /** @param {any} data */
  #receive(data) {
    if (this.state === "failed") {
      this.failure = undefined; // It was only slow: go on as if nothing had been said.
      this.state = "loading";
    }
    if (data.id !== undefined) {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      clearTimeout(waiting?.timer);
      if (data.failed) {
        waiting?.reject(new RuntimeFailure(data.failed, data.message));
      } else {
        waiting?.resolve(JSON.parse(data.result));
      }
    } else if (data.ready) {
      clearTimeout(this.#watch);
      this.#tell("ready", "", 1);
      for (const waiting of this.#waiting.values()) {
        this.#limit(waiting);
      }
    } else if (data.failed) {
      this.#fail(data.failed, data.message, data.file);
    } else {
      // A worker that starts once more, with the whole engine, needs its time again.
      this.#waiting.forEach(({ timer }) => clearTimeout(timer));
      this.#tell("loading", data.step, data.progress);
      this.#expectLife(data.progress >= 0.9 ? START_MS : SILENCE_MS, data.progress >= 0.9 ? "timeout" : "network");
    }
  }

  /** @param {number} limit @param {Kind} kind */
  #expectLife(limit, kind) {
    clearTimeout(this.#watch);
    whenAwake(limit, (timer) => { this.#watch = timer; }, () => this.#say(kind, "no sign of life"));
  }

  /** @param {Kind} kind @param {string} detail @param {string} [file] */
  #fail(kind, detail, file) {
    this.#stop();
    this.#say(kind, detail, file);
  }

  /** Tell a failure; a worker that was only slow may still answer. @param {Kind} kind @param {string} detail @param {string} [file] */
  #say(kind, detail, file) {
    this.failure = new RuntimeFailure(kind, detail, file);
    this.#tell("failed", this.failure.message, 0);
    this.#rejectAll(this.failure);
  }

  #stop() {
    clearTimeout(this.#watch);
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** @param {RuntimeFailure} failure */
  #rejectAll(failure) {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const each of waiting) {
      clearTimeout(each.timer);
      each.reject(failure);
    }
  }

  /** @param {State} state @param {string} step @param {number} progress */
  #tell(state, step, progress) {
    this.state = state;
    this.step = step;
    this.progress = progress;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, step, progress } }));
  }
}

/**
 * Take over, once, the worker that the head of the page has started, and what it has said since.
 * @returns {{ worker: Worker, heard: Event[] } | undefined}
 */
function takenOver() {
  const page = /** @type {any} */ (window);
  const early = page.handbookRuntime;
  page.handbookRuntime = undefined;
  return early;
}

/**
 * Act after a time in which the machine was awake: a timer that comes late by far slept, and so did the worker.
 * @param {number} limit @param {(timer: number) => void} keep @param {() => void} act
 */
function whenAwake(limit, keep, act) {
  const due = performance.now() + limit;
  keep(window.setTimeout(() => (performance.now() > due + ASLEEP_MS ? whenAwake(limit, keep, act) : act()), limit));
}

/** The reader's own day. */
export function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** @type {RuntimeClient | undefined} */
let client;

/** Give the page's one client. The page says where the runtime lies: its folder is named by its contents. */
export function runtime() {
  const place = document.querySelector('meta[name="handbook-runtime"]')?.getAttribute("content") ?? "";
  client ??= new RuntimeClient(new URL(`${place}runtime-worker.js`, document.baseURI));
  return client;
}

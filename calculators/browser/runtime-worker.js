/**
 * The worker that answers: fetches the runtime's files at once, starts Pyodide, and hands every question
 * to the one door of the core, `policy_core._browser.answer` - JSON text in, JSON text out.
 *
 * Two ways lead there. The quick one lays the memory of a Python that has imported the core (`memory.bin`)
 * over the memory that the engine starts with. The other one starts Python and imports the core from
 * `python.zip`: fewer bytes, so a slow line takes it. Each stands in where the other fails.
 *
 * The engine has only those functions that the core is known to call. Where another one is called after all, or
 * the engine or its script is damaged, the whole one takes its place and is given the same question.
 *
 * Before anything is answered, the files are checked against the manifest by length and CRC-32, the memory
 * by the sum of all its words. The browser's own hashes do not exist on plain http, where an intranet may
 * well serve this, and damage must never give a wrong answer.
 */

const ENGINE = "engine.wasm";
const WHOLE = "pyodide.asm.wasm";
const ARCHIVE = "python.zip";
const MEMORY = "memory.bin";
/** The modules behind the rows of a table, and the calls that need them: no page does at its start. */
const LATE = "rows.zip";
const LATE_CALLS = ["guess", "rows", "result"];
/** Pyodide, and what it runs each engine by. */
const LOADER = "pyodide.mjs";
/** @type {Record<string, string>} */
const SCRIPT_OF = { [ENGINE]: "engine.js", [WHOLE]: "pyodide.asm.js" };
const MANIFEST = "manifest.json";
const BASE = new URL("./", import.meta.url);
/** The page has better to do than to draw the progress of every piece that comes in. */
const REPORT_MS = 100;
/** How long a failed start waits for the check to say what was wrong, and for its own end. */
const CHECK_MS = 2000;
/** A line that brings less than this in its first moments is slow: below some 15 Mbit/s, as files unpack. */
const SOON_BYTES = 2_000_000;
const SOON_MS = 300;
const SOON_LOOKS = 30;
/** How long the memory may stand still on its way. */
const STILL_MS = 1500;

/** A failure that the page can explain. */
class Failure extends Error {
  /** @param {string} kind @param {string} message @param {string} [file] which one is to blame */
  constructor(kind, message, file) {
    super(message);
    this.kind = kind;
    this.file = file;
  }
}

/** @param {string} file @returns {(error: unknown) => never} what makes any error a failure of that file */
function blaming(file) {
  return (error) => {
    throw error instanceof Failure ? error : new Failure("damaged", `${file}: ${error}`, file);
  };
}

const stockFetch = self.fetch.bind(self);
const state = { received: 0, total: 13_000_000, told: 0, first: 0, last: 0 };

/** Tell the page how far the download is; it is the sign of life that keeps a slow line from failing. */
function report() {
  const now = performance.now();
  if (now - state.told < REPORT_MS) {
    return;
  }
  state.told = now;
  self.postMessage({ progress: Math.min(0.9, (0.9 * state.received) / state.total), step: "正在取运行文件" });
}

/** Tell that all is here: what follows is silent work. */
function tellStart() {
  self.postMessage({ progress: 0.92, step: "正在启动" });
}

/** What a byte does to the sum when none, one, two or three bytes follow it: four bytes are then one step. */
const CRC_TABLES = crcTables();

function crcTables() {
  const tables = new Int32Array(4 * 256);
  for (let index = 0; index < tables.length; index += 1) {
    let value = index < 256 ? index : /** @type {number} */ (tables[index - 256]);
    for (let bit = 0; bit < 8; bit += 1) {
      value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    }
    tables[index] = value;
  }
  return tables;
}

/** @param {number} value @param {Uint8Array} bytes */
function crc32(value, bytes) {
  const t = /** @type {any} */ (CRC_TABLES);
  const b = /** @type {any} */ (bytes);
  const fours = bytes.length - (bytes.length % 4);
  for (let i = 0; i < fours; i += 4) {
    value ^= b[i] | (b[i + 1] << 8) | (b[i + 2] << 16) | (b[i + 3] << 24);
    value = t[768 + (value & 255)] ^ t[512 + ((value >>> 8) & 255)] ^ t[256 + ((value >>> 16) & 255)] ^ t[value >>> 24];
  }
  for (let i = fours; i < bytes.length; i += 1) {
    value = t[(value ^ b[i]) & 255] ^ (value >>> 8);
  }
  return value;
}

/** @param {Uint8Array} bytes */
function sumOf(bytes) {
  return (crc32(0xffffffff, bytes) ^ 0xffffffff) >>> 0;
}

/** @param {string} name @param {RequestInit} [options] @returns {Promise<Response>} */
async function get(name, options) {
  let response;
  try {
    response = await stockFetch(new URL(name, BASE), options);
  } catch (error) {
    throw new Failure("network", `${name}: ${error}`, name);
  }
  if (!response.ok || !response.body) {
    throw new Failure(response.status === 404 ? "damaged" : "network", `${name}: ${response.status}`, name);
  }
  return response;
}

/** @param {string} name @param {RequestInit} [options] */
async function bytesOf(name, options) {
  return new Uint8Array(await (await get(name, options)).arrayBuffer());
}

/**
 * Read a file to its end and say what it was.
 * @param {string} name @param {Response} response @param {(part: Uint8Array<ArrayBuffer>) => void} [keep]
 */
async function measure(name, response, keep) {
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).getReader();
  let bytes = 0;
  let sum = 0xffffffff;
  for (;;) {
    let part;
    try {
      part = await reader.read();
    } catch (error) {
      throw new Failure("network", `${name}: ${error}`, name);
    }
    if (part.done) {
      return { name, bytes, crc32: (sum ^ 0xffffffff) >>> 0 };
    }
    bytes += part.value.length;
    state.received += part.value.length;
    state.last = performance.now();
    state.first ||= state.last;
    if (keep) {
      keep(part.value);
    } else {
      sum = crc32(sum, part.value);
    }
    report();
  }
}

/**
 * Mark promises that are awaited later: until then a rejection is no one's.
 * @template {Promise<any>} T @param {T} promise @returns {T}
 */
function awaited(promise) {
  promise.catch(() => {});
  return promise;
}

/** @param {Promise<unknown>} promise @returns {Promise<never>} settles only when the promise fails */
function rejection(promise) {
  return new Promise((_, reject) => {
    promise.catch(reject);
  });
}

/** @param {number} milliseconds */
function later(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** What both ways need, on its way as soon as it is made. */
class Engine {
  /** @type {Promise<Response>} */
  #response;
  /** @type {ReturnType<typeof measure>} */
  #measured;
  /** @type {Promise<WebAssembly.Module>} */
  #module;
  /** Its scripts. @type {string[]} */
  #names;
  /** Python, once it runs, and the one that has learnt what comes late. @type {any} */
  #python;
  /** @type {any} */
  #learnt;
  /** Pyodide on its way, as far as it has come; an engine that cannot be had ends it. @type {Promise<unknown>} */
  #begun = Promise.resolve();

  /** @param {string} name of its file */
  constructor(name) {
    this.name = name;
    this.manifest = awaited(get(MANIFEST).then((response) => response.json()).catch(blaming(MANIFEST)));
    this.#response = awaited(get(name));
    // The engine takes the response as it comes in, a copy is counted and checked.
    this.#measured = awaited(this.#response.then((response) => measure(name, response.clone())));
    this.#module = awaited(this.#response.then((response) => compiled(response, name)));
    this.#names = [LOADER, SCRIPT_OF[name] ?? ""];
    /** Pyodide takes the second one for its own, once it is here. */
    this.scripts = awaited(Promise.all(this.#names.map((each) => import(new URL(each, BASE).href).catch(blaming(each)))));
    /** Rejects when something is not what was built. */
    this.checked = awaited(this.#check());
  }

  async #check() {
    await this.scripts;
    // Once more, from the browser's cache: an import gives no bytes to count.
    const scripts = this.#names.map(async (name) => measure(name, await get(name, { cache: "force-cache" })));
    await this.compare(this.#measured, ...scripts);
  }

  /** @param {Promise<{ name: string, bytes: number, crc32: number }>[]} measured */
  async compare(...measured) {
    const { files } = await this.manifest;
    for (const { name, bytes, crc32: sum } of await Promise.all(measured)) {
      if (bytes !== files[name].bytes || sum !== files[name].crc32) {
        throw new Failure("damaged", `${name} is not what was built`, name);
      }
    }
  }

  /**
   * Start Pyodide and give the door of the core.
   * @param {Promise<Response>} library Python's, as Pyodide asks for it
   * @param {object} [options]
   */
  async start(library, options) {
    const [{ loadPyodide }] = await this.scripts;
    self.fetch = (input, init) => {
      const name = new URL(input instanceof Request ? input.url : String(input), BASE).pathname.split("/").pop();
      // Pyodide knows the engine by its own name alone.
      return name === ARCHIVE ? library : name === WHOLE ? this.#response : stockFetch(input, init);
    };
    const pyodide = loadPyodide({
      indexURL: BASE.href,
      stdLibURL: new URL(ARCHIVE, BASE).href,
      lockFileContents: this.manifest.then(({ lock }) => lock),
      packageBaseUrl: BASE.href,
      args: ["-S"], // No site packages: nothing is ever installed here.
      env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" },
      ...options,
    });
    this.#begun = awaited(pyodide);
    const ready = await Promise.race([pyodide, this.#instantiated(), rejection(this.checked)]);
    this.#python = ready;
    return ready.pyimport("policy_core._browser").answer;
  }

  /** Wait until a start that failed is over, or hangs: two at once would take each other's files and memory. */
  over() {
    const unusable = rejection(this.#module).catch(() => {}); // Pyodide then waits for ever.
    return Promise.race([this.#begun.catch(() => {}), unusable, later(CHECK_MS)]);
  }

  /** Bring in the modules that come late. */
  async learn() {
    const python = this.#python;
    if (this.#learnt === python) {
      return;
    }
    const bytes = await bytesOf(LATE);
    await this.compare(Promise.resolve({ name: LATE, bytes: bytes.length, crc32: sumOf(bytes) }));
    python.FS.writeFile(`/${LATE}`, bytes);
    python.pyimport("policy_core").__path__.append(`/${LATE}/policy_core`);
    this.#learnt = python;
  }

  /**
   * Give Pyodide the compiled engine.
   * @returns {Promise<never>} settles only when that fails: Pyodide warns of it and then waits for ever
   */
  #instantiated() {
    return new Promise((_, reject) => {
      WebAssembly.instantiateStreaming = async (_response, imports) => {
        try {
          const module = await this.#module;
          return { module, instance: await WebAssembly.instantiate(module, imports) };
        } catch (error) {
          reject(error instanceof Failure ? error : new Failure("unsupported", String(error), this.name));
          this.#begun = Promise.resolve();
          throw error;
        }
      };
    });
  }
}

/** @param {Response} response @param {string} name @returns {Promise<WebAssembly.Module>} */
async function compiled(response, name) {
  // A server that does not know the type costs some time, not the answer.
  const known = response.headers.get("Content-Type")?.startsWith("application/wasm");
  try {
    return await (known ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
  } catch (error) {
    throw new Failure("unsupported", String(error), name);
  }
}

/** @param {Engine} engine */
async function startFromArchive(engine) {
  const response = awaited(get(ARCHIVE));
  const measured = response.then((given) => measure(ARCHIVE, given.clone()));
  const checked = awaited(Promise.all([engine.checked, engine.compare(measured)]).then(tellStart));
  const answer = await Promise.race([engine.start(response), rejection(checked)]);
  await checked;
  return answer;
}

/** @param {Engine} engine */
async function startFromMemory(engine) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  const response = awaited(get(MEMORY));
  const whole = awaited(response.then((given) => measure(MEMORY, given, (part) => parts.push(part))));
  await engine.scripts;
  await Promise.race([response, stoodStill()]);
  const scope = /** @type {any} */ (self);
  const create = scope._createPyodideModule;
  const made = async (/** @type {object} */ settings) => {
    const module = await create(settings);
    await Promise.race([whole, stoodStill()]);
    tellStart();
    const kept = layOver(module.HEAP32, joined(parts));
    module.API.restoreSnapshot = () => kept;
    return module;
  };
  scope._createPyodideModule = made;
  try {
    // Pyodide needs no library then, and of the snapshot only the length: the rest is done above.
    const snapshot = new Uint8Array((await engine.manifest).memory);
    const answer = await engine.start(Promise.resolve(new Response()), { _loadSnapshot: snapshot });
    await engine.checked;
    return answer;
  } finally {
    if (scope._createPyodideModule === made) {
      scope._createPyodideModule = create;
    }
  }
}

/** Tell whether the reader has asked the browser to save bytes. */
function saving() {
  return /** @type {any} */ (navigator).connection?.saveData ?? false;
}

/**
 * Tell, soon after the first piece came in, whether much has. Looks are counted and not the clock: a slow
 * device that is busy with the scripts has what came in meanwhile still before it.
 */
async function isLineQuick() {
  for (let looks = 0; looks < SOON_LOOKS; looks += state.first ? 1 : 0) {
    if (state.received >= SOON_BYTES) {
      return true;
    }
    await later(SOON_MS / SOON_LOOKS);
  }
  return false;
}

/** @returns {Promise<never>} rejects when nothing has come in for a while */
async function stoodStill() {
  const asked = performance.now();
  for (;;) {
    await later(STILL_MS / 4);
    if (performance.now() - Math.max(asked, state.last) > STILL_MS) {
      throw new Failure("network", `${MEMORY} stands still on its way`, MEMORY);
    }
  }
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts.splice(0)) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}

/**
 * Change the engine's memory into that of a Python that has imported the core; `snapshot.mjs` says how it is written.
 * @param {Int32Array} memory @param {ArrayBuffer} written
 */
function layOver(memory, written) {
  const [length = 0, used = 0, runs = 0, bytes = 0, expected = 0] = new Int32Array(written, 0, 5);
  const places = new Int32Array(written, 20, 2 * runs);
  let at = places.byteOffset + places.byteLength;
  for (let run = 0; run < runs; run += 1) {
    const words = /** @type {number} */ (places[2 * run + 1]);
    memory.set(new Int32Array(written, at, words), places[2 * run]);
    at += 4 * words;
  }
  const kept = new Uint8Array(written, at, bytes);
  if (memory.length !== length || summed(kept, summed(memory.subarray(0, used), 0)) !== expected) {
    throw new Failure("damaged", `${MEMORY} is not what was built`, MEMORY);
  }
  return JSON.parse(new TextDecoder().decode(kept));
}

/** Add numbers to a sum that any single change changes. @param {Int32Array | Uint8Array} numbers @param {number} sum */
function summed(numbers, sum) {
  for (let at = 0; at < numbers.length; at += 1) {
    sum = Math.imul(sum ^ /** @type {number} */ (numbers[at]), 0x01000193);
  }
  return sum;
}

/** @typedef {{ answer: (request: string) => string, learn: () => Promise<void>, spare?: () => Promise<Door> }} Door and a second one */

/** Start the way that fits the line, or else the other one, or else with the whole engine. @returns {Promise<Door>} */
async function start() {
  if (typeof WebAssembly !== "object") {
    throw new Failure("unsupported", "no WebAssembly");
  }
  const engine = new Engine(ENGINE);
  try {
    // Neither is asked for before that is known: in Firefox, what comes in holds up the scripts that come in beside it.
    const isQuick = !saving() && await Promise.race([isLineQuick(), rejection(engine.checked)]);
    const [first, second] = isQuick ? [startFromMemory, startFromArchive] : [startFromArchive, startFromMemory];
    const answer = await first(engine).catch(async (error) => {
      if (isEngines(error)) {
        throw error;
      }
      tellOtherWay(error);
      await engine.over();
      return second(engine);
    });
    return { answer, learn: () => engine.learn(), spare: startWhole };
  } catch (error) {
    const reason = await reasonOf(engine, error);
    if (reason.file && !isEngines(reason)) {
      throw reason;
    }
    tellOtherWay(reason);
    await engine.over();
    return startWhole();
  }
}

/** Tell whether the small engine is to blame, on either way. @param {unknown} error */
function isEngines(error) {
  return error instanceof Failure && (error.file === ENGINE || error.file === SCRIPT_OF[ENGINE]);
}

/** @returns {Promise<Door>} */
async function startWhole() {
  const engine = new Engine(WHOLE);
  try {
    return { answer: await startFromArchive(engine), learn: () => engine.learn() };
  } catch (error) {
    throw await reasonOf(engine, error);
  }
}

/** What is damaged may fail anywhere: the check knows why. @param {Engine} engine @param {unknown} error @returns {Promise<Failure>} */
async function reasonOf(engine, error) {
  try {
    await Promise.race([engine.checked, later(CHECK_MS)]);
    return error instanceof Failure ? error : new Failure("damaged", String(error));
  } catch (reason) {
    return /** @type {Failure} */ (reason); // It says of each file that it is to blame.
  }
}

/** @param {unknown} error */
function tellOtherWay(error) {
  console.info(`policy handbook: starts the other way, since ${error}`);
}

/**
 * Fetch a bank as the page knows it. A browser's own cache may be behind, so ask once more past it; what has
 * changed on the server since the page was opened must not mark its answers.
 * @param {{ url: string, crc32: number }} bank
 */
async function packedBank({ url, crc32: expected }) {
  let bytes = await bytesOf(url);
  if (sumOf(bytes) !== expected) {
    bytes = await bytesOf(url, { cache: "reload" });
  }
  if (sumOf(bytes) !== expected) {
    throw new Failure("changed", `${url} is not what the page was built with`);
  }
  let text = "";
  for (const byte of bytes) {
    text += String.fromCharCode(byte);
  }
  return btoa(text);
}

/** Tell the page how a start ends. @param {Promise<Door>} started */
function told(started) {
  started.then(
    () => self.postMessage({ ready: true }),
    ({ kind = "damaged", message, file }) => self.postMessage({ failed: kind, message, file }),
  );
  return started;
}

let ready = told(start());

/** @param {{ call: string }} request @returns {Promise<string>} */
async function ask(request) {
  const { answer, learn, spare } = await ready;
  if (LATE_CALLS.includes(request.call)) {
    await learn();
  }
  try {
    return answer(JSON.stringify(request));
  } catch (error) {
    // The core never throws: a function was called that the engine has not, or memory from elsewhere broke it.
    if (!spare) {
      throw error;
    }
    console.warn(`policy handbook: starts again with the whole engine, since ${error}`);
    ready = told(spare());
    return ask(request);
  }
}

self.addEventListener("message", async (event) => {
  const { id, request, bank } = event.data;
  try {
    await ready;
    if (bank) {
      request.bank = await packedBank(bank);
    }
    self.postMessage({ id, result: await ask(request) });
  } catch (error) {
    const failure = /** @type {any} */ (error);
    self.postMessage({ id, failed: failure.kind ?? "stopped", message: failure.message });
  }
});

/**
 * The worker that answers: fetches the runtime's files at once, starts Pyodide, and hands every question
 * to the one door of the core, `policy_core._browser.answer` - JSON text in, JSON text out.
 *
 * Each file is checked against the manifest by its length and CRC-32 before it is used: the browser's own
 * hashes do not exist on plain http, where an intranet may well serve this, and damage must never give a
 * wrong answer.
 */

const FETCHED = ["pyodide.asm.wasm", "python.zip"];
const BASE = new URL("./", import.meta.url);
/** The page has better to do than to draw the progress of every piece that comes in. */
const REPORT_MS = 100;
/** How long a failed start waits for the check to say what was wrong. */
const CHECK_MS = 2000;

/** A failure that the page can explain. */
class Failure extends Error {
  /** @param {string} kind @param {string} message */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

const stockFetch = self.fetch.bind(self);
const state = { received: 0, total: 12_000_000, told: 0 };

/** Tell the page how far the download is; it is the sign of life that keeps a slow line from failing. */
function report() {
  const now = performance.now();
  if (now - state.told < REPORT_MS) {
    return;
  }
  state.told = now;
  self.postMessage({ progress: Math.min(0.9, (0.9 * state.received) / state.total), step: "正在取运行文件" });
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

/** @param {string} name @returns {Promise<Response>} */
async function get(name) {
  let response;
  try {
    response = await stockFetch(new URL(name, BASE));
  } catch (error) {
    throw new Failure("network", `${name}: ${error}`);
  }
  if (!response.ok || !response.body) {
    throw new Failure(response.status === 404 ? "damaged" : "network", `${name}: ${response.status}`);
  }
  return response;
}

/**
 * A file on its way: Pyodide gets the response as it comes, a copy of it is counted and checked.
 * @typedef {{ response: Promise<Response>, whole: Promise<{ bytes: number, crc32: number }> }} Incoming
 * @param {string} name
 * @returns {Incoming}
 */
function incoming(name) {
  const given = get(name);
  const copy = given.then((response) => response.clone());
  return { response: given, whole: copy.then((response) => measure(name, response)) };
}

/** @param {string} name @param {Response} response */
async function measure(name, response) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  let bytes = 0;
  let sum = 0xffffffff;
  for (;;) {
    let part;
    try {
      part = await reader.read();
    } catch (error) {
      throw new Failure("network", `${name}: ${error}`);
    }
    if (part.done) {
      return { bytes, crc32: (sum ^ 0xffffffff) >>> 0 };
    }
    bytes += part.value.length;
    state.received += part.value.length;
    sum = crc32(sum, part.value);
    report();
  }
}

/** Start Pyodide and give the door of the core. */
async function start() {
  if (typeof WebAssembly !== "object") {
    throw new Failure("unsupported", "no WebAssembly");
  }
  const files = new Map(FETCHED.map((name) => [name, incoming(name)]));
  const script = import(new URL("pyodide.mjs", BASE).href);
  // Pyodide imports this one itself, later: by then it is here.
  const engine = import(new URL("pyodide.asm.js", BASE).href);
  const manifest = get("manifest.json").then((response) => response.json());
  const checked = check(manifest, files);
  for (const promise of [script, engine, manifest, checked]) {
    promise.catch(() => {}); // Awaited below; until then a rejection is no one's.
  }
  try {
    const answer = await Promise.race([boot(script, files, manifest), rejection(checked)]);
    await checked;
    return answer;
  } catch (error) {
    // What is damaged may fail anywhere: the check knows why.
    await Promise.race([checked, later(CHECK_MS)]);
    throw error instanceof Failure ? error : new Failure("damaged", String(error));
  }
}

/**
 * Compare what came in with what was built.
 * @param {Promise<any>} manifest
 * @param {Map<string, Incoming>} files
 */
async function check(manifest, files) {
  await Promise.all([...files].map(async ([name, { whole }]) => {
    const found = await whole;
    const expected = (await manifest).files[name];
    if (found.bytes !== expected.bytes || found.crc32 !== expected.crc32) {
      throw new Failure("damaged", `${name} is not what was built`);
    }
  }));
  self.postMessage({ progress: 0.92, step: "正在启动" });
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

/**
 * @param {Promise<any>} script
 * @param {Map<string, Incoming>} files
 * @param {Promise<any>} manifest
 */
async function boot(script, files, manifest) {
  // Pyodide asks for its files by fetch: it gets the ones that are already on their way.
  self.fetch = (input, options) => {
    const url = new URL(input instanceof Request ? input.url : String(input), BASE);
    const name = url.pathname.split("/").pop() ?? "";
    const file = files.get(name);
    files.delete(name);
    return file ? file.response : stockFetch(input, options);
  };
  // Pyodide warns of a failed instantiation and then waits for ever.
  const failed = watchInstantiation();
  const { loadPyodide } = await script;
  const pyodide = await Promise.race([
    loadPyodide({
      indexURL: BASE.href,
      stdLibURL: new URL("python.zip", BASE).href,
      lockFileContents: manifest.then(({ lock }) => lock),
      packageBaseUrl: BASE.href,
      args: ["-S"], // No site packages: nothing is ever installed here.
      env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" },
    }),
    failed,
  ]);
  return pyodide.pyimport("policy_core._browser").answer;
}

/** @returns {Promise<never>} */
function watchInstantiation() {
  return new Promise((_, reject) => {
    const stock = { instantiate: WebAssembly.instantiate, instantiateStreaming: WebAssembly.instantiateStreaming };
    const refused = (/** @type {unknown} */ error) => {
      reject(new Failure("unsupported", String(error)));
      throw error;
    };
    /** @type {any} */ (WebAssembly).instantiate = (/** @type {any[]} */ ...given) =>
      /** @type {any} */ (stock.instantiate)(...given).catch(refused);
    if (stock.instantiateStreaming) {
      /** @type {any} */ (WebAssembly).instantiateStreaming = (/** @type {any[]} */ ...given) =>
        /** @type {any} */ (stock.instantiateStreaming)(...given).catch(refused);
    }
  });
}

/** @param {string} url */
async function packedBank(url) {
  const bytes = new Uint8Array(await (await get(url)).arrayBuffer());
  let text = "";
  for (const byte of bytes) {
    text += String.fromCharCode(byte);
  }
  return btoa(text);
}

const ready = start();
ready.then(
  () => self.postMessage({ ready: true }),
  (error) => self.postMessage({ failed: error.kind ?? "damaged", message: error.message }),
);

self.addEventListener("message", async (event) => {
  const { id, request, bank } = event.data;
  try {
    const answer = await ready;
    if (bank) {
      request.bank = await packedBank(bank);
    }
    self.postMessage({ id, result: answer(JSON.stringify(request)) });
  } catch (error) {
    const failure = /** @type {any} */ (error);
    self.postMessage({ id, failed: failure.kind ?? "stopped", message: failure.message });
  }
});

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
const TYPES = new Map([["pyodide.asm.wasm", "application/wasm"]]);

/** A failure that the page can explain. */
class Failure extends Error {
  /** @param {string} kind @param {string} message */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** @type {Map<string, number>} */
const received = new Map();

/** @param {string} name @param {boolean} [counted] whether its bytes are the progress that the page shows @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function download(name, counted = false) {
  let response;
  try {
    response = await stockFetch(new URL(name, BASE));
  } catch (error) {
    throw new Failure("network", `${name}: ${error}`);
  }
  if (!response.ok || !response.body) {
    throw new Failure(response.status === 404 ? "damaged" : "network", `${name}: ${response.status}`);
  }
  const chunks = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    let part;
    try {
      part = await reader.read();
    } catch (error) {
      throw new Failure("network", `${name}: ${error}`);
    }
    if (part.done) {
      break;
    }
    chunks.push(part.value);
    length += part.value.length;
    received.set(name, length);
    if (counted) {
      report();
    }
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

const stockFetch = self.fetch.bind(self);
let total = 0;

/** Tell the page how far the download is; it is the sign of life that keeps a slow line from failing. */
function report() {
  const bytes = [...received.values()].reduce((sum, each) => sum + each, 0);
  self.postMessage({ progress: Math.min(0.9, (0.9 * bytes) / (total || 12_000_000)), step: "正在取运行文件" });
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  }
  return value;
});

/** @param {Uint8Array} bytes */
function crc32(bytes) {
  let value = 0xffffffff;
  for (let index = 0; index < bytes.length; index += 1) {
    value = /** @type {number} */ (CRC_TABLE[(value ^ /** @type {number} */ (bytes[index])) & 0xff]) ^ (value >>> 8);
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** Start Pyodide and give the door of the core. */
async function start() {
  if (typeof WebAssembly !== "object") {
    throw new Failure("unsupported", "no WebAssembly");
  }
  const script = import(new URL("pyodide.mjs", BASE).href);
  const early = new Map(FETCHED.map((name) => [name, download(name, true)]));
  for (const promise of [script, ...early.values()]) {
    promise.catch(() => {}); // Awaited below; until then a rejection is no one's.
  }
  const manifest = parse(await download("manifest.json"));
  total = FETCHED.reduce((sum, name) => sum + manifest.files[name].bytes, 0);
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
  const files = new Map();
  for (const [name, promise] of early) {
    const bytes = await promise;
    const expected = manifest.files[name];
    if (bytes.length !== expected.bytes || crc32(bytes) !== expected.crc32) {
      throw new Failure("damaged", `${name} is not what was built`);
    }
    files.set(name, bytes);
  }
  self.postMessage({ progress: 0.92, step: "正在启动" });
  return boot(script, files, manifest.lock);
}

/** @param {Uint8Array} bytes */
function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Failure("damaged", `manifest.json: ${error}`);
  }
}

/**
 * @param {Promise<any>} script
 * @param {Map<string, Uint8Array<ArrayBuffer>>} files
 * @param {object} lock
 */
async function boot(script, files, lock) {
  // Pyodide asks for its files by fetch: it gets the ones that were checked.
  self.fetch = async (input, options) => {
    const url = new URL(input instanceof Request ? input.url : String(input), BASE);
    const name = url.pathname.split("/").pop() ?? "";
    const bytes = files.get(name);
    if (!bytes) {
      return stockFetch(input, options);
    }
    files.delete(name);
    return new Response(bytes, { headers: { "content-type": TYPES.get(name) ?? "application/octet-stream" } });
  };
  // Pyodide warns of a failed instantiation and then waits for ever.
  const failed = watchInstantiation();
  try {
    const { loadPyodide } = await script;
    const pyodide = await Promise.race([
      loadPyodide({
        indexURL: BASE.href,
        stdLibURL: new URL("python.zip", BASE).href,
        lockFileContents: lock,
        packageBaseUrl: BASE.href,
        env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" },
      }),
      failed,
    ]);
    return pyodide.pyimport("policy_core._browser").answer;
  } catch (error) {
    throw error instanceof Failure ? error : new Failure("damaged", String(error));
  }
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
  const bytes = await download(url);
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

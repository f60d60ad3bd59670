// Writes the memory of a Python that has the core imported, as the difference from the memory that the engine
// starts with: `node snapshot.mjs ENGINE ARCHIVE LATE ASKED OUTPUT`, the engine's script beside it. An engine that
// counts (`engine.py`) is asked much more, and which of its functions were called is printed.
//
// Taking memory from one run and putting it into another is private to Pyodide. So its version is pinned, the
// answers before and after are compared here, and the worker sums the whole memory up before it uses it.
import crypto from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [engine, archive, late, asked, output] = process.argv.slice(2);
const { modules, requests, rehearsal } = JSON.parse(readFileSync(asked, "utf-8"));
const options = {
  stdLibURL: archive, args: ["-S"], env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" }, _sysExecutable: "./this.program",
};
/** Gaps of unchanged words up to this length are cheaper to write again than to jump over. */
const GAP_WORDS = 256;
/** What snapshots begin with: Pyodide's magic, the place of the memory, the length of the words before it. */
const WORDS_AT = 48;

const chance = fixClockAndChance();
const { loadPyodide } = await import("pyodide");
await import(pathToFileURL(engine.replace(/wasm$/, "js")).href); // Pyodide takes it for its own, once it is there.
/** Of every engine that ran, its counters by the numbers of the functions. @type {[string, { value: number }][][]} */
const counters = [];
useOwnEngine(await WebAssembly.compile(readFileSync(engine)));

const taken = await loadPyodide({ ...options, _makeSnapshot: true });
for (const name of modules) {
  taken.runPython(`import ${name}`);
}
const before = answers(taken, requests);
taken.runPython("import gc; gc.collect()");
wipe(taken._module);
const snapshot = taken.makeMemorySnapshot();

/** @type {Int32Array[]} */
const starts = [];
const create = globalThis._createPyodideModule;
globalThis._createPyodideModule = async (/** @type {any} */ settings) => {
  const module = await create(settings);
  starts.push(new Int32Array(module.HEAP8.slice().buffer));
  return module;
};
const restored = await restore();
// Once more at another time and with other chances: what then differs, a browser finds otherwise too.
Object.assign(chance, { day: 1_753_123_456_789, milliseconds: 123.456, byte: 173, share: 0.25 });
await restore();
const after = answers(restored, requests);
before.forEach((answer, number) => {
  if (answer !== after[number]) {
    throw new Error(`answered ${answer} before and ${after[number]} after, asked ${JSON.stringify(requests[number])}`);
  }
});
if (counters.every((each) => each.length)) {
  rehearse(restored);
}
writeFileSync(output, difference(starts, snapshot));
process.stdout.write(JSON.stringify([...new Set(counters.flat().filter(([, { value }]) => value).map(([name]) => Number(name.slice(1))))]));

/** Give Pyodide the engine, without its counters: it would make something of each. @param {WebAssembly.Module} module */
function useOwnEngine(module) {
  const instantiate = /** @type {any} */ (WebAssembly.instantiate);
  /** @type {any} */ (WebAssembly).instantiate = async (/** @type {any} */ given, /** @type {any} */ imports) => {
    if (given instanceof WebAssembly.Module) {
      return instantiate(given, imports);
    }
    const own = Object.entries((await instantiate(module, imports)).exports);
    counters.push(/** @type {any} */ (own.filter(([name]) => name.startsWith("!"))));
    return { module, instance: { exports: Object.fromEntries(own.filter(([name]) => !name.startsWith("!"))) } };
  };
}

/** Ask all that may be asked, after the late modules came in as the worker brings them in. @param {any} pyodide */
function rehearse(pyodide) {
  pyodide.FS.writeFile("/rows.zip", readFileSync(late));
  const core = pyodide.pyimport("policy_core");
  core.__path__.append("/rows.zip/policy_core");
  core.destroy();
  answers(pyodide, rehearsal);
}

function restore() {
  return loadPyodide({ ...options, stdLibURL: "/dev/null", _loadSnapshot: snapshot });
}

/** Two builds must give the same bytes: who looks at the clock or rolls dice gets what stands here. */
function fixClockAndChance() {
  const fixed = { day: Date.UTC(2024, 0, 1), milliseconds: 0, byte: 7, share: 0.5 };
  process.env.TZ = "UTC";
  Date.now = () => fixed.day;
  performance.now = () => fixed.milliseconds;
  Math.random = () => fixed.share;
  // Else Python's objects are freed when the engine happens to collect its own.
  globalThis.FinalizationRegistry = /** @type {any} */ (class {
    register() {}
    unregister() {}
  });
  crypto.randomFillSync = (/** @type {any} */ bytes) => bytes.fill(fixed.byte);
  return fixed;
}

/** @param {any} pyodide @param {object[]} asked @returns {string[]} */
function answers(pyodide, asked) {
  const module = pyodide.pyimport("policy_core._browser");
  const answer = module.answer;
  const given = asked.map((request) => answer(JSON.stringify(request)));
  answer.destroy();
  module.destroy();
  return given;
}

/** Fill what is free with zeros: take it all, in ever smaller blocks that do not make the memory grow. @param {any} module */
function wipe(module) {
  const { _emscripten_builtin_malloc: take, _emscripten_builtin_free: give, _mallinfo: tell } = module;
  const told = take(64);
  const size = () => {
    tell(told);
    return module.HEAPU32[told / 4];
  };
  const held = [];
  for (let bytes = 65536; bytes >= 8; bytes = bytes > 64 ? bytes / 2 : bytes - 8) {
    for (const before = size(); ;) {
      const place = take(bytes);
      held.push(place);
      module.HEAPU8.fill(0, place, place + bytes);
      if (size() > before) {
        break;
      }
    }
  }
  held.forEach(give);
  give(told);
}

/**
 * Words: length of the memory, how much of it is used, number of runs, bytes of the header, sum of what is used and the
 * header; then place and length of each run; then the runs' words; then the header that Pyodide keeps beside the memory.
 * @param {Int32Array[]} starts @param {Uint8Array} whole
 */
function difference(starts, whole) {
  const [, place = 0, written = 0] = new Uint32Array(whole.buffer, 0, 3);
  const to = new Int32Array(whole.slice(place).buffer);
  const header = whole.subarray(WORDS_AT, WORDS_AT + written);
  const runs = [];
  for (let at = 0; at < to.length; at += 1) {
    if (starts.some((start) => start[at] !== to[at])) {
      const last = runs.at(-1);
      if (last && at - last.end <= GAP_WORDS) {
        last.end = at + 1;
      } else {
        runs.push({ begin: at, end: at + 1 });
      }
    }
  }
  const used = Math.max(...[to, ...starts].map((each) => each.findLastIndex(Boolean))) + 1;
  let sum = 0;
  for (const numbers of [to.subarray(0, used), header]) {
    for (const number of numbers) {
      sum = Math.imul(sum ^ number, 0x01000193);
    }
  }
  const head = [to.length, used, runs.length, header.length, sum, ...runs.flatMap(({ begin, end }) => [begin, end - begin])];
  const parts = [Int32Array.from(head), ...runs.map(({ begin, end }) => to.subarray(begin, end))];
  return Buffer.concat([...parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)), header]);
}

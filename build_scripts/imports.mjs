// Tells which modules the core needs at run time: runs it in Pyodide under Node and prints their files.
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [wheel, requests] = process.argv.slice(2);
const pyodide = await loadPyodide();
pyodide.unpackArchive(new Uint8Array(readFileSync(wheel)), "wheel", { extractDir: "/core" });
pyodide.globals.get("__import__")("sys").path.insert(0, "/core");
const browser = pyodide.pyimport("policy_core._browser");
for (const request of JSON.parse(readFileSync(requests, "utf-8"))) {
  browser.answer(JSON.stringify(request));
}
const modules = pyodide.globals.get("__import__")("sys").modules.copy().values();
const files = [];
for (const module of modules) {
  files.push(module.__file__ ?? "");
}
process.stdout.write(JSON.stringify(files));

// Tells which modules the core needs at run time: runs it in Pyodide under Node and prints their files.
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [archive, asked] = process.argv.slice(2);
const { modules, requests } = JSON.parse(readFileSync(asked, "utf-8"));
const pyodide = await loadPyodide({ stdLibURL: archive });
const browser = pyodide.pyimport("policy_core._browser");
for (const name of modules) {
  pyodide.pyimport(name);
}
for (const request of requests) {
  browser.answer(JSON.stringify(request));
}
const files = [];
for (const module of pyodide.globals.get("__import__")("sys").modules.copy().values()) {
  files.push(module.__spec__?.origin ?? ""); // Not `__file__`: what is frozen into the engine names one, too.
}
process.stdout.write(JSON.stringify(files));

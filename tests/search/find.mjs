// Answers queries as the page does: {file, queries} in, the rows of each as shown out.
import { readFileSync } from "node:fs";
import { SearchEngine, grouped } from "../../calculators/browser/search-engine.js";

const { file, queries } = JSON.parse(readFileSync(0, "utf8"));
const engine = new SearchEngine(file);
const answers = queries.map((query) =>
  grouped(engine.find(query)).map(({ kind, found }) => [kind, found.map(({ entry }) => entry)]));
process.stdout.write(JSON.stringify(answers));

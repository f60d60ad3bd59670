// Says inputs and outcomes in the reader's words at build time, by the modules that say them in the page.
import { readFileSync } from "node:fs";
import { differing, wordsOf } from "../calculators/browser/doubt-view.js";
import { at, formatValue, headline } from "../calculators/browser/format.js";
import { toFragment } from "../calculators/browser/fragment.js";
import { saidInputs } from "../calculators/browser/print-view.js";

const MOST_PARTS = 2;

/** @param {any} asked */
function said({ words, inputs, outcomes }) {
  const texts = outcomes.map((outcome) => [headline(words, outcome).text, headline(words, outcome).aside].join(" ").trim());
  const parts = differing(words, outcomes).slice(0, MOST_PARTS);
  const told = outcomes.map((outcome, index) => {
    const values = parts.map((path) => `${wordsOf(words, path).label} ${formatValue(at(outcome, path), wordsOf(words, path))}`);
    return [...(new Set(texts).size > 1 ? [texts[index]] : []), ...values].join("，");
  });
  const filledIn = saidInputs(words, inputs).map(({ label, value }) => `${label} ${value}`);
  return { inputs: filledIn.join("，"), outcomes: told, fragment: toFragment(inputs, words.fields) };
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map(said)));

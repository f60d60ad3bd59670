// Says inputs and outcomes in the reader's words at build time, by the modules that say them in the page.
import { readFileSync } from "node:fs";
import { differing, wordsOf } from "../calculators/browser/doubt-view.js";
import { at, formatValue, headline } from "../calculators/browser/format.js";
import { toFragment } from "../calculators/browser/fragment.js";
import { printed, saidInputs } from "../calculators/browser/print-view.js";

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

/**
 * A table of answers: each row the inputs in words, what is said of them, and the facts.
 * @param {any} asked
 */
function table({ words, rows }) {
  const facts = words.facts.map((path) => words.outcome[path].label);
  const told = rows.map(({ inputs, open, outcome }) => {
    const { text, aside } = headline(words, outcome);
    return [
      ...words.fields.map((field) => sayEnds(inputs[field.name], open, field)),
      [text, aside].filter(Boolean).join("，"),
      ...words.facts.map((path) => formatValue(at(outcome, path), words.outcome[path])),
    ];
  });
  return { heads: [...words.fields.map(({ label }) => label), "结果", ...facts], rows: told };
}

/** One value, or the two ends of a stretch; the last one may have no end. @param {any} ends @param {boolean} open @param {any} field */
function sayEnds(ends, open, field) {
  const [from, to] = Array.isArray(ends) ? ends : [ends, ends];
  const first = printed(from, field);
  return from === to ? first : open ? `${first}及以上` : `${formatValue({ min: from, max: to }, { unit: field.unit })}`;
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map((asked) => (asked.rows ? table(asked) : said(asked)))));

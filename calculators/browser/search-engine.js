/**
 * Looks the handbook's words through for a query and puts what fits best first.
 *
 * The texts of all entries stand end to end, with the places of each character; the rarest character of a term leads
 * to where it stands. Terms are weighed as BM25 weighs them: a rare one says more than a common one, in a title more
 * than in the text.
 */

import { Column, END } from "./search-column.js";
import { findNumber, keysOf } from "./search-numbers.js";
import { Terms } from "./search-terms.js";
import { compact, normalise } from "./search-words.js";

/** @typedef {import("./search-terms.js").Words} Words */
/**
 * @typedef {{ kind: string, policy: string, number: string, href: string, title?: string, words?: string,
 *   above?: string, also?: string, asked?: string, path?: string }} Entry
 * @typedef {Words & { policies: Record<string, {title: string, short: string}>, asks: Record<string, string[]>,
 *   entries: Entry[] }} SearchFile
 * @typedef {{ entry: Entry, score: number }} Found
 * @typedef {{ size: number, entries: Int32Array, times: Float64Array }} Hits
 * @typedef {{ kind: string, found: Found[] }} Group
 */

const FIELDS = /** @type {const} */ (["title", "words", "also", "above", "asked"]);
const FIELD_WEIGHTS = { title: 2, words: 0.9, also: 0.52, above: 0.55, asked: 0.2 };
const KIND_WEIGHTS = /** @type {Record<string, number>} */ ({
  text: 0.9, clause: 1, calculator: 0.6, doubt: 0.58, figure: 0.58, quiz: 0.9,
});
/** What stands under one heading in the results. */
const GROUPS = /** @type {Record<string, string>} */ ({
  text: "条款", clause: "条款", calculator: "计算", doubt: "存疑", figure: "数字", quiz: "测验",
});
const ALIKE = 0.78;
const WISHED = 1.8;
const SATURATION = 0.85;
const LENGTH = 0.2;
const COVERING = 1.1;
const LEAST_COVER = 0.22;
const LEAST_OF_BEST = 0.3;
const ABOUT_A_CLAUSE = 0.6;
/** Places of terms that are kept from one key to the next. */
const MOST_KNOWN = 200;

export class SearchEngine {
  /** @param {SearchFile} file */
  constructor(file) {
    this.entries = file.entries;
    this.policies = file.policies;
    this.asks = file.asks;
    const names = Object.fromEntries(Object.entries(file.policies).map(([id, { title, short }]) => [id, `${title} ${short}`]));
    this.names = Object.fromEntries(Object.entries(names).map(([id, name]) => [id, normalise(`${name} ${id}`)]));
    this.columns = FIELDS.map((field) => ({
      weight: FIELD_WEIGHTS[field],
      column: new Column(file.entries.map((entry) => (
        field === "above" ? `${entry.above ?? ""} ${names[entry.policy] ?? ""}` : entry[field] ?? ""
      ))),
    }));
    this.terms = new Terms(
      file,
      (spellings) => this.hits(spellings).size,
      (pair) => this.columns.some(({ column }) => column.has(pair)),
    );
    /** @type {Map<string, Hits>} */
    this.known = new Map();
    this.sums = new Float64Array(file.entries.length);
    this.lengths = file.entries.map((entry) => (entry.title ?? "").length + (entry.words ?? "").length);
    this.usual = this.lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, this.lengths.length);
    /** @type {Set<string>[] | null} */
    this.keys = null;
  }

  /**
   * Find what fits a query, the best first.
   * @param {string} query
   * @param {string} here the policy whose page is open: its clauses come first where numbers are equal
   * @returns {Found[]}
   */
  find(query, here = "") {
    const numbered = new Map(this.numbered(query, here));
    const scores = numbered.size ? numbered : new Map(this.worded(query));
    const found = [...scores].map(([at, score]) => ({ entry: /** @type {Entry} */ (this.entries[at]), score, at }));
    found.sort((one, other) => other.score - one.score || one.at - other.at);
    const best = found[0]?.score ?? 0;
    return found.filter(({ score }) => score >= best * LEAST_OF_BEST);
  }

  /**
   * Put the entries whose clause has the number that a query names.
   * @param {string} query
   * @param {string} here
   * @returns {[number, number][]}
   */
  numbered(query, here) {
    const named = findNumber(query);
    if (!named) {
      return [];
    }
    const { words, number } = named;
    const wanted = number.chapter ? [`chapter ${number.key}`, number.key] : [number.key];
    const policies = this.named(words);
    // Words that name no policy are words of the clause: 四.2.H 降级.
    const told = new Map(words.trim() && !policies.size && (number.sure || number.parts > 1) ? this.worded(words) : []);
    /** @type {[number, number][]} */
    const found = [];
    this.keys ??= this.entries.map((entry) => (entry.path ? keysOf(entry.path, entry.number) : new Set()));
    this.keys.forEach((keys, at) => {
      const entry = /** @type {Entry} */ (this.entries[at]);
      const place = wanted.findIndex((key) => keys.has(key));
      if (place >= 0 && (!words.trim() || policies.has(entry.policy) || told.has(at))) {
        const own = entry.kind === "clause" ? 1 : ABOUT_A_CLAUSE;
        found.push([at, own - place * 0.02 + (entry.policy === here ? 0.05 : 0)]);
      }
    });
    return found;
  }

  /** Say which policies are meant by the words beside a clause number. @param {string} words */
  named(words) {
    const wanted = compact(normalise(words)).replace(/[《》“”"'：:的 ]/g, "");
    const names = Object.entries(this.names);
    return new Set(names.filter(([, name]) => wanted && compact(name).includes(wanted)).map(([id]) => id));
  }

  /** @param {string} query @returns {[number, number][]} */
  worded(query) {
    const { length } = this.entries;
    const [scores, covers, strong] = [new Float64Array(length), new Float64Array(length), new Uint8Array(length)];
    const terms = this.terms.of(query);
    const onlyWeak = terms.every(({ weak, guessed }) => weak && !guessed);
    let whole = 0;
    for (const term of terms) {
      const hits = this.hits(term.spellings);
      const rarity = Math.log(1 + (this.entries.length - hits.size + 0.5) / (hits.size + 0.5));
      whole += term.weight * (hits.size ? rarity : Math.min(rarity, 4) * 0.5);
      const worth = term.weight * rarity;
      hits.entries.forEach((at, place) => {
        const times = hits.times[place] ?? 0;
        const length = 1 - LENGTH + LENGTH * ((this.lengths[at] ?? 0) / this.usual);
        scores[at] = (scores[at] ?? 0) + (worth * times * (1 + SATURATION)) / (times + SATURATION * length);
        covers[at] = (covers[at] ?? 0) + worth;
        strong[at] ||= term.weak ? 0 : 1;
      });
    }
    const wished = Object.keys(this.asks).filter((kind) => this.asks[kind]?.some((word) => query.includes(word)));
    const kinds = { ...KIND_WEIGHTS, ...Object.fromEntries(wished.map((kind) => [kind, (KIND_WEIGHTS[kind] ?? 1) * WISHED])) };
    /** @type {[number, number][]} */
    const found = [];
    scores.forEach((score, at) => {
      const cover = (covers[at] ?? 0) / whole;
      if (score && (onlyWeak || strong[at]) && cover >= LEAST_COVER) {
        found.push([at, score * cover ** COVERING * (kinds[this.entries[at]?.kind ?? ""] ?? 1)]);
      }
    });
    return found;
  }

  /** Give the spellings whose places a reader wants to see marked. @param {string} query */
  marks(query) {
    const said = this.terms.of(query).filter(({ weak, crossing, guessed }) => guessed || (!weak && !crossing));
    return [...new Set(said.flatMap(({ spellings }) => spellings))];
  }

  /** Count, for every entry that has a term, how much it has of it. @param {string[]} spellings @returns {Hits} */
  hits(spellings) {
    const key = spellings.join(END);
    const known = this.known.get(key);
    if (known) {
      return known;
    }
    /** @type {number[]} */
    const entries = [];
    spellings.forEach((spelling, place) => {
      for (const { weight, column } of this.columns) {
        column.each(spelling, (entry) => {
          if (!this.sums[entry]) {
            entries.push(entry);
          }
          this.sums[entry] = (this.sums[entry] ?? 0) + weight * (place ? ALIKE : 1);
        });
      }
    });
    const found = { size: entries.length, entries: Int32Array.from(entries), times: Float64Array.from(entries, (entry) => this.sums[entry] ?? 0) };
    entries.forEach((entry) => {
      this.sums[entry] = 0;
    });
    if (this.known.size >= MOST_KNOWN) {
      this.known.clear();
    }
    this.known.set(key, found);
    return found;
  }
}

/**
 * Put what was found under its headings: the one with the best hit first, the others in their usual order.
 * @param {Found[]} found
 * @returns {Group[]}
 */
export function grouped(found) {
  /** @param {Found | undefined} each */
  const heading = (each) => GROUPS[each?.entry.kind ?? ""] ?? "";
  const headings = new Set([heading(found[0]), ...Object.values(GROUPS)]);
  return [...headings].map((kind) => ({ kind, found: found.filter((each) => heading(each) === kind) }))
    .filter((group) => group.found.length);
}

/**
 * Looks the handbook's words through for a query and puts what fits best first.
 *
 * There is no index to build: the texts of all entries stand end to end, and each term is found by going through
 * them. Terms are pairs of characters (so that a wrong character costs two pairs, not the word), single characters at a
 * low weight, and words that count as one. They are weighed as BM25 weighs them: a rare term says more than a
 * common one, in a title more than in the text. A pair that stands nowhere is probably mistyped; then the characters
 * around it are looked for with any one between them.
 */

import { findNumber, keysOf } from "./search-numbers.js";
import { normalise, units } from "./search-words.js";

/** @typedef {import("./search-words.js").Unit} Unit */
/**
 * @typedef {{ kind: string, policy: string, number: string, href: string, title?: string, words?: string,
 *   above?: string, also?: string, path?: string }} Entry
 * @typedef {{ policies: Record<string, {title: string, short: string}>, alike: string[][], empty: string[],
 *   entries: Entry[] }} SearchFile
 * @typedef {{ entry: Entry, score: number }} Found
 * @typedef {{ spellings: string[], weight: number, weak: boolean,
 *   crossing?: boolean, guessed?: boolean }} Term
 * @typedef {{ kind: string, found: Found[] }} Group
 */

const FIELDS = /** @type {const} */ (["title", "words", "also", "above"]);
const FIELD_WEIGHTS = { title: 2, words: 1, also: 0.65, above: 0.75 };
const KIND_WEIGHTS = /** @type {Record<string, number>} */ ({
  text: 1, clause: 1, calculator: 0.75, doubt: 0.58, figure: 0.58, quiz: 0.9,
});
/** What stands under one heading in the results. */
const GROUPS = /** @type {Record<string, string>} */ ({
  text: "条款", clause: "条款", calculator: "计算", doubt: "存疑", figure: "数字", quiz: "测验",
});
const SINGLE = 0.33;
const EMPTY = 0.13;
const LATIN = 0.6;
const HAN = /^\p{Script=Han}/u;
const WORD = 1.3;
const WITHIN = 0.25;
const ALIKE = 0.78;
const GUESSED = 0.7;
const SATURATION = 0.45;
const LENGTH = 0.2;
const LEAST_COVER = 0.22;
const LEAST_OF_BEST = 0.4;
const ABOUT_A_CLAUSE = 0.6;
const END = "\n";

/** One field of all entries, end to end, and where each entry's part begins. */
class Column {
  /** @param {string[]} texts */
  constructor(texts) {
    this.starts = new Int32Array(texts.length + 1);
    texts.forEach((text, at) => {
      this.starts[at + 1] = (this.starts[at] ?? 0) + text.length + 1;
    });
    this.text = texts.map((text) => text + END).join("");
  }

  /**
   * Say how often a spelling stands in each entry that has it; ?, as a character of it, is any one character.
   * @param {string} spelling
   * @param {(entry: number) => void} seen
   */
  each(spelling, seen) {
    const gap = spelling.indexOf("?");
    const first = gap < 0 ? spelling : spelling.slice(0, gap);
    const rest = gap < 0 ? "" : spelling.slice(gap + 1);
    let entry = 0;
    for (let at = this.text.indexOf(first); at >= 0; at = this.text.indexOf(first, at + 1)) {
      const after = at + first.length;
      if (rest && (this.text[after] === END || !this.text.startsWith(rest, after + 1))) {
        continue;
      }
      if (whole(this.text, at, rest ? after + 1 + rest.length : after)) {
        while ((this.starts[entry + 1] ?? Infinity) <= at) {
          entry += 1;
        }
        seen(entry);
      }
    }
  }
}

/** Say that no number or Latin word is cut: 20 does not stand in 2000, nor in 0.20. */
export function whole(/** @type {string} */ text, /** @type {number} */ start, /** @type {number} */ end) {
  return !glued(text[start - 1], text[start]) && !glued(text[end - 1], text[end]);
}

/** @param {string | undefined} one @param {string | undefined} next */
function glued(one = "", next = "") {
  return (between("0", one, "9") && between("0", next, "9")) || (between("a", one, "z") && between("a", next, "z"));
}

/** @param {string} low @param {string} sign @param {string} high */
function between(low, sign, high) {
  return low <= sign && sign <= high;
}

export class SearchEngine {
  /** @param {SearchFile} file */
  constructor(file) {
    this.entries = file.entries;
    this.policies = file.policies;
    this.alike = new Map(file.alike.flatMap((words) => {
      const plain = words.map(normalise);
      return plain.map((word) => /** @type {[string, string[]]} */ ([word, plain]));
    }));
    this.empty = file.empty.map(normalise).sort((one, other) => other.length - one.length);
    this.spoken = [...this.alike.keys()].sort((one, other) => other.length - one.length);
    const names = Object.fromEntries(Object.entries(file.policies).map(([id, { title, short }]) => [id, `${title} ${short}`]));
    this.names = Object.fromEntries(Object.entries(names).map(([id, name]) => [id, normalise(`${name} ${id}`)]));
    this.columns = FIELDS.map((field) => ({
      weight: FIELD_WEIGHTS[field],
      column: new Column(file.entries.map((entry) => {
        const own = field === "above" ? `${entry.above ?? ""} ${names[entry.policy] ?? ""}` : entry[field] ?? "";
        return compact(normalise(own).replaceAll(END, "，"));
      })),
    }));
    this.lengths = file.entries.map((entry) => (entry.title ?? "").length + (entry.words ?? "").length);
    this.usual = this.lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, this.lengths.length);
    this.keys = file.entries.map((entry) => (entry.path ? keysOf(entry.path, entry.number) : new Set()));
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

  /** @param {string} query @returns {Iterable<[number, number]>} */
  worded(query) {
    /** @type {Map<number, number>} */
    const scores = new Map();
    /** @type {Map<number, number>} */
    const covers = new Map();
    /** @type {Set<number>} */
    const strong = new Set();
    const terms = this.terms(query);
    const onlyWeak = terms.every(({ weak, guessed }) => weak && !guessed);
    let whole = 0;
    for (const term of terms) {
      const hits = this.hits(term.spellings);
      const rarity = Math.log(1 + (this.entries.length - hits.size + 0.5) / (hits.size + 0.5));
      whole += term.weight * (hits.size ? rarity : Math.min(rarity, 4) * 0.5);
      for (const [at, times] of hits) {
        const length = 1 - LENGTH + LENGTH * ((this.lengths[at] ?? 0) / this.usual);
        const worth = term.weight * rarity;
        scores.set(at, (scores.get(at) ?? 0) + (worth * times * (1 + SATURATION)) / (times + SATURATION * length));
        covers.set(at, (covers.get(at) ?? 0) + worth);
        if (!term.weak) {
          strong.add(at);
        }
      }
    }
    return [...scores].filter(([at]) => (onlyWeak || strong.has(at)) && (covers.get(at) ?? 0) >= LEAST_COVER * whole)
      .map(([at, score]) => {
        const cover = (covers.get(at) ?? 0) / whole;
        return /** @type {[number, number]} */ ([at, score * cover * (KIND_WEIGHTS[this.entries[at]?.kind ?? ""] ?? 1)]);
      });
  }

  /** Give the spellings whose places a reader wants to see marked. @param {string} query */
  marks(query) {
    const said = this.terms(query).filter(({ weak, crossing, guessed }) => guessed || (!weak && !crossing));
    return [...new Set(said.flatMap(({ spellings }) => spellings))];
  }

  /** Count, for every entry, how much of a term it holds. @param {string[]} spellings */
  hits(spellings) {
    /** @type {Map<number, number>} */
    const found = new Map();
    spellings.forEach((spelling, place) => {
      for (const { weight, column } of this.columns) {
        const worth = weight * (place ? ALIKE : 1);
        column.each(spelling, (entry) => found.set(entry, (found.get(entry) ?? 0) + worth));
      }
    });
    return found;
  }

  /**
   * Cut a query into terms.
   * @param {string} query
   * @returns {Term[]}
   */
  terms(query) {
    const text = compact(normalise(query));
    const parts = units(text);
    const alike = spans(text, this.spoken);
    const empty = spans(text, this.empty).filter(([start]) => !alike.some(([from, to]) => from <= start && start < to));
    /** @type {Term[]} */
    const terms = alike.map(([start, end]) => {
      const spellings = [text.slice(start, end), ...this.others(text, [start, end])];
      return { spellings, weight: end - start > 1 ? WORD : 0.5, weak: end - start < 2 };
    });
    parts.forEach((part, at) => {
      const weight = inside(part, empty) ? EMPTY : 1;
      const han = HAN.test(part.text);
      terms.push({ spellings: [part.text], weight: weight * (han ? SINGLE : LATIN), weak: han });
      const next = parts[at + 1];
      if (next?.joined) {
        const within = alike.some(([start, end]) => start <= part.start && next.end <= end);
        const crossing = Math.min(weight, inside(next, empty) ? EMPTY : 1);
        const ends = this.others(text, alike.find(([, end]) => end === part.end)).map((word) => word.slice(-1));
        const starts = this.others(text, alike.find(([start]) => start === next.start)).map((word) => word.slice(0, 1));
        terms.push(within || (!ends.length && !starts.length)
          ? this.pair(parts, at, within ? WITHIN * crossing : crossing)
          : { spellings: pairs([part.text, ...ends], [next.text, ...starts]), weight: crossing, weak: false, crossing: true });
      }
    });
    return terms;
  }

  /** Give the words that count as the one at a place. @param {string} text @param {[number, number]} [place] */
  others(text, place) {
    const word = place ? text.slice(...place) : "";
    return (this.alike.get(word) ?? []).filter((other) => other !== word);
  }

  /**
   * Look for a pair of characters; where it stands nowhere, for what may have been meant.
   * @param {Unit[]} parts
   * @param {number} at
   * @param {number} weight
   * @returns {Term}
   */
  pair(parts, at, weight) {
    const [before, one, next, after] = [parts[at - 1], parts[at], parts[at + 1], parts[at + 2]];
    if (!one || !next) {
      return { spellings: [], weight: 0, weak: true };
    }
    const pair = one.text + next.text;
    if (weight < 1 || this.hits([pair]).size) {
      return { spellings: [pair], weight, weak: weight < WITHIN };
    }
    const guesses = [`${one.text}?${next.text}`];
    if (before && one.joined) {
      guesses.push(`${before.text}?${next.text}`);
    }
    if (after?.joined) {
      guesses.push(`${one.text}?${after.text}`);
    }
    return { spellings: [pair, ...guesses], weight: weight * GUESSED, weak: true, guessed: true };
  }
}

/** Join what only white space parts, unless that would glue two numbers or two Latin words. @param {string} text */
function compact(text) {
  return text.replace(/\s+/g, (space, /** @type {number} */ at) => (glued(text[at - 1], text[at + space.length]) ? " " : ""));
}

/**
 * Find the places of the longest words of a list, none over another.
 * @param {string} text
 * @param {string[]} words the longest first
 */
function spans(text, words) {
  /** @type {[number, number][]} */
  const found = [];
  for (const word of words) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      const end = at + word.length;
      if (found.every(([from, to]) => end <= from || to <= at)) {
        found.push([at, end]);
      }
    }
  }
  return found;
}

/** Join the ends of one word's spellings to the starts of the next one's. @param {string[]} ends @param {string[]} starts */
function pairs(ends, starts) {
  return [...new Set(ends.flatMap((end) => starts.map((start) => end + start)))];
}

/** @param {Unit} unit @param {[number, number][]} places */
function inside(unit, places) {
  return places.some(([start, end]) => start <= unit.start && unit.end <= end);
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

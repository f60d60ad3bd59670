/**
 * Looks the handbook's words through for a query and puts what fits best first.
 *
 * The texts of all entries stand end to end, with the places of each character; the rarest character of a term leads
 * to where it stands. Terms are pairs of characters (so that a wrong character costs two pairs, not the word), single
 * characters at a low weight, and words that count as one. They are weighed as BM25 weighs them: a rare term says more
 * than a common one, in a title more than in the text. A pair that stands nowhere is probably mistyped; then the
 * characters around it are looked for with any one between them.
 */

import { Column, END } from "./search-column.js";
import { chinese, findNumber, inChinese, keysOf } from "./search-numbers.js";
import { soundsLike } from "./search-sounds.js";
import { compact, normalise, units } from "./search-words.js";

/** @typedef {import("./search-words.js").Unit} Unit */
/**
 * @typedef {{ kind: string, policy: string, number: string, href: string, title?: string, words?: string,
 *   above?: string, also?: string, path?: string }} Entry
 * @typedef {{ policies: Record<string, {title: string, short: string}>, alike: string[][], empty: string[],
 *   asks: Record<string, string[]>, answers: { asked: string[], units: string[] }[],
 *   entries: Entry[] }} SearchFile
 * @typedef {{ entry: Entry, score: number }} Found
 * @typedef {{ size: number, entries: Int32Array, times: Float64Array }} Hits
 * @typedef {{ spellings: string[], weight: number, weak: boolean,
 *   crossing?: boolean, guessed?: boolean }} Term
 * @typedef {{ kind: string, found: Found[] }} Group
 */

const FIELDS = /** @type {const} */ (["title", "words", "also", "above"]);
const FIELD_WEIGHTS = { title: 2, words: 0.9, also: 0.52, above: 0.55 };
const KIND_WEIGHTS = /** @type {Record<string, number>} */ ({
  text: 0.9, clause: 1, calculator: 0.6, doubt: 0.58, figure: 0.58, quiz: 0.9,
});
/** What stands under one heading in the results. */
const GROUPS = /** @type {Record<string, string>} */ ({
  text: "条款", clause: "条款", calculator: "计算", doubt: "存疑", figure: "数字", quiz: "测验",
});
const SINGLE = 0.2;
const EMPTY = 0.18;
const LATIN = 0.6;
const AMOUNTS = /(\d+|[〇一二两三四五六七八九十]+)(个?[天次年月周级点人秒]|个|元|小时|分钟|%)/g;
const HAN = /^\p{Script=Han}/u;
const PAIR = /^\p{Script=Han}{2}$/u;
const DIGIT = /\d/;
const WORD = 1.3;
const WITHIN = 0.15;
const EDGE = 0.3;
const ALIKE = 0.78;
const GUESSED = 0.7;
const TOGETHER = 0.3;
const WISHED = 1.8;
const CLOSER = 0.6;
const AMOUNT = 0.8;
const ANSWER = 1;
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
    /** @type {Map<string, string[]>} */
    this.alike = new Map();
    for (const words of file.alike.map((group) => group.map(normalise))) {
      words.forEach((word) => this.alike.set(word, [...(this.alike.get(word) ?? []), ...words]));
    }
    this.asks = file.asks;
this.answers = new Map(file.answers.flatMap(({ asked, units: hold }) => asked.map((word) => [normalise(word), hold.map(normalise)])));
    this.asked = [...this.answers.keys()].sort((one, other) => other.length - one.length);
    this.empty = file.empty.map(normalise).sort((one, other) => other.length - one.length);
    this.words = [...this.alike.keys(), ...this.asked, ...this.empty].join(END);
    this.spoken = [...this.alike.keys()].sort((one, other) => other.length - one.length);
    const names = Object.fromEntries(Object.entries(file.policies).map(([id, { title, short }]) => [id, `${title} ${short}`]));
    this.names = Object.fromEntries(Object.entries(names).map(([id, name]) => [id, normalise(`${name} ${id}`)]));
    this.columns = FIELDS.map((field) => ({
      weight: FIELD_WEIGHTS[field],
      column: new Column(file.entries.map((entry) => (
        field === "above" ? `${entry.above ?? ""} ${names[entry.policy] ?? ""}` : entry[field] ?? ""
      ))),
    }));
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
    const terms = this.terms(query);
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
    const said = this.terms(query).filter(({ weak, crossing, guessed }) => guessed || (!weak && !crossing));
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

  /**
   * Cut a query into terms: what it says, what it says when the words that say nothing are left out
   * (请两天假, 涨一次工资), how many, and what an answer holds.
   * @param {string} query
   * @returns {Term[]}
   */
  terms(query) {
    const text = this.heard(compact(normalise(query)));
    const terms = this.cut(text);
    const said = new Set(terms.map(({ spellings }) => spellings[0]));
    const bare = this.bare(text);
    const closer = bare === text ? [] : this.cut(bare).filter(({ spellings, guessed }) => !guessed && !said.has(spellings[0]) && this.hits(spellings).size);
    terms.push(...closer.map((term) => ({ ...term, weight: term.weight * CLOSER })));
    const own = this.amounts(text);
    own.forEach(({ spellings }) => terms.push({ spellings, weight: AMOUNT, weak: false, crossing: true }));
    // A number of the reader's own, 拿了8个点, asks as 拿了几个点 does.
    const hold = [
      ...spans(text, this.asked).flatMap(([start, end]) => this.answers.get(text.slice(start, end)) ?? []),
      ...own.filter(({ known }) => !known).flatMap(({ unit }) => [unit, unit.replace("个", "") || unit]),
    ];
    if (hold.length) {
      terms.push({ spellings: [...new Set(hold)].map((unit) => `#${unit}`), weight: ANSWER, weak: true });
    }
    return terms;
  }

  /**
   * Put right what was typed by its sound: a character that stands nowhere beside its neighbours becomes the one that
   * makes a word with them, 工兹 is 工资.
   * @param {string} text
   */
  heard(text) {
    const signs = [...text];
    const sure = [...this.silent(text), ...spans(text, this.spoken)];
    signs.forEach((typed, at) => {
      const [before = "", behind = ""] = [signs[at - 1], signs[at + 1]];
      const beside = (/** @type {string} */ sign) => [before + sign, sign + behind].filter((pair) => PAIR.test(pair));
      if (DIGIT.test(before) || sure.some(([start, end]) => start <= at && at < end) || beside(typed).some((pair) => this.stands(pair))) {
        return;
      }
      let most = 0;
      for (const sign of soundsLike(typed)) {
        const words = beside(sign).filter((pair) => this.stands(pair) && (this.words.includes(pair) || this.isWord(pair.charAt(0), pair.charAt(1))));
        const worth = words.reduce((sum, pair) => sum + 1 + this.hits([pair]).size, 0);
        if (worth > most) {
          [signs[at], most] = [sign, worth];
        }
      }
    });
    return signs.join("");
  }

  /** Say whether a pair of characters stands anywhere. @param {string} pair */
  stands(pair) {
    return this.words.includes(pair) || this.columns.some(({ column }) => column.has(pair));
  }

  /** Say whether two make a word: those seldom stand apart. @param {string} one @param {string} next */
  isWord(one, next) {
    const [both = 0, ...apart] = [one + next, one, next].map((each) => this.hits([each]).size);
    return both > 0 && both >= TOGETHER * Math.min(...apart);
  }

  /** Give the places of words that say nothing, 看不看 too; one that is part of a word that counts as others says something. @param {string} text */
  silent(text) {
    const asked = [...text.matchAll(/(.)[不没]\1/gu)].map(({ index }) => /** @type {[number, number]} */ ([index, index + 3]));
    const alike = spans(text, this.spoken);
    return [...asked, ...spans(text, this.empty)].filter(([start, end]) => !alike.some(([from, to]) => from < end && start < to));
  }

  /** Leave out what says nothing, and amounts. @param {string} text */
  bare(text) {
    const left = [...this.silent(text), ...this.amounts(text).map(({ place }) => place)];
    return [...text].filter((_, at) => !left.some(([start, end]) => start <= at && at < end)).join("");
  }

  /** Give the amounts of a text: where each is, as figures and as words, its unit, whether it stands anywhere. @param {string} text */
  amounts(text) {
    return [...text.matchAll(AMOUNTS)].map(({ index, 0: { length }, 1: number = "", 2: unit = "" }) => {
      const value = /\d/.test(number) ? Number(number) : chinese(number);
      const spelt = value < 100 ? [`${value}`, inChinese(value), ...(value === 2 ? ["两"] : [])] : [`${value}`];
      const spellings = spelt.map((each) => each + unit);
      return { place: /** @type {[number, number]} */ ([index, index + length]), spellings, unit, known: this.hits(spellings).size > 0 };
    });
  }

  /** @param {string} text @returns {Term[]} */
  cut(text) {
    const parts = units(text);
    const alike = spans(text, this.spoken);
    const empty = [...this.silent(text), ...this.amounts(text).filter(({ known }) => !known).map(({ place }) => place)];
    /** @type {Term[]} */
    const terms = alike.map(([start, end]) => {
      const spellings = [text.slice(start, end), ...this.others(text, [start, end])];
      return { spellings, weight: end - start > 1 ? WORD : 0.5, weak: end - start < 2 };
    });
    parts.forEach((part, at) => {
      const weight = inside(part, empty) ? EMPTY : 1;
      const fixed = parts.slice(at, at + 2).some((each) => empty.some(([start, end]) => end - start > 1 && start <= each.start && each.end <= end));
      const han = HAN.test(part.text);
      terms.push({ spellings: [part.text], weight: weight * (han ? SINGLE : LATIN), weak: han || weight < 1 });
      const next = parts[at + 1];
      if (next?.joined) {
        const within = alike.some(([start, end]) => start <= part.start && next.end <= end);
        const [before, behind] = [alike.find(([, end]) => end === part.end), alike.find(([start]) => start === next.start)];
        // Where a word ends, its last character seldom says anything together with the next one: 岗后 in 换岗后.
        const edge = !within && [before, behind].some((place) => place && place[1] - place[0] > 1);
        const crossing = Math.min(weight, inside(next, empty) ? EMPTY : 1);
        const ends = this.others(text, before).map((word) => word.slice(-1));
        const starts = this.others(text, behind).map((word) => word.slice(0, 1));
        const spellings = pairs([part.text, ...ends], [next.text, ...starts]);
        const term = !within && spellings.length > 1 && this.hits(spellings).size
          ? { spellings, weight: crossing, weak: false, crossing: true }
          : this.pair(parts, at, within ? WITHIN * crossing : crossing, fixed);
        terms.push(edge ? { ...term, weight: term.weight * EDGE } : term);
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
   * @param {boolean} fixed whether it is part of a longer word that says nothing
   * @returns {Term}
   */
  pair(parts, at, weight, fixed) {
    const [before, one, next, after] = [parts[at - 1], parts[at], parts[at + 1], parts[at + 2]];
    if (!one || !next) {
      return { spellings: [], weight: 0, weak: true };
    }
    const pair = one.text + next.text;
    // 能 says nothing, and 技能 does.
    if (weight === EMPTY && !fixed && this.isWord(one.text, next.text)) {
      return { spellings: [pair], weight: 1, weak: false };
    }
    if (weight < 1 || this.hits([pair]).size) {
      return { spellings: [pair], weight, weak: weight <= EMPTY };
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

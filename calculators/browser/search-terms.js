/**
 * Cuts a query into terms: pairs of characters (so that a wrong character costs two pairs, not the word), single
 * characters at a low weight, and words that count as one. A pair that stands nowhere is probably mistyped; if no
 * character of the same sound makes a word of it, the characters around it are looked for with any one between them.
 */

import { chinese, inChinese } from "./search-numbers.js";
import { soundsLike } from "./search-sounds.js";
import { compact, normalise, units } from "./search-words.js";

/** @typedef {import("./search-words.js").Unit} Unit */
/**
 * @typedef {{ alike: string[][], empty: string[],
 *   answers: { asked: string[], units?: string[], words?: string[] }[] }} Words
 * @typedef {{ spellings: string[], weight: number, weak: boolean, crossing?: boolean, guessed?: boolean }} Term
 */

const SINGLE = 0.2;
const EMPTY = 0.18;
const LATIN = 0.6;
const WORD = 1.3;
const WITHIN = 0.15;
const EDGE = 0.3;
const GUESSED = 0.7;
const TOGETHER = 0.3;
const CLOSER = 0.6;
const AMOUNT = 0.8;
const ANSWER = 1;
const AMOUNTS = /(\d+|[〇一二两三四五六七八九十]+)(个?[天次年月周级点人秒]|个|元|小时|分钟|%)/g;
const ASKED_BOTH_WAYS = /(.)[不没]\1/gu;
const HAN = /^\p{Script=Han}/u;
const PAIR = /^\p{Script=Han}{2}$/u;
const DIGIT = /\d/;

export class Terms {
  /**
   * @param {Words} words
   * @param {(spellings: string[]) => number} count in how many entries one of the spellings stands
   * @param {(pair: string) => boolean} stands whether two characters stand together anywhere
   */
  constructor({ alike, empty, answers }, count, stands) {
    this.count = count;
    this.stands = stands;
    /** @type {Map<string, string[]>} */
    this.alike = new Map();
    for (const words of alike.map((group) => group.map(normalise))) {
      words.forEach((word) => this.alike.set(word, [...(this.alike.get(word) ?? []), ...words]));
    }
    /** @type {Map<string, string[]>} */
    this.standing = new Map();
    this.answers = new Map(answers.flatMap(({ asked, units: counted = [], words = [] }) => {
      const hold = [...counted.map((unit) => `#${normalise(unit)}`), ...words.map(normalise)];
      return asked.map((word) => [normalise(word), hold]);
    }));
    this.spoken = byLength([...this.alike.keys()]);
    this.asked = byLength([...this.answers.keys()]);
    this.empty = byLength(empty.map(normalise));
    this.inWords = new Set([this.spoken, this.asked, this.empty].flatMap(({ words }) => [...words]).flatMap((word) => [...word].map((_, at) => word.slice(at, at + 2))));
  }

  /**
   * Give the terms of a query: what it says, what it says when the words that say nothing are left out
   * (请两天假, 涨一次工资), how many, and what an answer holds.
   * @param {string} query
   * @returns {Term[]}
   */
  of(query) {
    const text = this.heard(compact(normalise(query)).replace(ASKED_BOTH_WAYS, "$1"));
    const terms = this.cut(text);
    const said = new Set(terms.map(({ spellings }) => spellings[0]));
    const bare = this.bare(text);
    const closer = bare === text ? [] : this.cut(bare).filter(({ spellings, guessed }) => !guessed && !said.has(spellings[0]) && this.count(spellings));
    terms.push(...closer.map((term) => ({ ...term, weight: term.weight * CLOSER })));
    const own = this.amounts(text);
    own.forEach(({ spellings }) => terms.push({ spellings, weight: AMOUNT, weak: false, crossing: true }));
    // A number of the reader's own, 拿了8个点, asks as 拿了几个点 does.
    const hold = [
      ...spans(text, this.asked).flatMap(([start, end]) => this.answers.get(text.slice(start, end)) ?? []),
      ...own.filter(({ known }) => !known).flatMap(({ unit }) => [`#${unit}`, `#${unit.replace("个", "") || unit}`]),
    ];
    if (hold.length) {
      terms.push({ spellings: [...new Set(hold)], weight: ANSWER, weak: true });
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
      if (DIGIT.test(before) || covered(at, sure) || beside(typed).some((pair) => this.inWords.has(pair) || this.stands(pair))) {
        return;
      }
      let most = 0;
      for (const sign of soundsLike(typed)) {
        const words = beside(sign).filter((pair) => this.inWords.has(pair) || (this.stands(pair) && this.isWord(pair.charAt(0), pair.charAt(1))));
        const worth = words.reduce((sum, pair) => sum + 1 + this.count([pair]), 0);
        if (worth > most) {
          [signs[at], most] = [sign, worth];
        }
      }
    });
    return signs.join("");
  }

  /** Say whether two make a word: those seldom stand apart. @param {string} one @param {string} next */
  isWord(one, next) {
    const [both = 0, ...apart] = [one + next, one, next].map((each) => this.count([each]));
    return both > 0 && both >= TOGETHER * Math.min(...apart);
  }

  /** Give the places of words that say nothing; one that is part of a word that counts as others says something. @param {string} text */
  silent(text) {
    const alike = spans(text, this.spoken);
    return spans(text, this.empty).filter(([start, end]) => !alike.some(([from, to]) => from < end && start < to));
  }

  /** Leave out what says nothing, and amounts. @param {string} text */
  bare(text) {
    const left = [...this.silent(text), ...this.amounts(text).map(({ place }) => place)];
    return [...text].filter((_, at) => !covered(at, left)).join("");
  }

  /** Give the amounts of a text: where each is, as figures and as words, its unit, whether it stands anywhere. @param {string} text */
  amounts(text) {
    return [...text.matchAll(AMOUNTS)].map(({ index, 0: { length }, 1: number = "", 2: unit = "" }) => {
      const value = DIGIT.test(number) ? Number(number) : chinese(number);
      const spelt = value < 100 ? [`${value}`, inChinese(value), ...(value === 2 ? ["两"] : [])] : [`${value}`];
      const spellings = spelt.map((each) => each + unit);
      return { place: /** @type {[number, number]} */ ([index, index + length]), spellings, unit, known: this.count(spellings) > 0 };
    });
  }

  /** @param {string} text @returns {Term[]} */
  cut(text) {
    const parts = units(text);
    const alike = spans(text, this.spoken);
    const empty = [...this.silent(text), ...this.amounts(text).filter(({ known }) => !known).map(({ place }) => place)];
    const fixed = empty.filter(([start, end]) => end - start > 1);
    /** @type {Term[]} */
    const terms = alike.map(([start, end]) => {
      const spellings = [text.slice(start, end), ...this.others(text, [start, end])];
      return { spellings, weight: end - start > 1 ? WORD : 0.5, weak: end - start < 2 };
    });
    parts.forEach((part, at) => {
      const weight = inside(part, empty) ? EMPTY : 1;
      const han = HAN.test(part.text);
      terms.push({ spellings: [part.text], weight: weight * (han ? SINGLE : LATIN), weak: han || weight < 1 });
      const next = parts[at + 1];
      if (next?.joined) {
        const within = alike.some(([start, end]) => start <= part.start && next.end <= end);
        const [before, behind] = [alike.find(([, end]) => end === part.end), alike.find(([start]) => start === next.start)];
        // Where a word ends, its last character seldom says anything together with the next one: 岗后 in 换岗后.
        const edge = !within && [before, behind].some((place) => place && place[1] - place[0] > 1);
        const silent = weight < 1 || inside(next, empty);
        const crossing = silent ? EMPTY : 1;
        const ends = this.others(text, before).map((word) => word.slice(-1));
        const starts = this.others(text, behind).map((word) => word.slice(0, 1));
        const spellings = pairs([part.text, ...ends], [next.text, ...starts]);
        const term = !within && spellings.length > 1 && this.count(spellings)
          ? { spellings, weight: crossing, weak: false, crossing: true }
          : this.pair(parts, at, within ? WITHIN * crossing : crossing, silent && !within && !parts.slice(at, at + 2).some((each) => inside(each, fixed)));
        terms.push(edge ? { ...term, weight: term.weight * EDGE } : term);
      }
    });
    return terms;
  }

  /** Give the words that count as the one at a place and stand somewhere. @param {string} text @param {[number, number]} [place] */
  others(text, place) {
    const word = place ? text.slice(...place) : "";
    const found = this.standing.get(word) ?? [...new Set(this.alike.get(word))].filter((other) => other !== word && this.count([other]));
    this.standing.set(word, found);
    return found;
  }

  /**
   * Look for a pair of characters; where it stands nowhere, for what may have been meant.
   * @param {Unit[]} parts
   * @param {number} at
   * @param {number} weight
   * @param {boolean} perhaps whether it says something only if it is a word: 能 says nothing, and 技能 does
   * @returns {Term}
   */
  pair(parts, at, weight, perhaps) {
    const [before, one, next, after] = [parts[at - 1], parts[at], parts[at + 1], parts[at + 2]];
    if (!one || !next) {
      return { spellings: [], weight: 0, weak: true };
    }
    const pair = one.text + next.text;
    if (perhaps && this.isWord(one.text, next.text)) {
      return { spellings: [pair], weight: 1, weak: false };
    }
    if (weight < 1 || this.count([pair])) {
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

/** @typedef {{ words: Set<string>, lengths: number[] }} WordList the words and their lengths, the longest first */

/** @param {string[]} words @returns {WordList} */
function byLength(words) {
  return { words: new Set(words), lengths: [...new Set(words.map(({ length }) => length))].sort((one, other) => other - one) };
}

/**
 * Find the places of the longest words of a list, none over another.
 * @param {string} text
 * @param {WordList} list
 */
function spans(text, { words, lengths }) {
  /** @type {[number, number][]} */
  const found = [];
  for (const length of lengths) {
    for (let [at, end] = [0, length]; end <= text.length; at += 1, end += 1) {
      if (words.has(text.slice(at, end)) && found.every(([from, to]) => end <= from || to <= at)) {
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

/** @param {number} at @param {[number, number][]} places */
function covered(at, places) {
  return places.some(([start, end]) => start <= at && at < end);
}

/** @param {Unit} unit @param {[number, number][]} places */
function inside(unit, places) {
  return places.some(([start, end]) => start <= unit.start && unit.end <= end);
}

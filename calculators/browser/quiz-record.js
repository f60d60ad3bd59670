/**
 * The trainee's own record of one quiz: finished rounds and the cards of what was wrong. Two records of the
 * same quiz - of two tabs, or of a file - join without losing anything, in whatever order they meet.
 */

/** @typedef {import("./quiz-cards.js").Card} Card */

/**
 * @typedef {object} Finished  a round that was handed in
 * @property {string} id
 * @property {number} ended  in milliseconds
 * @property {string} day
 * @property {"practice" | "exam"} mode
 * @property {string} bank  the bank's digest
 * @property {number} asked  how many questions
 * @property {boolean} whole  the whole paper was asked
 * @property {string} multiple
 * @property {string} seed
 * @property {number} seconds
 * @property {number} marks
 * @property {number} decided
 * @property {number} out_of
 * @property {{ id: string, marks: number, out_of: number }[]} sections
 * @property {string[]} wrong
 * @typedef {object} QuizRecord
 * @property {number} form
 * @property {string} quiz
 * @property {number} cleared  what is not newer than this moment was cleared away
 * @property {Finished[]} rounds  the oldest first
 * @property {Record<string, Card>} cards  by question
 */

export const FORM = 1;
export const MOST_ROUNDS = 500;
export const LARGEST_FILE = 2_000_000;
const MOST_CARDS = 5000;
const LONGEST_TEXT = 200;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** @param {string} quiz @returns {QuizRecord} */
export function emptyRecord(quiz) {
  return { form: FORM, quiz, cleared: 0, rounds: [], cards: {} };
}

/**
 * Join two records: every round of either, of each card the one that was seen last.
 * @param {QuizRecord} one @param {QuizRecord} other @returns {QuizRecord}
 */
export function joined(one, other) {
  const cleared = Math.max(one.cleared, other.cleared);
  /** @type {Map<string, Finished>} */
  const rounds = new Map();
  for (const round of [...one.rounds, ...other.rounds]) {
    const known = rounds.get(round.id);
    if (round.ended > cleared && !(known && isAfter(known, round))) {
      rounds.set(round.id, round);
    }
  }
  /** @type {Record<string, Card>} */
  const cards = {};
  for (const [id, card] of [...Object.entries(one.cards), ...Object.entries(other.cards)]) {
    const known = cards[id];
    if (card.seen > cleared && !(known && isAfter(known, card))) {
      cards[id] = card;
    }
  }
  const inOrder = [...rounds.values()].sort((a, b) => a.ended - b.ended || (a.id < b.id ? -1 : 1));
  return { form: FORM, quiz: one.quiz, cleared, rounds: inOrder.slice(-MOST_ROUNDS), cards };
}

/** Of two that say different things of one moment, one wins on every device. @param {any} one @param {any} other */
function isAfter(one, other) {
  const [mine, theirs] = [one.seen ?? one.ended, other.seen ?? other.ended];
  return mine === theirs ? JSON.stringify(one) >= JSON.stringify(other) : mine > theirs;
}

/**
 * Read a record from a file or from storage.
 * @param {string} text
 * @param {string} quiz
 * @returns {{ record: QuizRecord, errors: never[] } | { record: null, errors: string[] }}
 */
export function readRecord(text, quiz) {
  if (text.length > LARGEST_FILE) {
    return wrong("这个文件太大，不像是测验的记录。");
  }
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    return wrong("这个文件读不懂：应是从这里下载的记录，文件名以 .json 结尾。");
  }
  if (!isObject(found) || !("form" in found) || !("quiz" in found)) {
    return wrong("这个文件不是测验的记录。");
  }
  if (found.quiz !== quiz) {
    return wrong(`这是另一套测验（${String(found.quiz).slice(0, 40)}）的记录，请到那一套里导入。`);
  }
  if (found.form !== FORM) {
    return wrong("这份记录是别的版本的手册写的，这里读不了。");
  }
  /** @type {string[]} */
  const errors = [];
  const rounds = Array.isArray(found.rounds) ? found.rounds : (errors.push("成绩应是一列，记录里不是。"), []);
  const cards = isObject(found.cards) ? found.cards : (errors.push("错题本应是一组，记录里不是。"), {});
  const cleared = found.cleared ?? 0;
  if (!isCount(cleared)) {
    errors.push("清除记录的时间不对。");
  }
  if (rounds.length > MOST_ROUNDS || Object.keys(cards).length > MOST_CARDS) {
    errors.push(`记录太多：成绩最多 ${MOST_ROUNDS} 次，错题最多 ${MOST_CARDS} 道。`);
  } else {
    rounds.forEach((each, index) => errors.push(...wrongInRound(each).map((what) => `第 ${index + 1} 次成绩的${what}不对。`)));
    Object.entries(cards).forEach(([id, card]) => errors.push(...wrongInCard(card).map((what) => `错题 ${id.slice(0, 20)} 的${what}不对。`)));
  }
  if (errors.length > 0) {
    return { record: null, errors };
  }
  const record = { form: FORM, quiz, cleared, rounds: rounds.map(cleanRound), cards: Object.fromEntries(Object.entries(cards).map(([id, card]) => [id, cleanCard(card)])) };
  return { record: joined(emptyRecord(quiz), record), errors: [] };
}

/** @param {string} message @returns {{ record: null, errors: string[] }} */
function wrong(message) {
  return { record: null, errors: [message] };
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} value @returns {value is number} */
function isCount(value) {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** @param {unknown} value @returns {value is string} */
function isText(value) {
  return typeof value === "string" && value.length <= LONGEST_TEXT;
}

/** @param {unknown} value */
function isDay(value) {
  return isText(value) && DAY.test(value) && !Number.isNaN(Date.parse(`${value}T00:00:00Z`));
}

/** @param {any} round @returns {string[]} */
function wrongInRound(round) {
  if (!isObject(round)) {
    return ["内容"];
  }
  /** @type {[string, boolean][]} */
  const checks = [
    ["编号", isText(round.id) && round.id !== ""], ["时间", isCount(round.ended)], ["日期", isDay(round.day)],
    ["方式", round.mode === "practice" || round.mode === "exam"], ["题库", isText(round.bank)],
    ["题数", isCount(round.asked) && typeof round.whole === "boolean"], ["多选判法", isText(round.multiple)], ["乱序号", isText(round.seed)],
    ["用时", isCount(round.seconds)],
    ["得分", isCount(round.marks) && isCount(round.decided) && isCount(round.out_of) && round.marks <= round.decided && round.decided <= round.out_of],
    ["各部分得分", Array.isArray(round.sections) && round.sections.length <= LONGEST_TEXT
      && round.sections.every((/** @type {any} */ each) => isObject(each) && isText(each.id) && isCount(each.marks) && isCount(each.out_of))],
    ["错题", Array.isArray(round.wrong) && round.wrong.length <= MOST_CARDS && round.wrong.every(isText)],
  ];
  return checks.filter(([, right]) => !right).map(([what]) => what);
}

/** @param {any} place */
function isPlace(place) {
  return isObject(place) && Number.isInteger(place.box) && isCount(place.box) && isDay(place.due) && isCount(place.wrong);
}

/** @param {any} card @returns {string[]} */
function wrongInCard(card) {
  const right = isPlace(card) && isText(card.digest) && isCount(card.seen) && isText(card.round) && (card.before === null || isPlace(card.before));
  return right ? [] : ["内容"];
}

/** Keep what is known of a round; what else stands in a file is left out. @param {any} each @returns {Finished} */
function cleanRound(each) {
  const { id, ended, day, mode, bank, asked, whole, multiple, seed, seconds, marks, decided, out_of, sections, wrong: missed } = each;
  return {
    id, ended, day, mode, bank, asked, whole, multiple, seed, seconds, marks, decided, out_of, wrong: missed,
    sections: sections.map((/** @type {any} */ one) => ({ id: one.id, marks: one.marks, out_of: one.out_of })),
  };
}

/** @param {any} card @returns {Card} */
function cleanCard({ box, due, wrong: times, digest, seen, round, before }) {
  return { box, due, wrong: times, digest, seen, round, before: before && { box: before.box, due: before.due, wrong: before.wrong } };
}

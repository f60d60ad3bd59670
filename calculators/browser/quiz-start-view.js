/** The first screen of a quiz: an unfinished round first, two ways, a few wishes, and one button. */

import { h, wordButton } from "./dom.js";
import { dayOf, dayWords, MULTIPLE } from "./quiz-words.js";

/** @typedef {import("./quiz-round.js").Round} Round */
/** @typedef {import("./quiz-round.js").Wishes} Wishes */

const LONGEST_LIMIT = 600;
const USUAL_LIMIT = 30;
const SEEDS = 9000;

/**
 * @param {{ open: Round[], bank: string, wrong: string[], due: string[], next: string, today: string, place: (round: Round) => string }} known
 */
export function startView({ open, bank, wrong, due, next, today, place }) {
  return [
    ...open.map((round) => openRow(round, round.bank === bank, place(round), today)),
    ...(due.length > 0 ? [h("div", { class: "quiz-row" }, h("p", {}, `错题本里有 ${due.length} 题今天该再练一遍`), h("p", {}, wordButton("review", `练这 ${due.length} 题`)))] : []),
    h("div", { class: "quiz-ways", role: "radiogroup", "aria-label": "怎么做" },
      way("practice", "练习", "答一题讲一题：哪里错，原文怎么说。", true),
      way("exam", "考试", "全部答完再看分。可以打乱题序，可以计时。", false)),
    h("div", { class: "quiz-wishes" },
      tick("single", "一题一页", true), tick("items", "打乱题序"), tick("options", "打乱选项"),
      ...(wrong.length > 0 ? [tick("only", `只练错题本里的 ${wrong.length} 题`)] : []),
      h("span", { class: "quiz-exam-only" }, tick("timed", "限时"),
        h("label", { class: "quiz-number-wish" }, h("span", { class: "unseen" }, "限时几分钟"),
          h("input", { type: "text", inputmode: "numeric", "data-wish": "limit", value: String(USUAL_LIMIT), maxlength: "3" }), " 分"))),
    h("details", { class: "quiz-more" }, h("summary", {}, "更多"),
      h("label", { class: "quiz-seed" }, "乱序号", h("input", { type: "text", "data-wish": "seed", maxlength: "20", autocomplete: "off" }),
        h("span", { class: "quiz-hint" }, "填同一个号，打乱出来的卷子就一样；不填就随便乱。")),
      h("fieldset", {}, h("legend", {}, "多选题少选了"),
        ...Object.entries(MULTIPLE).map(([value, text]) => radio("multiple", value, text, value === "exact")),
        h("p", { class: "quiz-hint" }, "选了不该选的，总是 0 分。"))),
    h("p", { class: "quiz-start-error", role: "alert" }),
    h("p", {}, h("button", { type: "button", class: "button", "data-action": "start" }, "开始练习")),
    h("p", { class: "quiz-hint" }, "关掉页面也不会丢，答案只存在本机。", ...(next && due.length === 0 ? [`错题下次复习：${dayWords(next, today)}。`] : [])),
  ];
}

/** @param {Round} round @param {boolean} same @param {string} place @param {string} today */
function openRow(round, same, place, today) {
  const day = dayOf(round.kept);
  const kind = round.wishes.mode === "exam" ? "考试" : "练习";
  const words = same ? `上次${kind}停在${place}，${dayWords(day, today)}` : `${dayWords(day, today)}的${kind}没做完，后来题库改过，不能接着做`;
  const go = wordButton("resume", "接着做");
  const drop = wordButton("drop", "放弃");
  for (const each of [go, drop]) {
    each.dataset.round = round.id;
  }
  return h("div", { class: "quiz-row" }, h("p", {}, words), h("p", {}, ...(same ? [go, " "] : []), drop));
}

/** @param {string} value @param {string} title @param {string} words @param {boolean} chosen */
function way(value, title, words, chosen) {
  const input = h("input", { type: "radio", name: "quiz-mode", value, "data-wish": "mode", ...(chosen ? { checked: "" } : {}) });
  return h("label", { class: "quiz-way" }, input, h("span", {}, h("strong", {}, title), h("span", {}, words)));
}

/** @param {string} wish @param {string} text @param {boolean} [chosen] */
function tick(wish, text, chosen = false) {
  return h("label", {}, h("input", { type: "checkbox", "data-wish": wish, ...(chosen ? { checked: "" } : {}) }), " ", h("span", {}, text));
}

/** @param {string} wish @param {string} value @param {string} text @param {boolean} chosen */
function radio(wish, value, text, chosen) {
  return h("label", {}, h("input", { type: "radio", name: `quiz-${wish}`, value, "data-wish": wish, ...(chosen ? { checked: "" } : {}) }), " ", h("span", {}, text));
}

/** The button says what it starts, and the limit is an exam's. @param {Element} place */
export function followWishes(place) {
  const exam = /** @type {HTMLInputElement | null} */ (place.querySelector('[data-wish="mode"][value="exam"]'))?.checked ?? false;
  const button = place.querySelector('[data-action="start"]');
  if (button) {
    button.textContent = exam ? "开始考试" : "开始练习";
  }
  place.querySelector(".quiz-exam-only")?.toggleAttribute("hidden", !exam);
}

/**
 * Read the wishes; a limit that is none is told.
 * @param {Element} place @param {string[]} wrong  the questions in 错题本
 * @returns {Wishes | string}
 */
export function readWishes(place, wrong) {
  const all = [...place.querySelectorAll("[data-wish]")].map((each) => /** @type {HTMLInputElement} */ (each));
  const on = (/** @type {string} */ wish) => all.some((each) => each.dataset.wish === wish && each.checked);
  const value = (/** @type {string} */ wish) => all.find((each) => each.dataset.wish === wish && (each.type === "text" || each.checked))?.value.normalize("NFKC").trim() ?? "";
  const mode = value("mode") === "exam" ? "exam" : "practice";
  const limit = mode === "exam" && on("timed") ? Number(value("limit")) : 0;
  if (!Number.isInteger(limit) || limit < 0 || limit > LONGEST_LIMIT || (limit === 0 && mode === "exam" && on("timed"))) {
    return `限时填的是“${value("limit")}”，应是 1 到 ${LONGEST_LIMIT} 之间的整数。`;
  }
  const seed = on("items") || on("options") ? value("seed") || anySeed() : "";
  return { mode, single: on("single"), items: on("items"), options: on("options"), seed, limit, multiple: value("multiple") || "exact", only: on("only") ? wrong : null };
}

function anySeed() {
  const [number] = crypto.getRandomValues(new Uint32Array(1));
  return String(1000 + ((number ?? 0) % SEEDS));
}

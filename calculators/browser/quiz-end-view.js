/** The end of a round: the score, the sections, what was wrong, what to do next, and a certificate. */

import { h, wordButton } from "./dom.js";
import { formatNumber } from "./format.js";
import { barView, outOf } from "./quiz-history-view.js";
import { dayWords, mineAndRight, MODES, shortTitle, timeWords } from "./quiz-words.js";

/** @typedef {import("./quiz-round.js").Round} Round */
/** @typedef {import("./quiz-record.js").Finished} Finished */
/** @typedef {import("./quiz-paper.js").QuizPaper} QuizPaper */

const LONGEST_STEM = 40;

/**
 * @param {QuizPaper} paper @param {Round} round @param {any} marking
 * @param {{ finished: Finished, before: Finished | undefined, today: string, notes: string[] }} told
 */
export function endView(paper, round, marking, { finished, before, today, notes }) {
  const wrong = marking.items.filter((/** @type {any} */ item) => item.correct === false);
  const rows = marking.sections.map((/** @type {any} */ each) => {
    const section = /** @type {any} */ (paper.sections.find(({ id }) => id === each.id));
    const missed = wrong.filter((/** @type {any} */ item) => paper.question(item.id).section === section).length;
    return h("tr", {}, h("th", { scope: "row" }, shortTitle(section.title)), h("td", {}, barView(each.marks, each.out_of)),
      h("td", {}, outOf(each.marks, each.out_of)), h("td", {}, missed > 0 ? `${missed} 题` : "没有"));
  });
  const kind = finished.whole ? MODES[finished.mode] : "练错题";
  const whole = wordButton("whole", "答对的也列在下面");
  whole.setAttribute("aria-pressed", "false");
  return [
    h("p", { class: "quiz-score", tabindex: "-1" }, h("strong", {}, formatNumber(marking.marks)), ` / ${formatNumber(marking.decided)} 分`),
    h("p", { class: "quiz-when" }, `${kind}，${dayWords(finished.day, today)}，用时 ${timeWords(finished.seconds)}。${comparison(finished, before)}`),
    ...(notes.length > 0 ? [h("p", { class: "quiz-why" }, notes.join(""))] : []),
    h("table", { class: "quiz-table quiz-parts" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "部分"), h("td", {}), h("th", { scope: "col" }, "得分"), h("th", { scope: "col" }, "错"))),
      h("tbody", {}, ...rows)),
    ...wrongView(paper, round, wrong),
    h("p", { class: "quiz-next" },
      ...(wrong.length > 0 ? [h("button", { type: "button", class: "button", "data-action": "practise-wrong" }, `只练这 ${wrong.length} 题`)] : []),
      h("button", { type: "button", class: "button button--second", "data-action": "again" }, round.wishes.mode === "exam" ? "再考一次" : "再练一次"),
      wordButton("leave", "回到开头"), " ", whole, " ", wordButton("print-result", "打印这一页")),
    ...(finished.whole && finished.mode === "exam" ? [certificateForm()] : []),
  ];
}

/** What must be said of the marks: what cannot be told, what was ticked by oneself, how too few options counted. @param {QuizPaper} paper @param {Round} round @param {any} marking */
export function notesOn(paper, round, marking) {
  const place = (/** @type {string} */ id) => `${shortTitle(paper.question(id).section.title)}第 ${id.split(".")[1]} 题`;
  const essays = marking.items.filter((/** @type {any} */ item) => paper.question(item.id).kind === "essay" && item.correct !== null);
  return [
    ...(marking.decided === marking.out_of ? [] : [`满分 ${formatNumber(marking.out_of)}，能判的是 ${formatNumber(marking.decided)} 分。`, ...marking.findings.map((/** @type {any} */ each) => each.message)]),
    ...essays.map((/** @type {any} */ item) => `${place(item.id)}由你对照要点自己打勾，勾了 ${/** @type {string[]} */ (round.answers[item.id] ?? []).length} 个，共 ${item.expected.length} 个。`),
    ...({ share: ["多选题少选的按选对的个数得分。"], half: ["多选题少选的得一半分。"] }[round.wishes.multiple] ?? []),
    ...(round.wishes.seed ? [`乱序号 ${round.wishes.seed}。`] : []),
  ];
}

/** @param {Finished} now @param {Finished | undefined} before */
function comparison(now, before) {
  if (!before) {
    return "";
  }
  const more = Math.round((now.marks - before.marks) * 100) / 100;
  return more === 0 ? "和上一次一样。" : `比上一次${more > 0 ? "多" : "少"} ${formatNumber(Math.abs(more))} 分。`;
}

/** @param {QuizPaper} paper @param {Round} round @param {any[]} wrong */
function wrongView(paper, round, wrong) {
  if (wrong.length === 0) {
    return [h("p", {}, "能判的题全对。")];
  }
  const rows = wrong.map((marked) => {
    const { item, kind } = paper.question(marked.id);
    const clause = paper.words.clauses[marked.clause];
    const stem = item.stem ?? item.parts.join("（　）");
    return h("li", {}, h("a", { href: `#${paper.place(marked.id).id}` }, clause?.label ?? marked.id),
      h("div", {}, h("p", {}, stem.length > LONGEST_STEM ? `${stem.slice(0, LONGEST_STEM)}……` : stem), h("p", { class: "quiz-hint" }, mineAndRight(round, item, kind, marked))));
  });
  return [h("h2", {}, "错题本 ", h("span", {}, `${wrong.length} 题`)), h("ul", { class: "quiz-wrong" }, ...rows)];
}

function certificateForm() {
  return h("details", { class: "quiz-certify" }, h("summary", {}, "打印成绩证明"),
    h("p", { class: "quiz-hint" }, "姓名只印在纸上，不会存下来。"),
    h("label", {}, "姓名", h("input", { type: "text", "data-name": "", maxlength: "40", autocomplete: "name" })),
    h("button", { type: "button", class: "button button--second", "data-action": "print-certificate" }, "打印"));
}

/**
 * The sheet itself; only print shows it.
 * @param {{ title: string, name: string, finished: Finished, sections: import("./quiz-round.js").Section[], address: string }} about
 */
export function certificateView({ title, name, finished, sections, address }) {
  const [year, month, date] = finished.day.split("-").map(Number);
  const fact = (/** @type {string} */ label, /** @type {string} */ value) => h("div", {}, h("dt", {}, label), h("dd", {}, value));
  return h("section", { class: "quiz-certificate" },
    h("p", { class: "quiz-certificate-title" }, "成绩证明"),
    h("p", {}, h("strong", {}, name || "　　　　　　"), ` 完成了《${title}》的考试。`),
    h("p", { class: "quiz-certificate-score" }, `${formatNumber(finished.marks)} 分`, h("span", {}, `能判的满分 ${formatNumber(finished.decided)} 分`)),
    h("dl", {}, fact("日期", `${year} 年 ${month} 月 ${date} 日`), fact("题数", `${finished.asked} 题`), fact("用时", timeWords(finished.seconds)),
      ...finished.sections.map((each) => fact(shortTitle(sections.find(({ id }) => id === each.id)?.title ?? each.id), outOf(each.marks, each.out_of))), fact("题库版本", finished.bank)),
    h("p", { class: "quiz-hint" }, "由本人在自己的设备上完成并打印，简答题由本人对照要点打分，不能代替公司组织的考核。"),
    h("p", { class: "quiz-hint" }, address));
}

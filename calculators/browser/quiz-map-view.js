/** Where one is in a round: the line above the questions, and the grid of numbers beside them. */

import { h } from "./dom.js";
import { isAnswered, remaining } from "./quiz-round.js";
import { clockWords, MODES, shortTitle } from "./quiz-words.js";

/** @typedef {import("./quiz-round.js").Round} Round */
/** @typedef {import("./quiz-paper.js").QuizPaper} QuizPaper */

const STATES = { right: "答对", wrong: "答错", open: "看过了", done: "答了", "": "没答" };

/** @param {QuizPaper} paper @param {Round} round @param {string} id */
function partOf(paper, round, id) {
  const { section } = paper.question(id);
  const ids = round.order.filter((each) => paper.question(each).section === section);
  return { title: shortTitle(section.title), place: ids.indexOf(id) + 1, of: ids.length };
}

/** Where a round stands, in words. @param {QuizPaper} paper @param {Round} round */
export function placeWords(paper, round) {
  const answered = round.order.filter((id) => isAnswered(round, id)).length;
  return round.wishes.single && round.order.includes(round.at) ? `第 ${round.order.indexOf(round.at) + 1} 题` : `答了 ${answered} 题的地方`;
}

/** @param {QuizPaper} paper @param {Round} round */
export function headView(paper, round) {
  const { wishes, order } = round;
  const answered = order.filter((id) => isAnswered(round, id)).length;
  const at = wishes.single ? order.indexOf(round.at) + 1 : answered;
  const part = partOf(paper, round, round.at);
  const kind = wishes.only ? "练错题" : MODES[wishes.mode];
  const words = wishes.single ? `${part.title}第 ${part.place} 题，共 ${part.of} 题` : `答了 ${answered} 题，共 ${order.length} 题`;
  const seed = wishes.seed ? [h("span", { class: "quiz-seed-told" }, `乱序号 ${wishes.seed}`)] : [];
  const clock = h("span", { class: "quiz-clock", role: "timer", "aria-label": wishes.limit > 0 ? "剩下的时间" : "用时" });
  return [
    h("p", { class: "quiz-where" }, h("span", {}, `${kind}　${words}`), ...seed, ...(wishes.mode === "exam" ? [clock] : []), h("span", { class: "quiz-at" }, `${at} / ${order.length}`)),
    h("progress", { max: String(order.length), value: String(at), "aria-label": "做到哪里" }),
  ];
}

/** @param {Round} round */
export function clockText(round) {
  const left = remaining(round);
  return left === Infinity ? clockWords(round.spent) : `剩 ${clockWords(left)}`;
}

/** @param {QuizPaper} paper @param {Round} round @param {(id: string) => string} verdict  of a question that was told */
export function mapView(paper, round, verdict) {
  const answered = round.order.filter((id) => isAnswered(round, id)).length;
  const rows = paper.sections.flatMap((section) => {
    const ids = round.order.filter((id) => paper.question(id).section === section);
    const cells = ids.map((id, index) => {
      const state = /** @type {keyof STATES} */ (verdict(id) || (isAnswered(round, id) ? "done" : ""));
      return h("li", {}, h("button", {
        type: "button", "data-action": "go", "data-id": id, "data-mark": state,
        "aria-label": `${shortTitle(section.title)}第 ${index + 1} 题，${STATES[state]}`, ...(round.wishes.single && id === round.at ? { "aria-current": "step" } : {}),
      }, String(index + 1)));
    });
    return ids.length > 0 ? [h("div", { class: "quiz-map-row" }, h("span", {}, shortTitle(section.title)), h("ol", {}, ...cells))] : [];
  });
  const legend = round.wishes.mode === "practice" ? "绿色答对，红色划线答错，空白没答。点题号可以跳过去。" : "绿色答了，空白没答。点题号可以跳过去。";
  return [
    h("p", { class: "quiz-map-head" }, h("strong", {}, "题号"), h("span", {}, `答了 ${answered}，共 ${round.order.length}`)),
    ...rows, h("p", { class: "quiz-hint" }, legend),
  ];
}

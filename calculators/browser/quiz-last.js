/** The home page tells the trainee's last score of each quiz, where one is kept on this device. */

import { formatNumber } from "./format.js";
import { readRecord } from "./quiz-record.js";
import { recordKey } from "./quiz-store.js";
import { dayWords } from "./quiz-words.js";
import { today } from "./runtime-client.js";

/** @param {ParentNode} page */
export function tellLastScores(page) {
  for (const place of page.querySelectorAll("[data-last-score]")) {
    const last = lastOf(place.getAttribute("data-last-score") ?? "");
    if (last) {
      place.textContent = `上次 ${formatNumber(last.marks)} / ${formatNumber(last.decided)}，${dayWords(last.day, today())}`;
    }
  }
}

/** The last round over the whole paper. @param {string} quiz */
function lastOf(quiz) {
  try {
    const { record } = readRecord(localStorage.getItem(recordKey(quiz)) ?? "", quiz);
    return record?.rounds.findLast((each) => each.whole);
  } catch {
    return undefined; // storage is refused: there is nothing to tell
  }
}

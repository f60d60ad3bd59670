/** Copies a text, and where the browser does not let us, lays it out to be copied by hand. */

import { h } from "./dom.js";

const TOLD_MS = 2000;

/** @param {string} text @param {Element} button  the word that was clicked */
export async function copy(text, button) {
  const place = button.parentElement;
  place?.querySelectorAll(".copied").forEach((each) => each.remove());
  try {
    await navigator.clipboard.writeText(text);
    const told = h("span", { class: "copied", role: "status" }, "已复制");
    button.after(told);
    setTimeout(() => told.remove(), TOLD_MS);
  } catch {
    // Without a secure page there is no clipboard.
    const area = /** @type {HTMLTextAreaElement} */ (h("textarea", { readonly: "", rows: "4" }));
    area.value = text;
    place?.append(h("label", { class: "copied copied-by-hand" }, "这里不能自动复制，请选中下面的文字自己复制", area));
    area.focus();
    area.select();
  }
}

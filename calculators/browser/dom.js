/** Builds elements. Everything that came from anywhere is text. */

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/**
 * A button that reads as a word; the element around it acts on `data-action`.
 * @param {string} action
 * @param {string} text
 */
export function wordButton(action, text) {
  return h("button", { type: "button", "data-action": action }, text);
}

/**
 * Say after an element that a part of the page did not come, and offer to fetch it once more.
 * @param {Element | null | undefined} before
 * @param {string} what
 * @param {() => void} again
 */
export function tellLost(before, what, again) {
  if (!before || before.nextElementSibling?.matches(".lost")) {
    return;
  }
  const retry = wordButton("fetch-again", "再取一次");
  const note = h("p", { class: "lost", role: "status" }, `${what}没有取到，可能是网络断了。`, retry);
  retry.addEventListener("click", () => {
    note.remove();
    again();
  });
  before.after(note);
}

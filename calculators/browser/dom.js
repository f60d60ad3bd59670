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

/**
 * The menu of a narrow page by keyboard. Material opens and closes it, and the levels in it, by labels of boxes
 * that cannot be seen; buttons take their places here, and the focus goes where the reader goes.
 */

import { h } from "./dom.js";

const MENU = ".md-header [for=__drawer]";
const LABELS = `${MENU}, .md-sidebar--primary label[for]:not([for=__drawer])`;
// What the open menu covers.
const UNDER = ".md-header, .md-content, .md-footer";
/** From here on Material shows the menu beside the page, and none to open. */
const WIDE = matchMedia("(min-width: 76.25em)");

export function openDrawerByKey() {
  const drawer = /** @type {HTMLInputElement | null} */ (document.querySelector("#__drawer"));
  const sidebar = document.querySelector(".md-sidebar--primary");
  if (!drawer || !sidebar) {
    return;
  }
  for (const label of /** @type {NodeListOf<HTMLLabelElement>} */ (document.querySelectorAll(LABELS))) {
    label.replaceWith(buttonFor(label));
  }
  const menu = /** @type {HTMLElement | null} */ (document.querySelector(MENU));
  menu?.setAttribute("aria-label", "菜单");
  menu?.setAttribute("aria-expanded", String(drawer.checked));
  drawer.addEventListener("change", () => {
    menu?.setAttribute("aria-expanded", String(drawer.checked));
    for (const under of document.querySelectorAll(UNDER)) {
      under.toggleAttribute("inert", drawer.checked);
    }
    (drawer.checked ? firstIn(sidebar) : menu)?.focus();
  });
  sidebar.addEventListener("change", ({ target }) => {
    const box = /** @type {HTMLInputElement} */ (target);
    const level = box.parentElement?.querySelector(":scope > .md-nav");
    const opener = box.parentElement?.querySelector(":scope > button, :scope > div > button");
    (box.checked && level ? firstIn(level) : /** @type {HTMLElement | null} */ (opener))?.focus();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && drawer.checked) {
      drawer.click();
    }
  });
  WIDE.addEventListener("change", () => {
    if (WIDE.matches && drawer.checked) {
      drawer.click(); // a tablet that was turned
    }
  });
}

/** Material's styles know it by its `for`. @param {HTMLLabelElement} label */
function buttonFor(label) {
  const button = h("button", { type: "button" }, ...label.childNodes);
  for (const { name, value } of label.attributes) {
    button.setAttribute(name, value);
  }
  button.removeAttribute("tabindex");
  if (!button.textContent?.trim()) {
    button.setAttribute("aria-label", `展开${label.previousElementSibling?.textContent?.trim()}`);
  }
  button.addEventListener("click", () => document.getElementById(label.htmlFor)?.click());
  return button;
}

/** @param {Element} place */
function firstIn(place) {
  const all = /** @type {HTMLElement[]} */ ([...place.querySelectorAll("a[href], button")]);
  return all.find((each) => each.checkVisibility({ visibilityProperty: true }));
}

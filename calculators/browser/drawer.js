/**
 * The menu of a narrow page by keyboard. Material opens and closes it, and the levels in it, by labels of boxes
 * that cannot be seen; here those labels take the focus, and it goes where the reader goes.
 */

const LABELS = ".md-header label[for=__drawer], .md-sidebar--primary label[for]:not([for=__drawer])";
// What the open menu covers.
const UNDER = ".md-header, .md-content, .md-footer";
/** From here on Material shows the menu beside the page, and none to open. */
const WIDE = matchMedia("(min-width: 76.25em)");

export function openDrawerByKey() {
  const drawer = /** @type {HTMLInputElement | null} */ (document.querySelector("#__drawer"));
  const menu = /** @type {HTMLElement | null} */ (document.querySelector(".md-header label[for=__drawer]"));
  const sidebar = document.querySelector(".md-sidebar--primary");
  if (!drawer || !menu || !sidebar) {
    return;
  }
  menu.setAttribute("aria-label", "菜单");
  menu.setAttribute("aria-expanded", String(drawer.checked));
  for (const label of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(LABELS))) {
    label.tabIndex = 0;
    label.setAttribute("role", "button");
    label.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        event.stopPropagation(); // Material answers to Enter too, and to that alone
        label.click();
      }
    });
  }
  drawer.addEventListener("change", () => {
    menu.setAttribute("aria-expanded", String(drawer.checked));
    for (const under of document.querySelectorAll(UNDER)) {
      under.toggleAttribute("inert", drawer.checked);
    }
    (drawer.checked ? firstIn(sidebar) : menu)?.focus();
  });
  sidebar.addEventListener("change", ({ target }) => {
    const box = /** @type {HTMLInputElement} */ (target);
    const level = box.parentElement?.querySelector(":scope > .md-nav");
    const opener = box.parentElement?.querySelector(":scope > label, :scope > div > label");
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

/** @param {Element} place */
function firstIn(place) {
  const all = /** @type {HTMLElement[]} */ ([...place.querySelectorAll("a[href], label[tabindex]")]);
  return all.find((each) => each.checkVisibility({ visibilityProperty: true }));
}

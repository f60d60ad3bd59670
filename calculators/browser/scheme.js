/** Light or dark: as the system says until the reader chooses, which is kept on this device. */

const DARK = matchMedia("(prefers-color-scheme: dark)");
const body = document.body;

/** @param {HTMLButtonElement} button */
export function offerSchemes(button) {
  let chosen = isDark() !== DARK.matches;
  tell(button);
  button.addEventListener("click", () => {
    chosen = true;
    show(button, !isDark());
    // Material's own way, so that what was kept before goes on to count.
    /** @type {any} */ (globalThis).__md_set("__palette", { color: { scheme: body.dataset.mdColorScheme } });
  });
  DARK.addEventListener("change", () => {
    if (!chosen) {
      show(button, DARK.matches);
    }
  });
}

function isDark() {
  return body.dataset.mdColorScheme === "slate";
}

/** @param {HTMLButtonElement} button @param {boolean} dark */
function show(button, dark) {
  body.dataset.mdColorScheme = dark ? "slate" : "default";
  tell(button);
}

/** Name what the switch does now, and colour the browser's bar like the page. @param {HTMLButtonElement} button */
function tell(button) {
  button.title = isDark() ? "换成浅色" : "换成深色";
  button.setAttribute("aria-label", button.title);
  for (const each of document.querySelectorAll("meta[name=theme-color]")) {
    const its = each.getAttribute("data-scheme") === body.dataset.mdColorScheme;
    each.setAttribute("media", its ? "all" : "not all");
  }
}

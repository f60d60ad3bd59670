/**
 * A policy text: a clause's number copies its link, and a chip opens the calculator under its clause.
 * Without this script the number is an ordinary link and the chip leads to the calculator's page.
 */

/** @param {HTMLAnchorElement} chip */
function toggleCalculator(chip) {
  const id = chip.dataset.try ?? "";
  const open = chip.getAttribute("aria-expanded") === "true";
  for (const other of document.querySelectorAll('.chip--try[aria-expanded="true"]')) {
    other.setAttribute("aria-expanded", "false");
  }
  // One stands open at a time. What was put away keeps what was typed, and moves to the clause that opens it.
  for (const shown of document.querySelectorAll(".clause-try")) {
    shown.setAttribute("hidden", "");
  }
  if (open) {
    return;
  }
  const kept = document.querySelector(`policy-calculator[calculator="${CSS.escape(id)}"]`);
  const place = kept?.closest(".clause-try") ?? newPlace(id);
  place.removeAttribute("hidden");
  chip.closest(".clause-body")?.append(place);
  chip.setAttribute("aria-expanded", "true");
  /** @type {HTMLElement | null} */ (place.querySelector("input, select, button"))?.focus({ preventScroll: true });
  place.scrollIntoView({ block: "nearest" });
}

/** @param {string} id */
function newPlace(id) {
  const place = document.createElement("div");
  place.className = "clause-try";
  const template = /** @type {HTMLTemplateElement | null} */ (
    document.querySelector(`template[data-calculator="${CSS.escape(id)}"]`)
  );
  if (template) {
    place.append(document.importNode(template.content, true));
  }
  return place;
}

/** @param {HTMLAnchorElement} number */
async function copyLink(number) {
  try {
    await navigator.clipboard.writeText(number.href);
  } catch {
    return; // The address bar holds the link all the same.
  }
  document.querySelector(".clause-copied")?.remove();
  const said = document.createElement("span");
  said.className = "clause-copied";
  said.setAttribute("role", "status");
  said.textContent = "链接已复制";
  number.nextElementSibling?.querySelector("p")?.append(said);
  setTimeout(() => said.remove(), 2000);
}

/** Listen once for the whole document, so that pages swapped in later work too. */
export function listenOnPolicyPages() {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const chip = target?.closest("a[data-try]");
    const number = target?.closest("a.clause-number");
    if (chip instanceof HTMLAnchorElement && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      toggleCalculator(chip);
    } else if (number instanceof HTMLAnchorElement) {
      copyLink(number);
    }
  });
}

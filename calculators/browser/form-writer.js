/** Fills the form as a person would have, and lets lists and entries grow. */

import { controls, entriesOf, fieldElement } from "./form-reader.js";

/** @typedef {import("./form-reader.js").FieldWords} FieldWords */

/** What separates the values of a pasted column or row. */
const SEPARATORS = /[\s,，、;；]+/;

/**
 * Fill the form; what is not named falls back to its default or is emptied.
 * @param {ParentNode} root
 * @param {FieldWords[]} fields
 * @param {Record<string, unknown>} inputs
 * @param {string} [prefix]
 */
export function writeForm(root, fields, inputs, prefix = "") {
  for (const field of fields) {
    writeField(root, field, prefix + field.name, inputs[field.name] ?? field.default);
  }
}

/** @param {ParentNode} root @param {FieldWords} field @param {string} path @param {unknown} value */
function writeField(root, field, path, value) {
  const element = fieldElement(root, path);
  const found = controls(root, path);
  const type = found[0]?.type;
  let fits = true;
  if (field.kind === "records") {
    fits = writeEntries(root, field, path, value);
  } else if (field.kind === "list") {
    fits = isNothing(value) || Array.isArray(value);
    writeList(root, path, Array.isArray(value) ? value.map(shown) : []);
  } else if (type === "checkbox" && found[0]) {
    found[0].checked = value === true;
    fits = isNothing(value) || typeof value === "boolean";
  } else if (type === "radio") {
    const values = field.options?.map((each) => each.value) ?? [true, false];
    fits = isNothing(value) || values.some((each) => each === value);
    found.forEach((each) => {
      each.checked = fits && each.value === String(value);
    });
  } else if (found[0]) {
    const text = shown(value);
    found[0].value = text;
    // A choice and a day take only what they can show.
    fits = !["select-one", "date"].includes(type ?? "") || found[0].value === text;
  }
  // What no control can show is kept beside them, so that it is told to be wrong and never silently dropped.
  if (element && !fits) {
    element.dataset.given = JSON.stringify(value);
  } else if (element) {
    delete element.dataset.given;
  }
}

/** @param {unknown} value */
function isNothing(value) {
  return value === null || value === undefined || value === "";
}

/** @param {unknown} value @returns {string} */
function shown(value) {
  if (isNothing(value)) {
    return "";
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @param {ParentNode} root @param {string} path @param {string[]} texts */
function writeList(root, path, texts) {
  const cells = fieldElement(root, path)?.querySelector(".cells");
  while (cells && cells.children.length > 1) {
    cells.lastElementChild?.remove();
  }
  while (cells && cells.children.length <= texts.length) {
    addCell(cells);
  }
  controls(root, path).forEach((each, index) => {
    each.value = texts[index] ?? "";
  });
}

/** Keep one blank cell at the end of a list. @param {Element} cells */
export function growList(cells) {
  if (cells.lastElementChild?.querySelector("input")?.value.trim()) {
    addCell(cells);
  }
}

/** @param {Element} cells */
function addCell(cells) {
  const cell = /** @type {HTMLElement} */ (cells.firstElementChild?.cloneNode(true));
  const place = String(cells.children.length + 1);
  const input = cell.querySelector("input");
  const label = cell.querySelector(".unseen");
  if (input && label) {
    input.value = "";
    input.removeAttribute("aria-invalid");
    input.id = input.id.replace(/\d+$/, place);
    label.textContent = (label.textContent ?? "").replace(/\d+/, place);
  }
  cells.append(cell);
}

/**
 * Spread a pasted column or row over the cells of a list, from the one it was pasted into.
 * @param {ParentNode} root
 * @param {HTMLInputElement} input
 * @param {string} text
 * @returns {boolean} whether there was more than one value
 */
export function pasteList(root, input, text) {
  const values = text.split(SEPARATORS).filter(Boolean);
  if (values.length < 2) {
    return false;
  }
  const kept = controls(root, input.name);
  const texts = kept.map((each) => each.value);
  texts.splice(kept.indexOf(input), 1, ...values);
  writeList(root, input.name, texts.filter((each) => each.trim() !== ""));
  return true;
}

/** @param {ParentNode} root @param {FieldWords} field @param {string} path @param {unknown} value */
function writeEntries(root, field, path, value) {
  const list = Array.isArray(value) ? value : [];
  const fits = (isNothing(value) || Array.isArray(value)) && list.every((each) => typeof each === "object" && each !== null);
  while (entriesOf(root, path).length > Math.max(1, list.length)) {
    entriesOf(root, path).at(-1)?.remove();
  }
  while (entriesOf(root, path).length < list.length) {
    addEntry(root, field, path);
  }
  entriesOf(root, path).forEach((entry, index) => {
    writeForm(entry, field.item?.fields ?? [], fits ? list[index] ?? {} : {}, `${path}[${index}].`);
  });
  return fits;
}

/** @param {ParentNode} root @param {FieldWords} field @param {string} path */
export function addEntry(root, field, path) {
  const entries = entriesOf(root, path);
  const entry = /** @type {HTMLElement} */ (entries[0]?.cloneNode(true));
  // Numbered before it stands in the form: two groups of radio buttons of one name would share one choice.
  numberEntry(entry, entries.length);
  entries.at(-1)?.after(entry);
  writeForm(entry, field.item?.fields ?? [], {}, `${path}[${entries.length}].`);
  return entry;
}

/** @param {ParentNode} root @param {string} path @param {Element | null} entry */
export function removeEntry(root, path, entry) {
  if (entriesOf(root, path).length > 1) {
    entry?.remove();
    numberEntries(root, path);
  }
}

/** @param {ParentNode} root @param {string} path */
function numberEntries(root, path) {
  entriesOf(root, path).forEach(numberEntry);
}

/** Entries count from 0 in names and ids, from 1 for the eye. @param {Element} entry @param {number} index */
function numberEntry(entry, index) {
  const legend = entry.querySelector("legend");
  if (legend) {
    legend.textContent = `第 ${index + 1} 条`;
  }
  for (const element of entry.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.name === "name" || attribute.name === "data-field") {
        attribute.value = attribute.value.replace(/\[\d+\]/, `[${index}]`);
      } else if (["id", "for", "aria-labelledby", "aria-describedby"].includes(attribute.name)) {
        attribute.value = attribute.value.replaceAll(/-\d+-/g, `-${index}-`);
      }
    }
  }
}

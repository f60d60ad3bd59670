/** Between the form as a person sees it and the inputs as a calculation takes them. */

import { readNumber, typed } from "./fragment.js";

/**
 * @typedef {{ value: string | number | boolean, label: string }} Option
 * @typedef {object} FieldWords
 * @property {string} name
 * @property {string} kind
 * @property {string} label
 * @property {string} unit
 * @property {boolean} required
 * @property {unknown} default
 * @property {Record<string, unknown[]>} when
 * @property {Option[]} [options]
 * @property {FieldWords} [item]
 */

/** What separates the numbers of a list that was pasted. */
const SEPARATORS = /[\s,，、;；]+/;

/** @param {HTMLElement} root @param {string} name */
export function fieldElement(root, name) {
  return /** @type {HTMLElement | null} */ (root.querySelector(`[data-field="${CSS.escape(name)}"]`));
}

/** @param {HTMLElement} root @param {string} name @returns {HTMLInputElement[]} */
export function controls(root, name) {
  return [...root.querySelectorAll(`[name="${CSS.escape(name)}"]`)].map(
    (each) => /** @type {HTMLInputElement} */ (each),
  );
}

/**
 * Read the form; fields that do not matter are left out, and hidden.
 * @param {HTMLElement} root
 * @param {FieldWords[]} fields
 * @returns {{ inputs: Record<string, unknown>, missing: FieldWords[], touched: boolean }}
 */
export function readForm(root, fields) {
  /** @type {Record<string, unknown>} */
  const all = {};
  let touched = false;
  for (const field of fields) {
    const value = readField(root, field);
    if (value !== undefined) {
      all[field.name] = value;
      touched ||= value !== field.default;
    }
  }
  /** @type {Record<string, unknown>} */
  const inputs = {};
  const missing = [];
  for (const field of fields) {
    const matters = decides(field, fields, all);
    fieldElement(root, field.name)?.toggleAttribute("hidden", !matters);
    if (!matters) {
      continue;
    }
    if (all[field.name] !== undefined) {
      inputs[field.name] = all[field.name];
    } else if (field.required) {
      missing.push(field);
    }
  }
  return { inputs, missing, touched };
}

/**
 * @param {FieldWords} field
 * @param {FieldWords[]} fields
 * @param {Record<string, unknown>} all
 * @returns {boolean}
 */
function decides(field, fields, all) {
  return Object.entries(field.when).every(([name, values]) => {
    const other = fields.find((each) => each.name === name);
    return Boolean(other) && values.includes(all[name] ?? other?.default);
  });
}

/** @param {HTMLElement} root @param {FieldWords} field @returns {unknown} */
function readField(root, field) {
  const found = controls(root, field.name);
  if (field.options || field.kind === "boolean") {
    const checked = found.find((each) => each.checked);
    return checked && typed(checked.value, field);
  }
  const texts = found.map((each) => each.value).filter((text) => text.trim() !== "");
  if (texts.length === 0) {
    return undefined;
  }
  if (field.kind === "list") {
    return texts.map((text) => (field.item?.kind === "choice" ? typed(text, field.item) : readNumber(text)));
  }
  const text = texts[0] ?? "";
  return field.kind === "number" || field.kind === "integer" ? readNumber(text) : text.trim();
}

/**
 * Fill the form as a person would have; what is not named is emptied.
 * @param {HTMLElement} root
 * @param {FieldWords[]} fields
 * @param {Record<string, unknown>} inputs
 */
export function writeForm(root, fields, inputs) {
  for (const field of fields) {
    const value = inputs[field.name] ?? field.default;
    if (field.options || field.kind === "boolean") {
      for (const each of controls(root, field.name)) {
        each.checked = value !== null && value !== undefined && each.value === String(value);
      }
    } else if (field.kind === "list") {
      writeList(root, field.name, Array.isArray(value) ? value.map(String) : []);
    } else {
      for (const each of controls(root, field.name)) {
        each.value = value === null || value === undefined ? "" : String(value);
      }
    }
  }
}

/** @param {HTMLElement} root @param {string} name @param {string[]} texts */
export function writeList(root, name, texts) {
  const lines = fieldElement(root, name)?.querySelector(".lines");
  if (!lines) {
    return;
  }
  while (lines.children.length > Math.max(1, texts.length)) {
    lines.lastElementChild?.remove();
  }
  while (lines.children.length < texts.length) {
    addLine(root, name);
  }
  controls(root, name).forEach((each, index) => {
    each.value = texts[index] ?? "";
  });
}

/** @param {HTMLElement} root @param {string} name @returns {HTMLInputElement | undefined} */
export function addLine(root, name) {
  const lines = fieldElement(root, name)?.querySelector(".lines");
  const first = lines?.firstElementChild;
  if (!lines || !first) {
    return undefined;
  }
  const line = /** @type {HTMLElement} */ (first.cloneNode(true));
  const input = line.querySelector("input");
  if (input) {
    input.value = "";
    input.removeAttribute("id");
    input.removeAttribute("aria-invalid");
    const label = input.getAttribute("aria-label") ?? "";
    input.setAttribute("aria-label", label.replace(/\d+/, String(lines.children.length + 1)));
  }
  lines.append(line);
  return input ?? undefined;
}

/**
 * Spread a pasted column or row over the lines of a list, from the one it was pasted into.
 * @param {HTMLElement} root
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

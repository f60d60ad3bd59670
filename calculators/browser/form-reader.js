/** Reads the form as a person sees it into the inputs that a calculation takes. */

import { readNumber, typed } from "./fragment.js";

/**
 * @typedef {{ value: string | number | boolean, label: string }} Option
 * @typedef {object} FieldWords
 * @property {string} name
 * @property {string} kind
 * @property {string} label
 * @property {string} hint
 * @property {string} unit
 * @property {boolean} required
 * @property {unknown} default
 * @property {Record<string, unknown[]>} when
 * @property {string[]} was  names that old links use
 * @property {Option[]} [options]
 * @property {FieldWords} [item]
 * @property {FieldWords[]} [fields]
 * @property {number} [minimum_items]
 *
 * @typedef {{ path: string, field: FieldWords }} Place  a field where it stands, `history[0].points`
 * @typedef {object} Reading
 * @property {Record<string, unknown>} inputs  what matters and is filled in
 * @property {Place[]} missing  what must still be filled in
 * @property {Map<string, boolean>} shown  whether each field matters now
 * @property {boolean} touched  whether a person filled in anything
 */

/** Signs that stand before a number that is still being typed. */
const UNFINISHED = /^[-+−–.．。]?$/;

/** @param {ParentNode} root @param {string} path */
export function fieldElement(root, path) {
  return /** @type {HTMLElement | null} */ (root.querySelector(`[data-field="${CSS.escape(path)}"]`));
}

/** @param {ParentNode} root @param {string} path @returns {HTMLInputElement[]} */
export function controls(root, path) {
  return [...root.querySelectorAll(`[name="${CSS.escape(path)}"]`)].map((each) => /** @type {HTMLInputElement} */ (each));
}

/** @param {ParentNode} root @param {string} path */
export function entriesOf(root, path) {
  return [...(fieldElement(root, path)?.querySelectorAll(".entry") ?? [])];
}

/** @param {ParentNode} root @param {FieldWords[]} fields @param {string} [prefix] @returns {Reading} */
export function readForm(root, fields, prefix = "") {
  /** @type {Reading} */
  const reading = { inputs: {}, missing: [], shown: new Map(), touched: false };
  /** @type {Map<string, { value: unknown, inner: Reading[] }>} */
  const given = new Map();
  for (const field of fields) {
    const read = readField(root, field, prefix + field.name);
    given.set(field.name, read);
    reading.touched ||= read.value !== undefined && read.value !== field.default && !isEmptyList(read.value);
  }
  for (const field of fields) {
    const path = prefix + field.name;
    const { value, inner } = given.get(field.name) ?? { value: undefined, inner: [] };
    const shown = matters(field, fields, (name) => given.get(name)?.value);
    reading.shown.set(path, shown);
    for (const each of inner) {
      each.shown.forEach((inside, place) => reading.shown.set(place, inside));
    }
    if (!shown) {
      continue;
    }
    if (value !== undefined) {
      reading.inputs[field.name] = value;
      reading.missing.push(...inner.flatMap((each) => each.missing));
    } else if (field.required) {
      reading.missing.push({ path, field });
    }
  }
  return reading;
}

/** @param {unknown} value */
function isEmptyList(value) {
  return Array.isArray(value) && value.length === 0;
}

/**
 * A field matters when those it depends on matter and hold the values that it names.
 * @param {FieldWords} field
 * @param {FieldWords[]} fields
 * @param {(name: string) => unknown} given
 * @returns {boolean}
 */
function matters(field, fields, given) {
  return Object.entries(field.when).every(([name, values]) => {
    const other = fields.find((each) => each.name === name);
    if (!other) {
      return false;
    }
    const value = matters(other, fields, given) ? given(name) : undefined;
    return values.includes(value ?? other.default);
  });
}

/** @param {ParentNode} root @param {FieldWords} field @param {string} path @returns {{ value: unknown, inner: Reading[] }} */
function readField(root, field, path) {
  const kept = fieldElement(root, path)?.dataset.given;
  if (kept !== undefined) {
    return { value: JSON.parse(kept), inner: [] };
  }
  if (field.kind === "records") {
    return readEntries(root, field, path);
  }
  return { value: readControls(controls(root, path), field), inner: [] };
}

/**
 * Entries left blank at the end are none.
 * @param {ParentNode} root @param {FieldWords} field @param {string} path
 */
function readEntries(root, field, path) {
  const inner = entriesOf(root, path).map((entry, index) => readForm(entry, field.item?.fields ?? [], `${path}[${index}].`));
  while (inner.length > 0 && !inner.at(-1)?.touched) {
    inner.pop();
  }
  const empty = field.minimum_items === 0 ? [] : undefined;
  return { value: inner.length > 0 ? inner.map((each) => each.inputs) : empty, inner };
}

/** @param {HTMLInputElement[]} found @param {FieldWords} field @returns {unknown} */
function readControls(found, field) {
  const first = found[0];
  if (!first) {
    return undefined;
  }
  if (first.type === "checkbox") {
    return first.checked;
  }
  if (first.type === "radio") {
    const checked = found.find((each) => each.checked);
    return checked && typed(checked.value, field);
  }
  const texts = filled(found).map((each) => each.value);
  if (field.kind === "list") {
    const empty = field.minimum_items === 0 ? [] : undefined;
    return texts.length > 0 ? texts.map((text) => readText(text, field.item ?? field)) : empty;
  }
  return texts[0] === undefined ? undefined : readText(texts[0], field);
}

/** @param {string} text @param {FieldWords} field */
function readText(text, field) {
  return field.kind === "number" || field.kind === "integer" ? readNumber(text) : typed(text.trim(), field);
}

/**
 * The controls of a list that hold something; an error's `[2]` counts these.
 * @param {HTMLInputElement[]} found
 */
export function filled(found) {
  return found.filter((each) => !UNFINISHED.test(each.value.trim()));
}

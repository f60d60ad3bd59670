/** Tells beside each field what is wrong with it, and which ones the answer still waits for. */

import { controls, fieldElement, filled } from "./form-reader.js";

/**
 * @typedef {import("./form-reader.js").FieldWords} FieldWords
 * @typedef {import("./form-reader.js").Place} Place
 * @typedef {{ field: string, message: string }} InputError
 */

const MOST_TOLD = 3;

/** Show the fields that matter, hide the others. @param {ParentNode} root @param {Map<string, boolean>} shown */
export function showFields(root, shown) {
  shown.forEach((visible, path) => fieldElement(root, path)?.toggleAttribute("hidden", !visible));
}

/** @param {ParentNode} root @param {Place[]} missing */
export function markWanted(root, missing) {
  const paths = new Set(missing.map((each) => each.path));
  for (const element of root.querySelectorAll("[data-field]")) {
    const wanted = paths.has(element.getAttribute("data-field") ?? "");
    element.toggleAttribute("data-wanted", wanted);
    element.querySelector(".field-wanted")?.toggleAttribute("hidden", !wanted);
  }
}

/**
 * @param {ParentNode} root
 * @param {FieldWords[]} fields
 * @param {InputError[]} errors
 */
export function tellErrors(root, fields, errors) {
  for (const element of root.querySelectorAll("[data-field]")) {
    const path = element.getAttribute("data-field") ?? "";
    const mine = errors.filter((each) => owner(root, each.field) === path);
    const told = element.querySelector(".field-error");
    element.toggleAttribute("data-invalid", mine.length > 0);
    if (told && told.parentElement === element) {
      told.textContent = sentences(mine, fields);
      told.toggleAttribute("hidden", mine.length === 0);
    }
    const places = new Set(mine.map((each) => each.field.slice(path.length)));
    const list = filled(controls(root, path));
    for (const control of controls(root, path)) {
      control.removeAttribute("aria-invalid");
      if (places.has("") || places.has(`[${list.indexOf(control)}]`)) {
        control.setAttribute("aria-invalid", "true");
      }
    }
  }
}

/** @param {InputError[]} errors @param {FieldWords[]} fields */
function sentences(errors, fields) {
  const told = errors.slice(0, MOST_TOLD).map((each) => errorSentence(each, fields));
  const more = errors.length - told.length;
  return told.join("") + (more > 0 ? `还有 ${more} 处要改。` : "");
}

/** @param {InputError} error @param {FieldWords[]} fields */
export function errorSentence(error, fields) {
  return `${labelAt(fields, error.field)}${error.message}。`;
}

/** The field that an error's path belongs to: `interview[2]` is told at `interview`. @param {ParentNode} root @param {string} path */
function owner(root, path) {
  let place = path;
  while (place !== "" && !fieldElement(root, place)) {
    place = place.replace(/(\[\d+\]|\.?[^.[\]]+)$/, "");
  }
  return place;
}

/**
 * The words for a path: `interview[2]` is 面试考评第 3 个, `history[0].points` is 各半年第 1 条的积分.
 * @param {FieldWords[]} fields
 * @param {string} path
 * @returns {string}
 */
export function labelAt(fields, path) {
  const [, name, index, rest] = /^([^.[\]]+)(?:\[(\d+)\])?(?:\.(.+))?$/.exec(path) ?? [];
  const field = fields.find((each) => each.name === name);
  if (!field) {
    return path;
  }
  if (index === undefined) {
    return field.label;
  }
  const place = `${field.label}第 ${Number(index) + 1} `;
  return rest === undefined ? `${place}${field.kind === "records" ? "条" : "个"}` : `${place}条的${labelAt(field.item?.fields ?? [], rest)}`;
}

/** The first control that must be changed, or else filled in. @param {ParentNode} root */
export function firstToMend(root) {
  const wrong = root.querySelector('[data-invalid]:not([hidden]) :is(input, select)[aria-invalid="true"], [data-invalid]:not([hidden]) :is(input, select)');
  const wanted = root.querySelector("[data-wanted]:not([hidden]) :is(input, select)");
  return /** @type {HTMLElement | null} */ (wrong ?? wanted);
}

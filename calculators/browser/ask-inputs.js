/** The inputs of a case that can be changed one at a time: where each stands, its words, and a control for it. */

import { h } from "./dom.js";
import { labelAt } from "./form-errors.js";
import { formatNumber } from "./format.js";
import { typed } from "./fragment.js";
import { printed } from "./print-view.js";

/**
 * @typedef {import("./form-reader.js").FieldWords} FieldWords
 * @typedef {object} Vary
 * @property {string} path  as the core names it, `monthly_ranks[7]`
 * @property {string} label
 * @property {any} field  its words: kind, unit, options
 * @property {unknown} present  what stands there now
 * @property {boolean} next  whether it would be one more entry of a list
 */

const VARIED = ["number", "integer", "choice", "boolean"];
const UNKNOWN = { unknown: true };

/**
 * Every input that can be changed alone; of a list each entry and the next one.
 * @param {FieldWords[]} fields
 * @param {any} inputs
 * @param {(path: string) => boolean} shown
 * @returns {Vary[]}
 */
export function variables(fields, inputs, shown) {
  return fields.filter(({ name }) => shown(name)).flatMap((/** @type {any} */ field) => {
    const { name, label, item } = field;
    if (VARIED.includes(field.kind)) {
      return [{ path: name, label, field, present: inputs[name] ?? field.default, next: false }];
    }
    const entries = Array.isArray(inputs[name]) ? inputs[name] : [];
    if (field.kind === "records") {
      return entries.flatMap((entry, index) =>
        item.fields.filter((/** @type {any} */ each) => VARIED.includes(each.kind) && each.name in entry).map((/** @type {any} */ each) =>
          vary(fields, each, `${name}[${index}].${each.name}`, entry[each.name])));
    }
    if (field.kind !== "list" || !VARIED.includes(item.kind)) {
      return [];
    }
    const inner = { ...item, unit: item.unit || field.unit, options: item.options ?? field.options };
    const made = entries.map((entry, index) => vary(fields, inner, `${name}[${index}]`, entry));
    const full = field.maximum_items && entries.length >= field.maximum_items;
    const next = { path: `${name}[${entries.length}]`, label: `下一个${label}`, field: inner, present: undefined, next: true };
    return full ? made : [next, ...made];
  });
}

/** @param {FieldWords[]} fields @param {any} field @param {string} path @param {unknown} present @returns {Vary} */
function vary(fields, field, path, present) {
  return { path, label: labelAt(fields, path), field, present, next: false };
}

/**
 * The one that the labels name first, or else the first number.
 * @param {Vary[]} all @param {any} words
 */
export function preferred(all, words) {
  const over = words.chart?.over;
  return all.find(({ path, next }) => path === over || (next && path.startsWith(`${over}[`)))
    ?? all.find(({ field }) => ["number", "integer"].includes(field.kind)) ?? all[0];
}

/**
 * The inputs with another value in one place.
 * @param {any} inputs @param {string} path @param {unknown} value @returns {any}
 */
export function put(inputs, path, value) {
  const keys = path.split(/[.[\]]+/).filter(Boolean);
  const copy = structuredClone(inputs);
  const last = keys.pop() ?? "";
  const place = keys.reduce((inner, key) => inner[key], copy);
  if (value === undefined) {
    delete place[last];
  } else {
    place[last] = value;
  }
  return copy;
}

/** The inputs in which a value is left open. @param {any} inputs @param {Vary} vary */
export function open(inputs, vary) {
  return put(inputs, vary.path, UNKNOWN);
}

/** The inputs in which a place for the value is there. @param {any} inputs @param {Vary} vary */
export function ready(inputs, vary) {
  return vary.next ? open(inputs, vary) : inputs;
}

/** @param {Vary} vary @param {unknown} value */
export function sayInput(vary, value) {
  return value === undefined || value === null ? "没填" : printed(value, vary.field);
}

/** @param {Vary} vary @param {unknown} from @param {unknown} to */
export function sayInputs(vary, from, to) {
  if (from === to) {
    return sayInput(vary, from);
  }
  return typeof from === "number" && typeof to === "number"
    ? `${formatNumber(from)}–${formatNumber(to)} ${vary.field.unit}`.trim()
    : `${sayInput(vary, from)}、${sayInput(vary, to)}`;
}

/** A list to choose from. @param {string} label */
export function chooser(label) {
  const select = /** @type {HTMLSelectElement} */ (h("select", { "aria-label": label }));
  return { select, element: h("span", { class: "select" }, select) };
}

/**
 * Offer choices; the one that was chosen stays if it is still there.
 * @param {HTMLSelectElement} select @param {{ value: string, label: string }[]} options @param {string} [first]
 */
export function offer(select, options, first) {
  const chosen = select.value;
  const same = [...select.options].map((each) => each.value + each.label).join() === options.map((each) => each.value + each.label).join();
  if (!same) {
    select.replaceChildren(...options.map((each) => h("option", { value: each.value }, each.label)));
    select.value = [chosen, first].find((value) => options.some((each) => each.value === value)) ?? options[0]?.value ?? "";
  }
}

/** The values of an input that is a choice. @param {any} field @returns {{ value: string, label: string }[] | undefined} */
export function choicesOf(field) {
  const options = field.options ?? (field.kind === "boolean" ? [{ value: true, label: "是" }, { value: false, label: "否" }] : undefined);
  return options?.map((/** @type {any} */ each) => ({ value: String(each.value), label: each.label }));
}

/**
 * A control that holds one value of an input.
 * @param {any} field @param {string} label @param {unknown} value
 */
export function valueControl(field, label, value) {
  const options = choicesOf(field);
  const text = value === undefined || value === null ? "" : String(value);
  if (options) {
    const { select, element } = chooser(label);
    offer(select, [...(text === "" ? [{ value: "", label: "请选" }] : []), ...options], text);
    return { control: select, element };
  }
  const isDay = field.kind === "date";
  const control = /** @type {HTMLInputElement} */ (h("input", { "aria-label": label, type: isDay ? "date" : "text", ...(isDay ? {} : { inputmode: "decimal" }) }));
  control.value = text;
  return { control, element: h("span", { class: "line" }, control, ...(field.unit ? [h("span", { class: "unit" }, field.unit)] : [])) };
}

/** What a control holds, for the core; undefined where it is blank. @param {any} field @param {string} text */
export function valueOf(field, text) {
  return text.trim() === "" ? undefined : typed(text.trim(), field);
}

/**
 * The inputs as the link's fragment: `#grade=4&points=40`; a list repeats its key, an object is JSON. With
 * `as_of=2024-06-30` the link asks for the answer by that day's version, whenever it is opened; with
 * `then=2024-06-30.1x2y3z` it is that of a record, and carries the day and the mark of its answer.
 */

const DAY = "as_of";
const THEN = "then";

/** @typedef {import("./form-reader.js").FieldWords} FieldWords */

/**
 * Write the inputs; what stands at its default is left out.
 * @param {Record<string, unknown>} inputs
 * @param {FieldWords[]} fields
 * @param {string} [day] the day whose version counts, where it is not the reader's own
 * @param {string} [then] the mark of the answer that a record holds
 */
export function toFragment(inputs, fields, day = "", then = "") {
  const query = new URLSearchParams();
  for (const field of fields) {
    const value = inputs[field.name];
    if (value === undefined || value === field.default) {
      continue;
    }
    for (const each of Array.isArray(value) ? value : [value]) {
      query.append(field.name, typeof each === "object" ? JSON.stringify(each) : String(each));
    }
  }
  if (day) {
    query.append(DAY, day);
  }
  if (then) {
    query.append(THEN, then);
  }
  return query.toString();
}

/** The day that a link asks for; empty where it names none. @param {string} fragment */
export function dayIn(fragment) {
  return new URLSearchParams(fragment.replace(/^#/, "")).get(DAY) ?? "";
}

/** The mark of a record's answer; empty where the link is none of a record. @param {string} fragment */
export function thenIn(fragment) {
  return new URLSearchParams(fragment.replace(/^#/, "")).get(THEN) ?? "";
}

/**
 * Read a fragment; a field that was renamed is found by its old names; unknown names are left out, wrong values stay text and are told beside their field.
 * @param {string} fragment
 * @param {FieldWords[]} fields
 * @returns {Record<string, unknown>}
 */
export function fromFragment(fragment, fields) {
  const query = new URLSearchParams(fragment.replace(/^#/, ""));
  /** @type {Record<string, unknown>} */
  const inputs = {};
  for (const field of fields) {
    const values = [field.name, ...field.was].map((name) => query.getAll(name)).find((found) => found.length > 0);
    if (!values) {
      continue;
    }
    if (field.kind === "list") {
      inputs[field.name] = values.map((text) => typed(text, field.item ?? field));
    } else if (field.kind === "records") {
      inputs[field.name] = values.map((text) => renamed(parsed(text), field.item?.fields ?? []));
    } else {
      inputs[field.name] = typed(values[0] ?? "", field);
    }
  }
  return inputs;
}

/** An entry of a list by the names that its fields have now. @param {any} entry @param {FieldWords[]} fields */
function renamed(entry, fields) {
  const old = fields.flatMap((field) => field.was.map((was) => ({ was, now: field.name }))).find(({ was, now }) => typeof entry === "object" && was in entry && !(now in entry));
  if (!old) {
    return entry;
  }
  const { [old.was]: value, ...rest } = entry;
  return renamed({ ...rest, [old.now]: value }, fields);
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Give a text the type that its field takes; what does not fit stays text.
 * @param {string} text
 * @param {FieldWords} field
 * @returns {unknown}
 */
export function typed(text, field) {
  const option = field.options?.find((each) => String(each.value) === text || each.label === text);
  if (option) {
    return option.value;
  }
  if (field.kind === "boolean") {
    return text === "true" ? true : text === "false" ? false : text;
  }
  return field.kind === "number" || field.kind === "integer" ? readNumber(text) : text;
}

/**
 * Read a number as people type it: full-width digits, a Chinese full stop, commas between thousands.
 * @param {string} text
 * @returns {number | string} the text itself where it is no number
 */
export function readNumber(text) {
  const plain = text.normalize("NFKC").replaceAll("。", ".").replace(/[−–]/g, "-").replace(/\s/g, "");
  const grouped = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain) ? plain.replaceAll(",", "") : plain;
  const isNumber = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(grouped) && Number.isFinite(Number(grouped));
  return isNumber ? Number(grouped) : text.trim();
}

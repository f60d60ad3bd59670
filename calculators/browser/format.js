/** Values of an answer in the reader's words. No arithmetic of a rule happens here. */

/**
 * @typedef {{ label: string, unit?: string, options?: Record<string, string>, columns?: Record<string, string> }} OutcomeWords
 * @typedef {{ when?: Record<string, unknown>, text: string, aside?: string, note?: string }} Headline
 */

/** @param {unknown} value @returns {value is { min: number, max: number }} */
export function isRange(value) {
  return typeof value === "object" && value !== null && "min" in value && "max" in value;
}

/** @param {number} value */
export function formatNumber(value) {
  return String(value).replace("-", "−");
}

/**
 * @param {unknown} value
 * @param {OutcomeWords} [words]
 * @returns {string}
 */
export function formatValue(value, words) {
  const unit = words?.unit ?? "";
  const spaced = unit && unit !== "%" ? ` ${unit}` : unit;
  if (value === null || value === undefined) {
    return "没有";
  }
  if (isRange(value)) {
    const same = value.min === value.max;
    return (same ? formatNumber(value.min) : `${formatNumber(value.min)}–${formatNumber(value.max)}`) + spaced;
  }
  if (typeof value === "number") {
    return formatNumber(value) + spaced;
  }
  if (typeof value === "boolean") {
    return words?.options?.[String(value)] ?? (value ? "是" : "否");
  }
  return words?.options?.[String(value)] ?? String(value);
}

/**
 * Read `a.b` out of an outcome.
 * @param {Record<string, unknown>} outcome
 * @param {string} path
 * @returns {unknown}
 */
export function at(outcome, path) {
  return path.split(".").reduce((/** @type {any} */ inner, name) => inner?.[name], outcome);
}

/**
 * Fill `{field}` in a sentence.
 * @param {string} text
 * @param {Record<string, unknown>} outcome
 */
export function fill(text, outcome) {
  return text.replace(/\{([\w.]+)\}/g, (_, path) => formatValue(at(outcome, path)));
}

/**
 * Choose the headline: the first whose `when` equals the outcome.
 * @param {Headline[]} headlines
 * @param {Record<string, unknown>} outcome
 * @returns {{ text: string, aside: string, note: string }}
 */
export function headline(headlines, outcome) {
  const chosen = headlines.find((each) =>
    Object.entries(each.when ?? {}).every(([path, value]) => at(outcome, path) === value),
  );
  const note = chosen?.note ?? "";
  return {
    text: fill(chosen?.text ?? "", outcome),
    aside: fill(chosen?.aside ?? "", outcome),
    // A sentence about something that there is not says nothing.
    note: [...note.matchAll(/\{([\w.]+)\}/g)].some(([, path]) => at(outcome, path ?? "") === null)
      ? ""
      : fill(note, outcome),
  };
}

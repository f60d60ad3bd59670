/** Draws a step chart at its own width: every jump labelled at its place, and the reader's own point. */

import { isRange, valueAt } from "./ask-outcomes.js";
import { sayInput, sayInputs } from "./ask-inputs.js";
import { sayStretch, stretches } from "./ask-pieces.js";
import { formatNumber, formatValue } from "./format.js";

/**
 * @typedef {import("./ask-inputs.js").Vary} Vary
 * @typedef {import("./ask-outcomes.js").Part} Part
 * @typedef {import("./ask-pieces.js").Piece} Piece
 * @typedef {{ vary: Vary, part: Part, pieces: Piece[], own: { at: any, value: any } | undefined, width: number }} Chart
 * @typedef {(value: any) => number} Scale
 */

const WIDE_TEXT = 12.5;
const NARROW_TEXT = 7.2;
const ROW = 26;
const LOWEST = 130;
const HIGHEST = 260;
const TOP = 26;
const BOTTOM = 44;
const RIGHT = 14;
const MOST_TICKS = 9;
const MOST_LEFT = 0.36;

/** Yes stands above no. */
const ORDER = ["null", "false", "true"];

let count = 0;

/** @param {string} name @param {Record<string, string | number>} attributes @param {...(Node | string)} children */
function s(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, typeof value === "number" ? String(Math.round(value * 10) / 10) : value);
  }
  element.append(...children);
  return element;
}

/** @param {string} text */
function widthOf(text) {
  return [...text].reduce((sum, each) => sum + (each > "\u2e7f" ? WIDE_TEXT : NARROW_TEXT), 0);
}

/** @param {string} text @param {number} width */
function cut(text, width) {
  let kept = text;
  while (kept.length > 1 && widthOf(`${kept}…`) > width) {
    kept = kept.slice(0, -1);
  }
  return widthOf(text) <= width ? text : `${kept}…`;
}

/** @param {Chart} given */
export function chart({ vary, part, pieces, own, width }) {
  const list = stretches(pieces, part);
  const level = levels(list, part, own);
  const left = Math.min(Math.max(...level.ticks.map(({ text }) => widthOf(text))) + 10, width * MOST_LEFT);
  const height = Math.min(HIGHEST, Math.max(LOWEST, level.ticks.length * ROW)) + TOP + BOTTOM;
  const floor = height - BOTTOM;
  /** @type {Scale} */
  const y = (value) => floor - ((level.place(value) - level.low) / (level.high - level.low)) * (floor - TOP - 6);
  const across = along(vary, list);
  /** @type {Scale} */
  const x = (place) => left + ((place - across.low) / (across.high - across.low)) * (width - left - RIGHT);
  count += 1;
  const [title, words] = [`chart-${count}-title`, `chart-${count}-words`];
  const told = list.map((piece) => `${sayInputs(vary, piece.from, piece.to)}：${sayStretch(part, piece)}`).join("；");
  return s("svg", { class: "chart", role: "img", width, height, viewBox: `0 0 ${width} ${height}`, "aria-labelledby": title, "aria-describedby": words },
    s("title", { id: title }, `${part.label}随${vary.label}变化`),
    s("desc", { id: words }, told),
    ...level.ticks.flatMap(({ value, text }) => [
      s("line", { class: "chart-grid", x1: left, x2: width - RIGHT, y1: y(value), y2: y(value) }),
      s("text", { class: own && text === formatValue(own.value, part.words) ? "chart-own" : "chart-tick", x: left - 8, y: y(value) + 4, "text-anchor": "end" }, cut(text, left - 8)),
    ]),
    ...steps(list, part, across, x, y),
    ...marks(vary, list, part, across, x, y, floor),
    s("text", { class: "chart-tick", x: width - RIGHT, y: height - 6, "text-anchor": "end" }, vary.field.unit && !vary.label.includes(vary.field.unit) ? `${vary.label}（${vary.field.unit}）` : vary.label),
    ...ownPoint(vary, part, own, across, x, y, floor, left, width));
}

/** @param {any} value @returns {number[]} */
function numbers(value) {
  return typeof value === "number" ? [value] : isRange(value) ? [value.min, value.max] : [];
}

/**
 * The levels of what is shown: numbers to scale, words one above the other in their order.
 * @param {Piece[]} list @param {Part} part @param {Chart["own"]} own
 */
function levels(list, part, own) {
  const values = list.flatMap(({ outcome, end }) => [valueAt(outcome, part.path), valueAt(end, part.path)]);
  const found = [...values, ...(own ? [own.value] : [])].flatMap(numbers);
  const tick = (/** @type {any} */ value) => ({ value, text: formatValue(value, part.words) });
  if (found.length > 0) {
    const [low, high] = [Math.min(...found), Math.max(...found)];
    const starts = [...new Set(list.flatMap(({ outcome, end }) => [...numbers(valueAt(outcome, part.path)), ...numbers(valueAt(end, part.path))]))];
    const ticks = starts.length <= MOST_TICKS ? starts : even(low, high);
    return { low, high: high === low ? low + 1 : high, ticks: ticks.map(tick), place: (/** @type {any} */ value) => (typeof value === "number" ? value : NaN) };
  }
  const seen = [...new Set(values.map((each) => JSON.stringify(each)))];
  const keys = seen.every((each) => ORDER.includes(each)) ? ORDER.filter((each) => seen.includes(each)) : seen;
  return { low: -0.5, high: keys.length - 0.5, ticks: keys.map((key) => tick(JSON.parse(key))), place: (/** @type {any} */ value) => keys.indexOf(JSON.stringify(value)) };
}

/** Round values between two ends. @param {number} low @param {number} high */
function even(low, high) {
  const rough = (high - low) / (MOST_TICKS - 2);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough;
  const made = [];
  for (let each = Math.ceil(low / step); each * step <= high; each += 1) {
    made.push(Number((each * step).toPrecision(12)));
  }
  return made;
}

/** The way along: numbers to scale; the values of a choice each have the same room. @param {Vary} vary @param {Piece[]} list */
function along(vary, list) {
  const [first, last] = [list[0]?.from, list.at(-1)?.to];
  if (typeof first === "number" && ["number", "integer"].includes(vary.field.kind)) {
    return { low: first, high: last === first ? first + 1 : last, values: undefined, place: (/** @type {any} */ value) => Number(value) };
  }
  const values = /** @type {any[]} */ (vary.field.kind === "boolean" ? [true, false] : vary.field.options.map((/** @type {any} */ each) => each.value));
  return { low: 0, high: values.length, values, place: (/** @type {any} */ value) => values.indexOf(value) };
}

/**
 * @param {Piece[]} list @param {Part} part @param {ReturnType<typeof along>} across @param {Scale} x @param {Scale} y
 */
function steps(list, part, across, x, y) {
  const ends = (/** @type {any} */ value) => (isRange(value) ? [value.min, value.max] : [value, value]);
  const known = (/** @type {any} */ value) => typeof value === "number" || isRange(value);
  const numeric = list.some(({ outcome }) => known(valueAt(outcome, part.path)));
  /** @type {string[]} */
  const lower = [];
  /** @type {string[]} */
  const upper = [];
  /** @type {SVGElement[]} */
  const bands = [];
  let joined = false;
  list.forEach((piece, index) => {
    const [start, end] = [valueAt(piece.outcome, part.path), valueAt(piece.end, part.path)];
    const next = list[index + 1]?.from;
    const [from, to] = [across.place(piece.from), across.values ? across.place(piece.to) + 1 : across.place(piece.to)];
    const stop = across.values || next === undefined ? to : across.place(next);
    if (numeric && !(known(start) && known(end))) {
      joined = false;
      return;
    }
    const [[low, high], [lowEnd, highEnd]] = [ends(start), ends(end)];
    const path = (/** @type {any} */ first, /** @type {any} */ last) =>
      `${joined ? "L" : "M"}${x(from)},${y(first)} L${x(to)},${y(last)} L${x(stop)},${y(last)}`;
    lower.push(path(low, lowEnd));
    if (isRange(start) || isRange(end)) {
      bands.push(s("polygon", { class: "chart-band", points: [[from, low], [to, lowEnd], [stop, lowEnd], [stop, highEnd], [to, highEnd], [from, high]].map(([place, value]) => `${x(/** @type {number} */ (place))},${y(value)}`).join(" ") }));
    }
    upper.push(path(high, highEnd));
    joined = true;
  });
  const lines = new Set([lower.join(" "), upper.join(" ")]);
  return [...bands, ...[...lines].map((d) => s("path", { class: "chart-line", d }))];
}

/**
 * The places of the jumps, each labelled where there is room.
 * @param {Vary} vary @param {Piece[]} list @param {ReturnType<typeof along>} across @param {Part} part @param {Scale} x @param {Scale} y @param {number} floor
 */
function marks(vary, list, part, across, x, y, floor) {
  if (across.values) {
    const room = x(1) - x(0);
    return across.values.map((value, index) =>
      s("text", { class: "chart-tick", x: x(index + 0.5), y: floor + 16, "text-anchor": "middle" }, cut(sayInput(vary, value), room - 4)));
  }
  const last = list.at(-1)?.to;
  const end = formatNumber(last);
  let free = 0;
  return list.flatMap(({ from, outcome }, index) => {
    const text = formatNumber(from);
    const half = index > 0 ? widthOf(text) / 2 : 4;
    const drop = index > 0 ? [s("line", { class: "chart-drop", x1: x(from), x2: x(from), y1: top(y, valueAt(outcome, part.path), floor), y2: floor })] : [];
    if (x(from) - half < free) {
      return drop;
    }
    const left = x(from) - half;
    free = left + widthOf(text) + 6;
    return [...drop, s("text", { class: "chart-jump", x: left, y: floor + 16 }, text)];
  }).concat(x(last) - widthOf(end) > free ? [s("text", { class: "chart-tick", x: x(last), y: floor + 16, "text-anchor": "end" }, end)] : []);
}

/**
 * @param {Vary} vary @param {Part} part @param {Chart["own"]} own @param {ReturnType<typeof along>} across
 * @param {Scale} x @param {Scale} y @param {number} floor @param {number} left @param {number} width
 */
function ownPoint(vary, part, own, across, x, y, floor, left, width) {
  const place = own ? across.place(own.at) : NaN;
  if (!own || !(place >= across.low && place <= across.high)) {
    return [];
  }
  const middle = x(across.values ? place + 0.5 : place);
  const py = top(y, own.value, floor);
  const text = `你：${sayInput(vary, own.at)}，${formatValue(own.value, part.words)}`;
  const half = widthOf(text) / 2;
  const anchored = Math.min(Math.max(middle, left + half), width - half - 2);
  return [
    s("line", { class: "chart-own-drop", x1: middle, x2: middle, y1: py, y2: floor }),
    s("circle", { class: "chart-own-point", cx: middle, cy: py, r: 5.5 }),
    s("text", { class: "chart-own", x: anchored, y: py - 11, "text-anchor": "middle" }, text),
  ];
}

/** Where a value stands, a range by its upper end; what has no place stands on the floor. @param {Scale} y @param {any} value @param {number} floor */
function top(y, value, floor) {
  const place = y(isRange(value) ? value.max : value);
  return Number.isFinite(place) ? place : floor;
}

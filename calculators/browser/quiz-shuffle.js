/** Shuffles by a seed: the same seed gives the same order on every device, so that a class can have one paper. */

/** Turn a text into 32 bits (FNV-1a). @param {string} text */
function hashed(text) {
  let value = 0x811c9dc5;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return value >>> 0;
}

/** Numbers from 0 up to 1, always the same for a seed (mulberry32). @param {string} seed */
function numbers(seed) {
  let state = hashed(seed);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Give a list in another order (Fisher and Yates); without a seed, as it is.
 * @template T
 * @param {readonly T[]} list
 * @param {string} seed
 * @returns {T[]}
 */
export function shuffled(list, seed) {
  const out = [...list];
  if (!seed) {
    return out;
  }
  const next = numbers(seed);
  for (let last = out.length - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [out[last], out[other]] = [/** @type {T} */ (out[other]), /** @type {T} */ (out[last])];
  }
  return out;
}

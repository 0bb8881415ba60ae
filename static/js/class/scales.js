/**
 * From figures to places in a picture, without the picture: scales, their ticks, the outline of a histogram, dots that
 * stand on each other. Places are shares of the width, 0 to 1.
 */

export const LEAST_MS = 0.1; // where the server's histogram begins
export const MOST_MS = 100_000;
const DEFAULT_DECADES = [0, 4]; // 1 ms to 10 s: where the delays of the five techniques are, usually
const NICE_STEPS = [1, 2, 5, 10];

const clamp = (share) => Math.min(1, Math.max(0, share));

/** A scale on which every decade is as wide as the others. */
export function logScale([fromMs, toMs]) {
  const [low, high] = [Math.log10(fromMs), Math.log10(toMs)];
  return (ms) => clamp((Math.log10(Math.max(ms, LEAST_MS / 10)) - low) / (high - low));
}

/** A scale from 0. */
export function linearScale(most) {
  return (value) => clamp(most > 0 ? value / most : 0);
}

/**
 * Whole decades that hold all that is to be seen, and the former range, so that a picture that is filling up widens and
 * never jumps back.
 *
 * @param {number[]} delaysMs
 * @param {number[] | null} former - `[fromMs, toMs]` of the picture as it stands.
 */
export function decadesAround(delaysMs, former = null) {
  const seen = delaysMs.filter((ms) => Number.isFinite(ms) && ms > 0);
  const decades = former ? former.map(Math.log10) : DEFAULT_DECADES;
  const low = Math.min(decades[0], ...seen.map((ms) => Math.floor(Math.log10(Math.max(ms, LEAST_MS)) + 1e-9)));
  const high = Math.max(decades[1], ...seen.map((ms) => Math.ceil(Math.log10(Math.min(ms, MOST_MS)) - 1e-9)));
  return [10 ** low, 10 ** high];
}

/** The decades of a range, each with how it is written: `{ ms, figure, unit }`. */
export function decadeTicks([fromMs, toMs]) {
  const ticks = [];
  for (let power = Math.round(Math.log10(fromMs)); power <= Math.round(Math.log10(toMs)); power += 1) {
    const ms = 10 ** power;
    ticks.push(ms < 1000 ? { ms, figure: String(Number(ms.toPrecision(1))), unit: "ms" } : { ms, figure: String(ms / 1000), unit: "s" });
  }
  return ticks;
}

/** The end of a scale from 0 that holds `most`: 1, 2 or 5 times a power of ten. */
export function niceEnd(most) {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return NICE_STEPS.find((step) => step * power >= most * (1 - 1e-9)) * power;
}

/** The edges of a histogram's classes that hold something: `[fromMs, toMs]`, or null where it is empty. */
export function spread({ from_ms: from, counts }) {
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return null;
  const last = counts.length - 1 - [...counts].reverse().findIndex((count) => count > 0);
  return [from[first], from[last + 1] ?? MOST_MS];
}

/**
 * The bars of a histogram as `{ from, to, height }`, places on the scale and a share of the highest bar.
 * A class that is off the scale stands at its edge.
 */
export function bars({ from_ms: from, counts }, scale) {
  const most = Math.max(...counts);
  return counts.flatMap((count, index) => (count === 0 ? [] : [{
    from: scale(from[index]), to: scale(from[index + 1] ?? MOST_MS), height: count / most,
  }]));
}

/** Stack dots that share a column of the picture: `{ column, row }` for each place, in its order. */
export function stackDots(places, columns) {
  const heights = new Array(columns).fill(0);
  return places.map((place) => {
    const column = Math.min(columns - 1, Math.max(0, Math.floor(place * columns)));
    heights[column] += 1;
    return { column, row: heights[column] - 1 };
  });
}

/** The nearest-rank median, as the server counts it; null of nothing. */
export function median(values) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1];
}

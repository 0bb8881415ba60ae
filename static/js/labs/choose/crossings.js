/**
 * Where one technique overtakes another, and how far each carries. Costs go over powers of ten, so all is looked for and
 * halved by ratio.
 */

const LOOKS = 240; // over the whole range: what crosses twice between two of them is not seen
const HALVINGS = 40;
const SAME = 1e-9; // so near are lines that only touch

/** Points from `from` to `to`, evenly by ratio. */
export function points(from, to, count = LOOKS) {
  return Array.from({ length: count + 1 }, (_, index) => from * (to / from) ** (index / count));
}

/**
 * @param {string[]} names
 * @param {(name: string, x: number) => number | null} costAt
 * @param {number} from
 * @param {number} to
 * @returns {{x: number, y: number, falls: string, rises: string}[]} in order of x: from there on `rises` costs more than
 *   `falls`.
 */
export function crossings(names, costAt, from, to) {
  const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other]));
  return pairs.flatMap(([one, other]) => ofPair(one, other, costAt, points(from, to))).sort((a, b) => a.x - b.x);
}

function ofPair(one, other, costAt, xs) {
  const ahead = (x) => aheadBy(costAt(one, x), costAt(other, x));
  const found = [];
  let last = null; // where one was truly ahead or behind
  for (const x of xs) {
    const sign = Math.sign(ahead(x) ?? 0);
    if (sign === 0) continue;
    if (last !== null && sign !== last.sign) {
      const at = halve(last.x, x, (middle) => Math.sign(ahead(middle) ?? 0) === last.sign);
      found.push({ x: at, y: costAt(one, at), ...(sign > 0 ? { rises: one, falls: other } : { rises: other, falls: one }) });
    }
    last = { x, sign };
  }
  return found;
}

function aheadBy(one, other) {
  if (one === null || other === null) return null;
  const differs = one - other;
  return Math.abs(differs) <= SAME * Math.max(Math.abs(one), Math.abs(other)) ? 0 : differs;
}

function halve(low, high, isLow) {
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = Math.sqrt(low * high);
    if (isLow(middle)) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

/**
 * The most users for whom something holds that holds for fewer, too.
 *
 * @returns {number | null} whole; null where it does not hold for one; `most` where it holds for so many.
 */
export function mostUsers(holds, most = 1_000_000) {
  if (!holds(1)) return null;
  if (holds(most)) return most;
  let [low, high] = [1, most];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

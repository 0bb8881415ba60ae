/**
 * Where one technique overtakes another, and how far each carries. Costs go over powers of ten, so all is looked for and
 * halved by ratio.
 */

const LOOKS = 240; // over the whole range: what crosses twice between two of them is not seen
const HALVINGS = 40;
const CLEARLY = 1.1; // what is nearer to each other is the same: measurements are no surer

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
 *   `falls`, and before it less, clearly on both sides.
 */
export function crossings(names, costAt, from, to) {
  const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other]));
  return pairs.flatMap(([one, other]) => ofPair(one, other, costAt, points(from, to))).sort((a, b) => a.x - b.x);
}

function ofPair(one, other, costAt, xs) {
  const ahead = (x) => aheadBy(costAt(one, x), costAt(other, x));
  const found = [];
  let last = null; // where one was clearly ahead or behind
  for (const x of xs) {
    const by = ahead(x);
    if (Math.abs(by) < Math.log(CLEARLY)) continue;
    const sign = Math.sign(by);
    if (last !== null && sign !== last.sign) {
      const before = last.sign;
      const at = halve(last.x, x, (middle) => Math.sign(ahead(middle)) === before);
      found.push({ x: at, y: costAt(one, at), ...(sign > 0 ? { rises: one, falls: other } : { rises: other, falls: one }) });
    }
    last = { x, sign };
  }
  return found;
}

/** As a ratio's logarithm; 0 where either is not known, or nothing. */
function aheadBy(one, other) {
  return one > 0 && other > 0 ? Math.log(one / other) : 0;
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

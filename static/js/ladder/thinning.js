/**
 * Which words find room. In each column no two may touch; what was decided stays so while the drawing moves, for words
 * that come and go as others leave the screen would be worse than none.
 */

const DECISIONS_KEPT = 40_000;
const ASIDE = 0.4; // of a line's height

export function createThinning() {
  const decided = new Map();
  let settings = "";

  /** Decide anew when what everything depends on has changed, such as the zoom; tells whether it has. */
  function begin(newSettings) {
    forgetOldest(decided);
    if (settings === newSettings) return false;
    settings = newSettings;
    decided.clear();
    return true;
  }

  /**
   * The candidates that may be shown. Each has `key`, `y` (of its middle) and `weight`: the heavier are served first,
   * and take the place of lighter ones even when they come later. One whose place is taken may stand a little higher or
   * lower, or lower by one of its own `shifts`.
   *
   * @param {number} lineHeight - of words, in the same unit as `y`.
   */
  function choose(candidates, lineHeight) {
    const column = createColumn(lineHeight);
    for (const each of candidates) {
      const shift = decided.get(each.key) ?? null;
      if (shift !== null) column.put(each, shift);
    }
    const undecided = candidates.filter((each) => !decided.has(each.key)).sort((one, other) => other.weight - one.weight);
    for (const each of undecided) {
      const shifts = [0, ...(each.shifts ?? []), ASIDE * lineHeight, -ASIDE * lineHeight];
      const inTheWay = shifts.map((shift) => column.near(each.y + shift));
      const free = inTheWay.findIndex((others) => others.length === 0);
      const place = free >= 0 ? free : inTheWay.findIndex((others) => others.every(({ weight }) => weight < each.weight));
      decided.set(each.key, shifts[place] ?? null);
      if (place < 0) continue;
      for (const other of inTheWay[place]) {
        decided.set(other.key, null);
        column.remove(other);
      }
      column.put(each, shifts[place]);
    }
    return column.words();
  }

  return { begin, choose };
}

/** Keep a map of what was decided for units from growing with them; what was put in first is out of view. */
export function forgetOldest(map, most = DECISIONS_KEPT) {
  if (map.size <= most) return;
  const keys = [...map.keys()].slice(0, map.size - most / 2);
  for (const key of keys) map.delete(key);
}

/** The words of one column, found by the row they are in: rows are as high as a line, so each has one at most. */
function createColumn(lineHeight) {
  const rows = new Map();
  const rowOf = (y) => Math.floor(y / lineHeight);
  return {
    put: (each, shift) => rows.set(rowOf(each.y + shift), { ...each, y: each.y + shift }),
    remove: ({ y }) => rows.delete(rowOf(y)),
    words: () => [...rows.values()],
    near(y) {
      const row = rowOf(y);
      return [rows.get(row - 1), rows.get(row), rows.get(row + 1)].filter((each) => each && Math.abs(each.y - y) < lineHeight);
    },
  };
}

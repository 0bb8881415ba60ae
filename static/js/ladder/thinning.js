/**
 * Which words find room. In each column no two may touch; what was decided stays so while the drawing moves, for words
 * that come and go as others leave the screen would be worse than none.
 */

const ASIDE = 0.4; // of a line's height

/** @param {number} most - decisions kept; all are taken anew when there are more. */
export function createThinning(most = 20_000) {
  const decided = new Map();
  let settings = "";

  /** Decide anew when what everything depends on has changed, such as the zoom; tells whether it has. */
  function begin(newSettings) {
    if (settings === newSettings && decided.size < most) return false;
    settings = newSettings;
    decided.clear();
    return true;
  }

  /**
   * The candidates that may be shown. Each has `key`, `y` (of its middle) and `weight`: the heavier is served first.
   * One whose place is taken may stand a little higher or lower, or lower by one of its own `shifts`.
   *
   * @param {number} lineHeight - of words, in the same unit as `y`.
   */
  function choose(candidates, lineHeight) {
    const shown = [];
    const rows = new Map(); // as high as a line -> the middle of the words in it
    const isFree = (y) => {
      const row = Math.floor(y / lineHeight);
      return [row - 1, row, row + 1].every((each) => !rows.has(each) || Math.abs(rows.get(each) - y) >= lineHeight);
    };
    const show = (each, shift) => {
      const y = each.y + shift;
      rows.set(Math.floor(y / lineHeight), y);
      shown.push({ ...each, y });
    };
    for (const each of candidates) {
      const shift = decided.get(each.key) ?? null;
      if (shift !== null) show(each, shift);
    }
    const undecided = candidates.filter((each) => !decided.has(each.key)).sort((one, other) => other.weight - one.weight);
    for (const each of undecided) {
      const aside = ASIDE * lineHeight;
      const shift = [0, ...(each.shifts ?? []), aside, -aside].find((by) => isFree(each.y + by)) ?? null;
      decided.set(each.key, shift);
      if (shift !== null) show(each, shift);
    }
    return shown;
  }

  return { begin, choose };
}

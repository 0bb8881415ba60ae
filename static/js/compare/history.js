/**
 * How figures grew in time: a row every now and then, ever rarer as a run becomes long, so that the whole of it is kept.
 */

const MOST_ROWS = 600;

/** @param {number} columns - figures in a row. */
export function createHistory(columns, { everyMs = 500, mostRows = MOST_ROWS } = {}) {
  let rows = [];
  let gapMs = everyMs;

  /** Keep a row, unless the last one is too near. */
  function add(atMs, figures) {
    if (rows.length > 0 && atMs - rows.at(-1).atMs < gapMs) return;
    rows.push({ atMs, figures });
    if (rows.length <= mostRows) return;
    rows = rows.filter((_, index) => index % 2 === 0);
    gapMs *= 2;
  }

  return {
    add,
    get length() { return rows.length; },
    /** The moments, then each figure's values, as uPlot takes them. */
    columns: () => [
      rows.map(({ atMs }) => atMs / 1000),
      ...Array.from({ length: columns }, (_, index) => rows.map(({ figures }) => figures[index])),
    ],
  };
}

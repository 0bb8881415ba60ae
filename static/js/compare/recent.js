/**
 * The delays of the messages that were published last, message by message: a row each, a place in it for each technique.
 */

const KEPT = 200;

export function createRecent(techniques, { kept = KEPT } = {}) {
  const rows = new Map(); // message id -> { number, delays }
  let count = 0;

  /** @param {number} index - the technique's. */
  function add(id, index, ms) {
    let row = rows.get(id);
    if (row === undefined) {
      count += 1;
      row = { number: count, delays: Array(techniques).fill(null) };
      rows.set(id, row);
      if (rows.size > kept) rows.delete(rows.keys().next().value);
    }
    row.delays[index] = ms;
  }

  return {
    add,
    get length() { return rows.size; },
    /** The numbers, then the delays of each technique, as uPlot takes them. */
    columns() {
      const all = [...rows.values()];
      return [all.map(({ number }) => number), ...Array.from({ length: techniques }, (_, index) => all.map(({ delays }) => delays[index]))];
    },
  };
}

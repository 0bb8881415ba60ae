/**
 * The order of the students in the teacher's table. It changes when somebody comes, goes or moves, not with each figure: a
 * row that is about to be clicked stays where it is.
 */

const byName = (one, other) => one.name.localeCompare(other.name);

/** What the table can be ordered by: how two students compare, and of what a change puts them in order again. */
const ORDERS = {
  group: { compare: (one, other) => one.group.localeCompare(other.group) || byName(one, other), of: ({ name, group }) => [name, group] },
  name: { compare: byName, of: ({ name }) => [name] },
  delay: { compare: (one, other) => (other.median ?? -1) - (one.median ?? -1) || byName(one, other), of: () => [] },
  trouble: { compare: (one, other) => troubles(other) - troubles(one) || byName(one, other), of: () => [] },
  away: { compare: (one, other) => Number(one.connected) - Number(other.connected) || byName(one, other), of: ({ connected }) => [connected] },
};
export const ORDER_NAMES = Object.keys(ORDERS);

/** How many messages a phone got late, lost, twice or in another order, in this stretch. */
export function troubles({ report }) {
  return report === null ? 0 : report.late + report.lost + report.doubled + report.reordered;
}

export function createRoster() {
  let before = null;
  let ids = [];

  /** Returns the ids in order of those whose name has `wanted` in it; `anew` has the figures of now count. */
  function arrange(seats, { order, wanted = "", anew = false }) {
    const found = seats.filter(({ name }) => name.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase()));
    const now = JSON.stringify([order, found.map((seat) => [seat.id, ...ORDERS[order].of(seat)])]);
    if (anew || now !== before) ids = found.sort(ORDERS[order].compare).map(({ id }) => id);
    before = now;
    return ids;
  }

  return { arrange };
}

/**
 * The arithmetic of the totals: bytes by account of one technique, one connection, or all; and whether they add up to
 * what the relay counted, which never looked into them.
 *
 * `traffic` is `{ techniques, connections, size }` as in lab/traffic-store.js.
 */

import { ACCOUNTS, partsOf } from "../lab/traffic-store.js";

const WAYS = ["up", "down"];

/**
 * @param {"technique"|"all"|number} scope - a number is a connection's.
 * @returns `{ rows, total, rest, waiting, counted, differs }`: `rows` with `{account, up, down, both, share}`, the others
 *   with `{up, down, both}`. `rest` is what is in no row; `differs` is what the relay counted beyond all of them.
 */
export function statement(traffic, scope, technique) {
  const { parts, others, counted, waiting } = gathered(traffic, scope, technique);
  const amounts = ACCOUNTS.map(({ name }) => amountOf(parts, name));
  const total = add(amounts);
  const rest = add(others.map(sumOf));
  return {
    rows: amounts.map((amount, index) => ({ account: ACCOUNTS[index], ...amount, share: share(amount, total) })),
    total, rest, waiting, counted,
    differs: amount((way) => counted[way] - total[way] - rest[way] - waiting[way]),
  };
}

export function addsUp({ differs }) {
  return differs.up === 0 && differs.down === 0;
}

function gathered({ techniques, connections, size }, scope, technique) {
  if (typeof scope === "number") {
    const connection = connections.get(scope);
    const nothing = amount(() => 0);
    if (!connection) return { parts: [], others: [], counted: nothing, waiting: nothing };
    return { parts: [connection], others: [], counted: add([connection.size]), waiting: add([connection.waiting]) };
  }
  const belongs = (name) => scope === "all" || partsOf(technique).includes(name);
  const of = (wanted) => Object.entries(techniques).filter(([name]) => belongs(name) === wanted).map(([, sums]) => sums);
  const waiting = add([...connections.values()].map((each) => each.waiting));
  return { parts: of(true), others: of(false), counted: add([size]), waiting };
}

function amountOf(parts, account) {
  return amount((way) => parts.reduce((sum, part) => sum + (part[way][account] ?? 0), 0));
}

function sumOf(part) {
  return amount((way) => Object.values(part[way]).reduce((sum, count) => sum + count, 0));
}

function add(amounts) {
  return amount((way) => amounts.reduce((sum, each) => sum + each[way], 0));
}

function amount(of) {
  const [up, down] = WAYS.map(of);
  return { up, down, both: up + down };
}

/** Between 0 and 1; null where there is nothing to have a share of. */
function share({ both }, total) {
  return total.both === 0 ? null : both / total.both;
}

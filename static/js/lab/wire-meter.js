/**
 * The meters' figures of a page in the lab: bytes and counts as they crossed its port, since they were set to zero.
 */

import { ACCOUNTS, partsOf } from "./traffic-store.js";

export function createWireMeter(store, technique) {
  let zero = sums();
  let since = Date.now();

  /** All there was since the session began. */
  function sums() {
    const parts = partsOf(technique).map((name) => store.techniques[name]).filter(Boolean);
    const of = (way, account) => total(parts.map((part) => part[way][account] ?? 0));
    return {
      requests: total(parts.map((part) => part.requests)),
      emptyAnswers: total(parts.map((part) => part.empty)),
      opened: store.opened(technique),
      bytesUp: total(ACCOUNTS.map(({ name }) => of("up", name))),
      bytesDown: total(ACCOUNTS.map(({ name }) => of("down", name))),
      accounts: Object.fromEntries(ACCOUNTS.map(({ name }) => [name, of("up", name) + of("down", name)])),
    };
  }

  function read() {
    const now = sums();
    const figures = Object.fromEntries(Object.keys(now).filter((key) => key !== "accounts").map((key) => [key, now[key] - zero[key]]));
    const accounts = Object.fromEntries(ACCOUNTS.map(({ name }) => [name, now.accounts[name] - zero.accounts[name]]));
    return { ...figures, accounts, since };
  }

  function reset() {
    zero = sums();
    since = Date.now();
  }

  return { read, reset };
}

function total(figures) {
  return figures.reduce((sum, each) => sum + each, 0);
}

/**
 * What crossed a lab session's port, as the server tells it: the latest units, the connections, the sums by account.
 *
 * Everything that shows the wire reads from here. Times are milliseconds since 1970 by the server's clock.
 */

import { t } from "../shell/language.js";

export const ACCOUNTS = [
  { name: "payload", label: t("account.payload"), meaning: t("account.payload.what") },
  { name: "framing", label: t("account.framing"), meaning: t("account.framing.what") },
  { name: "http_headers", label: t("account.http_headers"), meaning: t("account.http_headers.what") },
  { name: "handshake", label: t("account.handshake"), meaning: t("account.handshake.what") },
  { name: "heartbeat", label: t("account.heartbeat"), meaning: t("account.heartbeat.what") },
  { name: "page", label: t("account.page"), meaning: t("account.page.what") },
  { name: "unknown", label: t("account.unknown"), meaning: t("account.unknown.what") },
];

/** What belongs to a technique: its own traffic, and the POSTs by which its page publishes. */
export function partsOf(technique) {
  return [technique, "publish"];
}

const UNITS_KEPT = 4000;
const REMARKS_KEPT = 200;
const CONNECTIONS_KEPT = 500;
const BIRTHS_KEPT = 4000;

export function createTrafficStore(clock = () => performance.now()) {
  const connections = new Map();
  const births = new Map();
  const unanswered = new Map(); // key of a request -> it
  const listeners = new Set();
  let units = [];
  let remarks = [];
  let techniques = {};
  let size = { up: 0, down: 0 };
  let missed = 0;
  const openedBefore = {}; // technique -> how many of its connections are no longer kept
  let clockDiffers = null; // the server's clock minus ours; the greatest seen is the truest, for news only comes late

  function take(news) {
    const differs = news.now - clock();
    clockDiffers = clockDiffers === null ? differs : Math.max(clockDiffers, differs);
    for (const unit of news.units) keep(unit);
    if (units.length > UNITS_KEPT) units = units.slice(-UNITS_KEPT);
    for (const connection of news.connections) connections.set(connection.number, connection);
    dropOldest();
    forgetAnswersThatWillNotCome(news.connections);
    remarks = [...remarks, ...news.remarks].slice(-REMARKS_KEPT);
    techniques = news.techniques;
    size = news.size;
    missed += news.missed;
    for (const listener of listeners) listener(news);
  }

  function keep(unit) {
    unit.key = keyOf(unit);
    units.push(unit);
    if (unit.kind === "request") unanswered.set(unit.key, unit);
    if (unit.kind === "response" && unit.answers !== null) unanswered.delete(keyOf({ ...unit, number: unit.answers }));
  }

  function dropOldest() {
    for (const [number, { closed_at, techniques: by }] of connections) {
      if (connections.size <= CONNECTIONS_KEPT) return;
      if (closed_at === null) continue;
      for (const technique of by) openedBefore[technique] = (openedBefore[technique] ?? 0) + 1;
      connections.delete(number);
    }
  }

  /** How many connections a technique has used, those that it shares with others included. */
  function opened(technique) {
    let count = openedBefore[technique] ?? 0;
    for (const connection of connections.values()) count += Number(connection.techniques.includes(technique));
    return count;
  }

  function forgetAnswersThatWillNotCome(changed) {
    const gone = new Set(changed.filter((each) => each.closed_at !== null).map((each) => each.number));
    if (gone.size === 0) return;
    for (const [key, request] of unanswered) {
      if (gone.has(request.connection)) unanswered.delete(key);
    }
  }

  /** The page knows when the messages it received were sent. */
  function noteBirth(message) {
    births.set(message.id, message.sent_at);
    if (births.size > BIRTHS_KEPT) births.delete(births.keys().next().value);
  }

  return {
    take, noteBirth, connections, births, opened,
    get units() { return units; },
    get remarks() { return remarks; },
    get techniques() { return techniques; },
    get size() { return size; },
    get missed() { return missed; },
    unanswered: () => [...unanswered.values()],
    now: () => clock() + (clockDiffers ?? 0),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function keyOf({ connection, number }) {
  return `${connection}/${number}`;
}

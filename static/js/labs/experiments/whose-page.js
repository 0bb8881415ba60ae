/**
 * 9: whose page is this: cross-site WebSocket hijacking (RFC 6455 section 10.2). A page of another origin, the same host at
 * the port of a lab session, tries four doors to the demonstration account that the student is signed in to
 * (pushdemo/whose_page.py): it asks by GET, books by POST, and opens the account's WebSocket where the server does not look
 * at Origin and where it does.
 *
 * What came of it is told by all three who know: the other page's script what it got, the account what was done to it, and
 * the server by the status with which it answers the same request made by hand, for no script gets to see that one.
 */

import { createSeeded } from "../seeded.js";
import { DOORS } from "../whose-page/doors.js";

const REFUSED = 403; // RFC 9110 section 15.5.4

export const explanations = 6;

/** Rooms of one's own, those that the other page tries to book at each door, and which. */
export function parameters(seed) {
  const { pick, whole } = createSeeded(seed, "whose-page");
  return { own: whole(1, 3), tries: whole(2, 3), room: pick([101, 114, 207, 218, 305, 312, 409, 421]) };
}

export function questions({ own, tries }) {
  return [
    { key: "doors", unit: "doors", digits: 0, theory: 1, tolerance: { absolute: 0 }, mistakes: [
      { key: "none", value: 0 }, { key: "sockets", value: 2 }, { key: "writes", value: 3 }, { key: "all", value: 4 },
    ] },
    { key: "answered", unit: "doors", digits: 0, theory: 2, tolerance: { absolute: 0 }, mistakes: [
      { key: "no-cookie", value: 0 }, { key: "cors", value: 1 }, { key: "unlooked", value: 4 },
    ] },
    { key: "bookings", unit: "bookings", digits: 0, theory: own + tries, tolerance: { absolute: 0 }, mistakes: [
      { key: "own", value: own }, { key: "both-sockets", value: own + 2 * tries }, { key: "post-too", value: own + 3 * tries },
    ] },
    { key: "status", unit: "status", digits: 0, theory: REFUSED, tolerance: { absolute: 0 }, mistakes: [
      { key: "other-refusal", value: 401 }, { key: "switched", value: 101 }, { key: "close-code", value: 1006 },
    ] },
  ];
}

/**
 * What each door came to, of what all who know told.
 *
 * @param {object} results
 * @param {Object<string, {read: boolean, said: string}>} results.tried - by door, what the other page's script told.
 * @param {{bookings: {what: string, origin: string}[], asked: string[]} | null} results.account
 * @param {string | null} results.foreign - the other page's origin.
 * @param {Object<string, number | null>} results.statuses - by door, of the same request by hand.
 * @returns {{key: string, said: string | null, status: number | null, isAnswered: boolean | null, isRead: boolean | null,
 *   booked: number | null, isThrough: boolean | null}[]} null: not known yet.
 */
export function outcomes({ tried, account, foreign, statuses }) {
  return DOORS.map(({ key }) => {
    const told = tried[key] ?? null;
    const booked = account === null || told === null ? null : account.bookings.filter(({ what, origin }) => origin === foreign && what.endsWith(` ${key}`)).length;
    const isHanded = key === "get" && account !== null && account.asked.includes(foreign);
    return {
      key, booked, said: told?.said ?? null, status: statuses[key] ?? null,
      isRead: told && told.read,
      isAnswered: told && (told.read || isHanded),
      isThrough: told && (told.read || booked > 0),
    };
  });
}

export function measure(results) {
  if (results.state !== "done") return { doors: null, answered: null, bookings: null, status: null };
  const doors = outcomes(results);
  const figure = (value) => (value === null ? null : { value, error: null, samples: null });
  return {
    doors: figure(doors.filter(({ isThrough }) => isThrough).length),
    answered: figure(doors.filter(({ isAnswered }) => isAnswered).length),
    bookings: figure(results.account.bookings.length),
    status: figure(results.statuses.checked ?? null),
  };
}

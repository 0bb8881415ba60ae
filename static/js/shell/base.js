/**
 * Where things are. The application may be mounted under a prefix, so every address is derived from
 * its base.
 */

import { APP_BASE } from "../environment.js";
import { TECHNIQUES } from "../techniques.js";

const OTHER_PAGES = { compare: "compare", handshake: "handshake", labs: "labs", report: "report" };

/** The address of something the server offers, such as `api/time`. */
export function address(path) {
  return new URL(path, APP_BASE);
}

/** The address of a page with the room in it: a technique's, one of the others, or else the overview's. */
export function pageAddress(name, room) {
  const technique = TECHNIQUES.find((each) => each.name === name);
  const url = address(technique ? technique.page : OTHER_PAGES[name] ?? "");
  if (room) url.searchParams.set("room", room);
  return url;
}

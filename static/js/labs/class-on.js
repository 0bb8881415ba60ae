/**
 * The class that is on here, with what it measured: `GET /api/class`, asked only where `GET /api/rooms` says that there is
 * one, for without one it is a 404, which the browser's console would show as an error.
 */

import { address } from "../shell/base.js";

/** @returns {Promise<object | null>} null where no class is on, or the server does not say. */
export async function classOn(fetch = globalThis.fetch.bind(globalThis)) {
  const rooms = await read("api/rooms", fetch);
  return rooms?.class ? read("api/class", fetch) : null;
}

async function read(path, fetch) {
  try {
    const answer = await fetch(address(path), { cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

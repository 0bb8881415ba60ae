/**
 * Whether there is a class to come to. A script does not see why a live socket cannot be opened; beside the rooms the server
 * tells of the class.
 */

import { address } from "../shell/base.js";

/** True where the server says that it has none; false where it has one, or does not answer. */
export async function isWithoutClass() {
  const response = await fetch(address("api/rooms"), { cache: "no-store" }).catch(() => null);
  return response?.ok === true && (await response.json()).class === null;
}

/**
 * What a student's page asks of the server. The seat itself is told by a cookie, which no script sees.
 */

import { address } from "../../shell/base.js";

/** @returns what everybody may know of the class, and this browser's seat in it or null; null when no class is on. */
export const readClass = () => ask("api/class").catch(nothingAt(404));

export const joinClass = (name) => ask("api/class/seats", "POST", { name });
export const leaveClass = () => ask("api/class/seats/mine", "DELETE");
export const chooseTechnique = (technique) => ask("api/class/seats/mine/technique", "POST", { technique });
export const predict = (value) => ask("api/class/seats/mine/prediction", "POST", { value });

/** @throws an error with the `status`; without one the server was not reached. */
async function ask(path, method = "GET", body = undefined) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const response = await fetch(address(path), { method, headers, body: JSON.stringify(body), cache: "no-store" });
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return answer;
  throw Object.assign(new Error(answer?.detail ?? `status ${response.status}`), { status: response.status });
}

function nothingAt(status) {
  return (error) => {
    if (error.status === status) return null;
    throw error;
  };
}

/**
 * What the page itself asks of the feed: it goes to its own origin, and not through a lab port.
 */

import { address } from "../shell/base.js";
import { t } from "../shell/language.js";

const ANSWER_WITHIN_MS = 10_000;

/** @returns a function that publishes `{ sender, text }` in `room` and returns the message as the feed has it. */
export function publishIn(room) {
  const url = address(`api/rooms/${encodeURIComponent(room)}/messages`);
  return async (draft) => {
    const response = await fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(draft), cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const answer = await response.json().catch(() => null);
    if (!response.ok || answer === null) throw new Error(answer?.detail ?? t("problem.status", { status: String(response.status) }));
    return answer;
  };
}

/** @returns the cursor of a room's last message. */
export async function findLatest(room) {
  const url = address(`api/rooms/${encodeURIComponent(room)}/short-poll`);
  url.searchParams.set("after", "latest");
  const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  return (await response.json()).cursor ?? "latest";
}

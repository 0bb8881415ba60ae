/**
 * Reading by request and answer: what short polling and long polling share, and what SSE and WebSocket ask
 * when a script is not told why its connection was refused.
 */
import { exchange } from "./http.js";
import { cursorBefore } from "./inbox.js";
import { retryableError } from "./problems.js";
import { t } from "./shell/language.js";

/** Makes a reader with one request under way at most; a failure is told to the session, which tries again. */
export function createReader(session) {
  let controller = null;

  /** Returns the answer `{ cursor, messages, more, gap }`, or null when it failed or was cancelled. */
  async function ask(technique, request = {}) {
    cancel();
    const mine = new AbortController();
    controller = mine;
    try {
      const answer = await read(session, technique, { ...request, controller: mine });
      return controller === mine ? answer : null;
    } catch (error) {
      if (controller === mine) session.refused(error);
      return null;
    } finally {
      if (controller === mine) controller = null;
    }
  }

  function cancel() {
    controller?.abort();
    controller = null;
  }

  return { ask, cancel, isAsking: () => controller !== null };
}

/** Takes in what a poll brought: its messages, a gap before them, and the place from which to ask next. */
export function receive(session, answer) {
  const receivedAt = session.now();
  session.opened(t("transport.answers"), answer.messages.length === 0 ? answer.cursor : null);
  if (answer.gap) session.gap(placeAfterGap(answer));
  for (const message of answer.messages) session.deliver(message, receivedAt);
  session.moveTo(answer.cursor);
}

/** Returns the place from which an answer that tells of a gap goes on. */
function placeAfterGap({ cursor, messages }) {
  return messages.length > 0 ? cursorBefore(messages[0].id) : cursor;
}

/** Asks a poll where "latest" is, because an EventSource does not show its script the cursor it was given. */
export async function findLatest(session, reader) {
  const answer = await reader.ask("short-poll");
  if (answer !== null) session.moveTo(answer.cursor);
  return answer !== null;
}

/**
 * Finds out why a stream was refused: a script sees neither the status nor the body of that answer, but those of a
 * poll from the same place.
 */
export async function explainRefusal(session, reader, detail) {
  const query = session.cursor === null ? { after: "latest" } : {};
  const answer = await reader.ask("short-poll", { query, purpose: t("transport.to-ask-why") });
  if (answer !== null) session.broken(detail);
}

async function read(session, technique, { query, ...request }) {
  const answer = await exchange(session, { url: session.address(technique, query), ...request });
  if (answer === null) return { cursor: session.cursor, messages: [] }; // 304: nothing new
  if (Array.isArray(answer.messages) && typeof answer.cursor === "string") return answer;
  throw retryableError(t("transport.no-poll-answer"));
}

/**
 * Long polling whose waiter is registered too late. After each answer it first asks where the room is now
 * (`after=latest`, answered at once), and waits from there. What was published from its last answer's leaving to that
 * question's arrival, it never asks for.
 *
 * In a server the same fault is: read the messages, let go, and only then put oneself on the list of those who wait.
 */

import { post } from "../../posting.js";
import { createSession } from "../../session.js";
import { exchange } from "../../http.js";
import { t } from "../../shell/language.js";

const SLACK_MS = 10_000; // an answer later than the time-out by this much is not coming

export function connect(options) {
  const session = createSession({ ...options, after: null }, { dial, hangUp });
  let controller = null;

  async function dial() {
    const mine = new AbortController();
    controller = mine;
    try {
      while (controller === mine) await round(mine);
    } catch (error) {
      if (controller === mine) session.refused(error);
    }
  }

  async function round(mine) {
    const { cursor } = await ask({ after: "latest" }, mine); // too late: here it forgets where it was
    session.opened(t("transport.answers"));
    session.moveTo(cursor);
    const { messages } = await ask({ after: cursor, timeout: session.settings.timeoutS }, mine);
    const receivedAt = session.now();
    for (const message of messages) session.deliver(message, receivedAt);
  }

  function ask(query, mine) {
    const timeLimitMs = 1000 * (query.timeout ?? 0) + SLACK_MS;
    return exchange(session, { url: session.address("long-poll", query), timeLimitMs, controller: mine });
  }

  function hangUp() {
    controller?.abort();
    controller = null;
  }

  return { send: (message) => post(session, message), close: session.close, configure: session.configure };
}

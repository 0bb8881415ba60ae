/**
 * Short polling: "is there anything new?", asked every T.
 *
 * Who opens:  the client, one short HTTP request per question.
 * Who waits:  the message. It lies at the server until the next question: T/2 on average, T at most.
 * On the wire: GET …/short-poll?after=<cursor> with If-None-Match; at once 200 {"cursor","messages"}, or 304 without
 *             a body when there is nothing new (RFC 9110 section 13.1.2).
 * Resumes:    every question carries the cursor, so a lost answer is simply asked for again.
 * Costs:      1/T requests a second for each reader, whether anything happens or not; most answers are empty.
 */
import { post } from "../posting.js";
import { createReader, receive } from "../reading.js";
import { createSession } from "../session.js";

export const technique = "short-poll";
const SHORTEST_INTERVAL_MS = 50;
const TIMER_SLACK_MS = 20; // a timer may fire a little early; that beat counts as taken

// ---- connect

export function connect(options) {
  const session = createSession(options, { dial, hangUp });
  const reader = createReader(session);
  let startedAt = null; // polls are due at startedAt + 0, T, 2T, …: a slow answer delays one poll, not all later ones
  let askedAt = null;

  function dial() {
    startedAt ??= session.now();
    poll();
  }

  async function poll() {
    askedAt = session.now();
    const answer = await reader.ask("short-poll", { headers: onlyIfNew() });
    if (answer === null) return; // broken: the session dials again
    receive(session, answer);
    session.next(answer.more ? 0 : untilDue(), poll);
  }

  /** Returns the milliseconds until the first beat of the rhythm after the last poll; 0 when it has passed. */
  function untilDue() {
    const intervalMs = Math.max(session.settings.intervalMs, SHORTEST_INTERVAL_MS);
    const beat = Math.floor((askedAt - startedAt + TIMER_SLACK_MS) / intervalMs) + 1;
    return Math.max(0, startedAt + beat * intervalMs - session.now());
  }

  // ---- resume

  /** The ETag of an answer is its cursor: the same place gives 304. */
  function onlyIfNew() {
    return session.cursor === null ? {} : { "If-None-Match": `"${session.cursor}"` };
  }

  // ---- send

  function send(message) {
    return post(session, message);
  }

  // ---- close

  function hangUp() {
    reader.cancel();
  }

  function configure(changes) {
    session.configure(changes);
    if (changes.intervalMs === undefined || askedAt === null) return;
    startedAt = askedAt;
    if (session.state === "open" && !reader.isAsking()) session.next(untilDue(), poll);
  }

  return { send, close: session.close, configure };
}

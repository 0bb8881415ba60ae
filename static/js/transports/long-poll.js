/**
 * Long polling: "tell me when there is something new", asked again after each answer (RFC 6202 section 2).
 *
 * Who opens:  the client, one HTTP request after the other.
 * Who waits:  the server. It holds the request until there is a message, or until the timeout is up.
 * On the wire: GET …/long-poll?after=<cursor>&timeout=<s>; 200 {"cursor","messages"} as soon as there is a message,
 *             the same with no messages when the timeout is up.
 * Resumes:    every request carries the cursor; what is sent while no request is pending waits for the next one.
 * Costs:      a request and its headers per message (fewer when messages come fast: one answer carries several), and
 *             one pending request per reader. Latency is one transit on average, over three at most (RFC 6202 section 2.2).
 */
import { createBackoff } from "../backoff.js";
import { post } from "../posting.js";
import { createReader, receive } from "../reading.js";
import { createSession } from "../session.js";

export const technique = "long-poll";
const GREETING_TIMEOUT_S = 1; // the first poll of a connection: an answer soon says that the server is there
const LONGEST_TIMEOUT_S = 55;
const ANSWER_SLACK_MS = 10_000; // an answer later than the timeout by this much is not coming
const EARLY_MS = 500; // an empty answer sooner than the timeout by this much means "not now"

// ---- connect

export function connect(options) {
  const session = createSession(options, { dial, hangUp });
  const reader = createReader(session);
  const earliness = createBackoff(session.environment.random);

  function dial() {
    poll(GREETING_TIMEOUT_S);
  }

  async function poll(timeoutS) {
    const askedAt = session.now();
    const pause = session.after === "latest" ? () => 0 : pauseAfter; // "latest" is answered at once
    const limits = { query: { timeout: timeoutS }, timeLimitMs: timeoutS * 1000 + ANSWER_SLACK_MS };
    const answer = await reader.ask("long-poll", limits);
    if (answer === null) return; // broken: the session dials again
    receive(session, answer);
    session.next(pause(answer, askedAt + timeoutS * 1000), pollAgain);
  }

  function pollAgain() {
    poll(Math.min(Math.max(Math.round(session.settings.timeoutS), 1), LONGEST_TIMEOUT_S));
  }

  // ---- resume

  /** Returns the milliseconds to wait before the next poll: none, unless the server sends empty answers too soon. */
  function pauseAfter(answer, dueAt) {
    const isEarly = answer.messages.length === 0 && !answer.gap && session.now() < dueAt - EARLY_MS;
    if (isEarly) return earliness.next();
    earliness.reset();
    return 0;
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
    if (changes.timeoutS !== undefined && session.state === "open" && reader.isAsking()) pollAgain();
  }

  return { send, close: session.close, configure };
}

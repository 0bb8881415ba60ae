/**
 * Publishes that wait for their ack, by `client_message_id`, each for a limited time.
 *
 * Nothing is ever left hanging: a publish ends with its ack, with the server's problem, or as one to be tried again.
 */
import { retryableError } from "./problems.js";
import { t } from "./shell/language.js";

export const ACK_WITHIN_MS = 10_000;

export function createPending(environment) {
  const waiting = new Map(); // client_message_id -> { text, isSent, settled, resolve, reject }

  /** Keeps `text` until it is sent and answered; the same id again joins the one that waits. */
  function add(id, text) {
    if (waiting.has(id)) return waiting.get(id).settled;
    const entry = { text, isSent: false };
    entry.settled = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
    const late = () => reject(id, retryableError(t("problem.no-ack-within", { seconds: ACK_WITHIN_MS / 1000 })));
    entry.timer = environment.setTimeout(late, ACK_WITHIN_MS);
    waiting.set(id, entry);
    return entry.settled;
  }

  /** Sends what has not been sent yet, in order. */
  function flush(sendText) {
    for (const entry of waiting.values()) {
      if (entry.isSent) continue;
      entry.isSent = true;
      sendText(entry.text);
    }
  }

  function resolve(id, value) {
    take(id)?.resolve(value);
  }

  function reject(id, error) {
    take(id)?.reject(error);
  }

  function take(id) {
    const entry = waiting.get(id);
    environment.clearTimeout(entry?.timer);
    waiting.delete(id);
    return entry;
  }

  /** The connection is gone: nobody knows whether what was sent arrived. What was not sent goes on waiting. */
  function breakOff(detail, { unsentToo = false } = {}) {
    for (const [id, entry] of [...waiting]) {
      if (entry.isSent || unsentToo) reject(id, retryableError(detail));
    }
  }

  return { add, flush, resolve, reject, breakOff };
}

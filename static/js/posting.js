/**
 * Publishing by POST, as short polling, long polling and SSE do: their connection carries messages one way only.
 */
import { exchange } from "./http.js";

/**
 * Publishes a message. Trying again under the same `client_message_id` never makes a second one.
 *
 * @returns the message as the feed has it.
 * @throws an error with `.problem` (refused for good) or `.retryable`.
 */
export function post(session, { sender, text, client_message_id }) {
  return exchange(session, {
    method: "POST",
    url: session.address("messages"),
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ sender, text, client_message_id }),
    kind: "publish",
  });
}

/**
 * The outbox: messages written here that the feed has not shown yet, sent one after the other.
 *
 *     pending -> sent -> (seen on the feed: gone from here)
 *     pending -> pending, later      the server is away or busy: tried again by itself
 *     pending -> failed              the server refused it: tried again when the writer says so
 *
 * Every try goes under the same `client_message_id`, so that a message whose answer was lost is not
 * published twice. What is not sent yet is kept for the tab: a reload or another technique sends it.
 */

import { createBackoff } from "../backoff.js";
import { t } from "../shell/language.js";

export const ANSWER_WITHIN_MS = 20_000;
const NO_CONNECTION = t("chat.no-connection");

/**
 * @param {(message: object) => Promise<object>} send - rejects with `.problem` or `.retryable`.
 * @param {object} store - `get(key)` and `set(key, value)`.
 * @param {() => void} onChange - called whenever an item appeared, changed or went.
 */
export function createOutbox({ room, store, send, onChange, newId, timers = window, random = Math.random }) {
  const key = `outbox:${room}`;
  const backoff = createBackoff(random);
  let items = (store.get(key) ?? []).map((item) => ({ ...item, note: "" }));
  let inFlight = null;
  let timer = null;
  let stopped = true;

  function add(sender, text) {
    items.push({ sender, text, client_message_id: newId(), writtenAt: Date.now(), state: "pending", note: stopped ? NO_CONNECTION : "" });
    changed();
    pump();
  }

  /** Send what is pending, the oldest first, unless something is under way or a wait has been ordered. */
  async function pump() {
    const item = items.find((each) => each.state === "pending");
    if (stopped || inFlight || timer !== null || !item) return;
    inFlight = item;
    try {
      await inTime(send(asMessage(item)));
      settle(item, { state: "sent", note: "" });
      backoff.reset();
    } catch (error) {
      failed(item, error);
    } finally {
      inFlight = null;
    }
    pump();
  }

  function failed(item, error) {
    if (error.problem) return settle(item, { state: "failed", note: error.message });
    settle(item, { note: stopped ? NO_CONNECTION : t("chat.by-itself", { reason: error.message }) });
    if (!stopped) wait(Math.max(error.retryAfterMs ?? 0, backoff.next()));
  }

  function wait(delayMs) {
    timer = timers.setTimeout(() => { timer = null; pump(); }, delayMs);
  }

  function inTime(answer) {
    let limit;
    const late = new Promise((_, reject) => {
      limit = timers.setTimeout(() => reject(new Error(t("chat.no-answer"))), ANSWER_WITHIN_MS);
    });
    return Promise.race([answer, late]).finally(() => timers.clearTimeout(limit));
  }

  function settle(item, news) {
    if (!items.includes(item)) return; // seen on the feed meanwhile: that is proof enough
    Object.assign(item, news);
    changed();
  }

  /** The feed showed a message: if it is ours, it is no longer waiting here. */
  function seen(message) {
    const id = message.client_message_id;
    const left = items.filter((item) => item.client_message_id !== id || item.sender !== message.sender);
    if (id === undefined || left.length === items.length) return;
    items = left;
    changed();
  }

  function retry(id) {
    const item = items.find((each) => each.client_message_id === id);
    if (item) settle(item, { state: "pending", note: "" });
    goOn();
  }

  function discard(id) {
    items = items.filter((item) => item.client_message_id !== id);
    changed();
  }

  /** There is a connection (again): no reason to wait any longer. */
  function goOn() {
    stopped = false;
    for (const item of items) if (item.note === NO_CONNECTION) settle(item, { note: "" });
    timers.clearTimeout(timer);
    timer = null;
    pump();
  }

  /** There is no connection: keep everything until there is one. */
  function stop() {
    stopped = true;
    for (const item of items) if (item.state === "pending") settle(item, { note: NO_CONNECTION });
    timers.clearTimeout(timer);
    timer = null;
  }

  function changed() {
    store.set(key, items.filter((item) => item.state !== "sent"));
    onChange(items);
  }

  return { add, seen, retry, discard, goOn, stop, get items() { return items; } };
}

function asMessage({ sender, text, client_message_id }) {
  return { sender, text, client_message_id };
}

/**
 * The list of messages. What comes in is gathered for a moment and shown at once, so that two hundred
 * messages a second cost a few paints. It follows the newest message only while the reader is at the
 * bottom; else a button says how many are new.
 */

import { button, el, setText } from "../shell/dom.js";
import { dayKey } from "../shell/format.js";
import { t } from "../shell/language.js";
import { dayItem, gapItem, receive, receivedItem, showWaiting, waitingItem } from "./message-item.js";

const GATHER_MS = 40; // a timer, not an animation frame: a hidden tab gets none
const SHOWN_ITEMS = 400;
const NEAR_BOTTOM_PX = 48;

/**
 * @param {(message: object) => boolean} isOwn
 * @param {(entry: object) => object|null} delayOf - the delay of a live message as `{ ms, errorMs }`.
 * @param {object} actions - `retry(id)` and `discard(id)` for a message under way.
 * @param {(entries: object[]) => void} announce - tells a screen reader what came.
 */
export function createConversationView(place, { isOwn, delayOf, actions, announce }) {
  const list = el("ol.messages", { testid: "messages", "aria-label": t("chat.messages"), tabindex: "0" });
  const empty = el("p.empty", { hidden: true }, t("chat.empty"));
  const newer = button("", toBottom, { class: "newer", hidden: true });
  const waitingItems = new Map(); // client_message_id -> its item
  let gathered = [];
  let timer = null;
  let lastDay = null;
  let unseen = 0;
  let following = true;
  let answered = false; // before the server has, nobody knows whether the room is empty

  place.append(el("div.scroller", {}, empty, list, newer));
  list.addEventListener("scroll", () => { if (isAtBottom()) caughtUp(); else following = false; });
  new ResizeObserver(() => following && toBottom()).observe(list);

  function append(entry) {
    gathered.push(entry);
    timer ??= setTimeout(flush, GATHER_MS);
  }

  function flush() {
    clearTimeout(timer);
    timer = null;
    const entries = gathered;
    gathered = [];
    for (const entry of entries) show(entry);
    while (list.childElementCount - waitingItems.size > SHOWN_ITEMS) list.firstElementChild.remove();
    settle(entries.filter((entry) => entry.message && !entry.delayed).length);
    announce(entries);
  }

  function show(entry) {
    const firstWaiting = waitingItems.values().next().value ?? null;
    if (entry.gap !== undefined) return list.insertBefore(gapItem(entry), firstWaiting);
    const day = dayKey(entry.message.sent_at);
    if (day !== lastDay) list.insertBefore(dayItem(entry.message.sent_at), firstWaiting);
    lastDay = day;
    return list.insertBefore(itemFor(entry), waitingItems.values().next().value ?? null);
  }

  function itemFor({ message, ...entry }) {
    const news = { message, own: isOwn(message), delay: delayOf({ message, ...entry }) };
    const waiting = waitingItems.get(message.client_message_id);
    if (!waiting) return receivedItem(news);
    waitingItems.delete(message.client_message_id);
    receive(waiting, news);
    return waiting;
  }

  /** Show the outbox below the feed. What left it is removed, unless its copy is about to be shown. */
  function showWaitingMessages(items) {
    flush();
    const left = new Set(items.map((item) => item.client_message_id));
    for (const [id, item] of waitingItems) {
      if (!left.has(id)) { item.remove(); waitingItems.delete(id); }
    }
    for (const item of items) showOneWaiting(item);
    settle(0);
  }

  function showOneWaiting(waiting) {
    const id = waiting.client_message_id;
    const item = waitingItems.get(id);
    if (item) return showWaiting(item, waiting, actions);
    waitingItems.set(id, waitingItem(waiting, actions));
    following = true; // the reader wrote it, so the reader wants to see it
    return list.append(waitingItems.get(id));
  }

  function settle(live) {
    empty.hidden = !answered || list.childElementCount > 0;
    if (following) return toBottom();
    unseen += live;
    newer.hidden = unseen === 0;
    return setText(newer, `${t("chat.new", { count: unseen })} ↓`);
  }

  /** The server has answered: what it has comes within a moment, else the room is empty. */
  function serverAnswered() {
    answered = true;
    timer ??= setTimeout(flush, GATHER_MS);
  }

  function isAtBottom() {
    return list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_BOTTOM_PX;
  }

  function toBottom() {
    list.scrollTop = list.scrollHeight;
    caughtUp();
  }

  function caughtUp() {
    following = true;
    unseen = 0;
    newer.hidden = true;
  }

  /** Take messages away again that are not to be seen any more. */
  function remove(ids) {
    flush();
    for (const item of [...list.children]) if (ids.has(item.dataset.id)) item.remove();
    settle(0);
  }

  return { append, showWaiting: showWaitingMessages, serverAnswered, flush, remove };
}

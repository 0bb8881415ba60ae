/**
 * One line of the conversation: a message, the name of a day, or a gap.
 */

import { button, el, setText } from "../shell/dom.js";
import { dayName, delay as delayFigure, joined, minus, timeOfDay, timeWithMilliseconds } from "../shell/format.js";
import { t } from "../shell/language.js";

const ADMINISTRATOR = /^(administrator|admin|管理员|teacher|老师|教师)$/i;

export function dayItem(at) {
  return el("li.day", {}, el("span", {}, dayName(at)));
}

export function gapItem({ gap, at }) {
  return el("li.gap", { testid: "gap-notice" },
    el("strong", {}, t("chat.gap")), t("chat.gap.what", { time: timeOfDay(at), detail: gap }));
}

/** A message of the feed. `delay` is null for what is history. */
export function receivedItem({ message, own, delay }) {
  const item = messageItem(message, own);
  receive(item, { message, delay });
  return item;
}

/** Make the item of a message under way the item of its copy from the feed. */
export function receive(item, { message, delay }) {
  item.dataset.id = message.id;
  item.dataset.state = "received";
  item.querySelector(".note").replaceChildren();
  const time = item.querySelector("time");
  time.dateTime = new Date(message.sent_at).toISOString();
  time.title = t("chat.sent-at", { id: message.id, time: timeWithMilliseconds(message.sent_at) });
  setText(time, timeOfDay(message.sent_at));
  const took = item.querySelector(".delay");
  setText(took, delay === null ? "" : delayText(delay));
  took.title = delay === null ? "" : t("chat.delay") + errorText(delay);
}

/** "+" is for a figure: that much after the time beside it. */
function delayText({ ms, errorMs }) {
  const text = joined(delayFigure(ms, errorMs));
  return /^\d/.test(text) ? `+${text}` : text;
}

function errorText({ ms, errorMs }) {
  return errorMs === null ? "" : t("chat.delay.error", { ms: minus(ms.toFixed(1)), error: errorMs.toFixed(1) });
}

/** A message under way; `actions` are `retry(id)` and `discard(id)`. */
export function waitingItem(waiting, actions) {
  const item = messageItem(waiting, true);
  setText(item.querySelector("time"), timeOfDay(waiting.writtenAt));
  showWaiting(item, waiting, actions);
  return item;
}

export function showWaiting(item, waiting, actions) {
  item.dataset.state = waiting.state;
  const note = item.querySelector(".note");
  const text = noteText(waiting);
  if (note.dataset.said === text) return;
  note.dataset.said = text;
  note.replaceChildren(el("span", {}, text), ...choices(waiting, actions));
}

function noteText({ state, note }) {
  if (state === "sent") return t("chat.sent");
  if (state === "failed") return t("chat.not-sent", { reason: note });
  return note ? t("chat.not-sent-yet", { reason: note }) : t("chat.sending");
}

function choices({ state, note, client_message_id: id }, actions) {
  if (state === "sent" || (state === "pending" && !note)) return [];
  const retry = button(state === "failed" ? t("chat.try-again") : t("chat.try-now"), () => actions.retry(id), { class: "quiet" });
  return [retry, button(t("chat.discard"), () => actions.discard(id), { class: "quiet" })];
}

function messageItem({ sender, text, client_message_id: id }, own) {
  const administrator = ADMINISTRATOR.test(sender);
  const classes = [own ? ".own" : "", administrator ? ".administrator" : ""].join("");
  return el(`li.message${classes}`, { data: own && id ? { clientMessageId: id } : {} },
    el("div.meta", {},
      el("bdi.sender", {}, sender),
      administrator ? el("span.role", {}, t("chat.staff")) : null,
      own ? el("span.role", {}, t("chat.you")) : null,
      el("time"),
      el("span.delay")),
    el("p.text", { dir: "auto" }, text),
    el("div.note"));
}

/**
 * The state of the connection: one word, one sentence, and while it is broken a countdown.
 *
 * The word and the sentence are a live region; the countdown is not, or a screen reader would count.
 */

import { button, el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";

const TICK_MS = 200;
const SETTLE_MS = 400; // a state that is over sooner is not announced

export function createStatus(place, { onDisconnect, onReconnect, timers = window }) {
  const word = el("strong.state");
  const detail = el("span.detail");
  const countdown = el("span.countdown");
  const spoken = el("span.offscreen", { role: "status" });
  const disconnect = button(t("status.disconnect"), onDisconnect, { testid: "disconnect" });
  const reconnect = button(t("status.reconnect"), onReconnect, { testid: "reconnect" });
  const element = el("div.status", { testid: "status", data: { state: "empty" } },
    el("span.lamp", { "aria-hidden": "true" }), el("p.words", {}, word, " ", detail, " ", countdown), spoken);
  place.append(el("div.connection", {}, element, el("div.buttons", {}, disconnect, reconnect)));
  let retryAt = null;
  let speaking = null;
  timers.setInterval(count, TICK_MS);

  function show({ state, detail: sentence = "", retryInMs = null }) {
    element.dataset.state = state;
    setText(word, t(`status.${state}`));
    setText(detail, sentence);
    disconnect.disabled = state === "closed" || state === "empty";
    retryAt = retryInMs === null ? null : Date.now() + retryInMs;
    count();
    timers.clearTimeout(speaking);
    speaking = timers.setTimeout(() => setText(spoken, t("status.spoken", { state: t(`status.${state}`), sentence })), SETTLE_MS);
  }

  function count() {
    const left = retryAt === null ? null : Math.max(0, retryAt - Date.now());
    setText(countdown, left === null ? "" : t("status.next-try", { seconds: (left / 1000).toFixed(1) }));
  }

  show({ state: "empty" });
  return { show };
}

/**
 * The buttons of a time window, the switch for the page's own files, and the legend.
 */

import { button, el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";

/**
 * Pause and zoom. Ladders that share a window share these, too.
 *
 * @param {object} timeWindow - what time-window.js made.
 * @param {() => number} now - the server's clock.
 */
export function timeControls(timeWindow, now) {
  const pause = button(t("ladder.pause"), () => (timeWindow.paused ? timeWindow.goOn() : timeWindow.pause(now())), { class: "ladder-pause", testid: "ladder-pause" });
  const out = button("−", () => timeWindow.zoomOut(), { "aria-label": t("ladder.zoom-out"), title: t("ladder.zoom-out.title"), testid: "ladder-zoom-out" });
  const into = button("+", () => timeWindow.zoomIn({ newest: now() }), { "aria-label": t("ladder.zoom-in"), title: t("ladder.zoom-in.title"), testid: "ladder-zoom-in" });
  const span = el("output.ladder-span", { testid: "ladder-span" });
  const show = () => {
    setText(pause, timeWindow.paused ? t("ladder.go-on") : t("ladder.pause"));
    setText(span, `${Number((timeWindow.span / 1000).toPrecision(2))} s`);
  };
  const unsubscribe = timeWindow.subscribe(show);
  show();
  return { element: el("div.ladder-time", {}, pause, el("div.ladder-zoom", {}, out, span, into)), close: unsubscribe };
}

/** @param {(on: boolean) => void} onChange */
export function ownFilesSwitch(onChange) {
  const made = button(t("ladder.own-files"), () => {
    const on = made.getAttribute("aria-pressed") !== "true";
    made.setAttribute("aria-pressed", String(on));
    onChange(on);
  }, { "aria-pressed": "false", testid: "ladder-own-files" });
  return made;
}

const KEYS = ["message", "plain", "empty", "heartbeat", "hold", "stream", "birth"];

export function legend() {
  return el("ul.ladder-legend", { "aria-label": t("ladder.legend") },
    KEYS.map((name) => el("li", {}, el("span.ladder-key", { data: { key: name }, "aria-hidden": "true" }), t(`ladder.key.${name}`))));
}

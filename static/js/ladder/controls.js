/**
 * The buttons of a time window, the switch for the page's own files, and the legend.
 */

import { button, el, setText } from "../shell/dom.js";

/**
 * Pause and zoom. Ladders that share a window share these, too.
 *
 * @param {object} timeWindow - what time-window.js made.
 * @param {() => number} now - the server's clock.
 */
export function timeControls(timeWindow, now) {
  const pause = button("Pause", () => (timeWindow.paused ? timeWindow.goOn() : timeWindow.pause(now())), { class: "ladder-pause", testid: "ladder-pause" });
  const out = button("−", () => timeWindow.zoomOut(), { "aria-label": "Zoom out", title: "More time on the screen", testid: "ladder-zoom-out" });
  const into = button("+", () => timeWindow.zoomIn({ newest: now() }), { "aria-label": "Zoom in", title: "Less time on the screen", testid: "ladder-zoom-in" });
  const span = el("output.ladder-span", { testid: "ladder-span" });
  const show = () => {
    setText(pause, timeWindow.paused ? "Go on" : "Pause");
    setText(span, `${Number((timeWindow.span / 1000).toPrecision(2))} s`);
  };
  const unsubscribe = timeWindow.subscribe(show);
  show();
  return { element: el("div.ladder-time", {}, pause, el("div.ladder-zoom", {}, out, span, into)), close: unsubscribe };
}

/** @param {(on: boolean) => void} onChange */
export function ownFilesSwitch(onChange) {
  const made = button("Page's own files", () => {
    const on = made.getAttribute("aria-pressed") !== "true";
    made.setAttribute("aria-pressed", String(on));
    onChange(on);
  }, { "aria-pressed": "false", testid: "ladder-own-files" });
  return made;
}

const KEYS = [
  ["message", "Message"],
  ["plain", "Request, other answer"],
  ["empty", "Empty answer"],
  ["heartbeat", "Heartbeat"],
  ["hold", "Held request"],
  ["stream", "Open stream"],
  ["birth", "Birth of a message, and its wait"],
];

export function legend() {
  return el("ul.ladder-legend", { "aria-label": "Legend" },
    KEYS.map(([name, words]) => el("li", {}, el("span.ladder-key", { data: { key: name }, "aria-hidden": "true" }), words)));
}

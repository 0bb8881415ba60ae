/**
 * The ladder diagram: the client's line left, the server's right, time running down. What crosses is an arrow whose
 * slope is its transit, so that one sees what each technique does with its time: the comb of empty answers of short
 * polling, the held requests of long polling and the gaps between them, the single arrows of the streams.
 */

import { onAppearance } from "../shell/appearance.js";
import { el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { legend, ownFilesSwitch, timeControls } from "./controls.js";
import { listenToGestures } from "./gestures.js";
import { nearestArrow } from "./layout.js";
import { createLoop } from "./loop.js";
import { createPlot } from "./plot.js";
import { createSelection } from "./selection.js";
import { createTimeWindow } from "./time-window.js";
import { createTimeline } from "./timeline.js";

export { timeControls } from "./controls.js";
export { createTimeWindow } from "./time-window.js";

/**
 * @param {HTMLElement} place
 * @param {object} options
 * @param {object} options.store - what lab/traffic-store.js made.
 * @param {string | null} options.accent - the technique it is about.
 * @param {(unit: object) => void} options.onPick - a unit was chosen.
 * @param {(unit: object) => boolean} options.show - which units are drawn, besides the page's own files when asked for.
 * @param {boolean} options.compact - narrow, without words and controls.
 * @param {boolean} options.axis - whether the times stand at the left.
 * @param {boolean} options.seldom - it is drawn twice a second only: something is measured beside it.
 * @param {object} options.window - a time window shared with other ladders.
 * @returns {{select: (key: string) => void, pause: () => void, close: () => void}}
 */
export function createLadder(place, {
  store, accent = null, onPick = () => {}, show = (unit) => unit.technique !== "page", title = t("lab.ladder.label"),
  compact = false, axis = !compact, window: timeWindow = createTimeWindow(), seldom = false,
}) {
  const timeline = createTimeline();
  let ownFiles = false;
  let hasShown = false;
  const isShown = (unit) => show(unit) || (ownFiles && unit.technique === "page");

  const canvas = el("canvas", { tabindex: "0", role: "application", "aria-label": title, "aria-description": t("ladder.hint"), testid: "ladder-canvas" });
  const voice = el("p.offscreen", { role: "status", testid: "ladder-voice" });
  const nothing = el("p", { testid: "ladder-nothing" });
  const controls = compact ? null : timeControls(timeWindow, store.now);
  const files = compact ? null : ownFilesSwitch((on) => {
    ownFiles = on;
    changed();
  });
  const root = el("section.ladder", { "aria-label": title, data: { compact: String(compact), axis: String(axis), accent: accent ?? "" } },
    el("header.ladder-head", {}, el("h2", {}, title), controls && el("div.ladder-controls", {}, controls.element, files)),
    el("div.ladder-plot", {}, canvas, el("div.ladder-nothing", {}, nothing)),
    compact ? null : legend(), voice);
  place.append(root);

  const plot = createPlot(canvas, { timeline, store, timeWindow, isShown, compact, axis, onResize: () => loop.request(), onPalette: showInLegend });
  const loop = createLoop({ canvas, isLive: () => !timeWindow.paused, paint, seldom });
  const selection = createSelection({ timeline, store, timeWindow, isShown, onChange: () => changed(), say: (words) => voice.replaceChildren(words) });

  function paint() {
    plot.paint({ selected: selection.key, isEmpty: timeline.units.length === 0 });
  }

  /** The legend has the very colour that is on the canvas. */
  function showInLegend(palette) {
    root.style.setProperty("--ladder-ink", palette[accent] ?? palette.text);
  }

  function changed({ canWait = false } = {}) {
    hasShown ||= timeline.units.some(isShown);
    nothing.parentElement.hidden = hasShown;
    if (!hasShown) setText(nothing, timeline.units.length === 0 ? t("ladder.nothing") : t("ladder.nothing-else"));
    plot.invalidate();
    loop.request({ canWait });
  }

  function take({ units, connections }) {
    for (const unit of units) timeline.add(unit);
    for (const connection of connections) timeline.tell(connection);
    timeline.trim(timeWindow.paused);
    changed({ canWait: true });
  }

  function onWindow() {
    root.dataset.paused = String(timeWindow.paused);
    plot.invalidate();
    loop.update();
  }

  const bounds = () => ({ oldest: timeline.units[0]?.sent_at ?? store.now(), newest: store.now() });
  const scrollBy = (ms) => timeWindow.lookAt(timeWindow.end(store.now()) + ms, bounds());
  const zoomOptions = () => ({ newest: store.now() });

  listenToGestures(canvas, {
    isPaused: () => timeWindow.paused,
    pick(x, y) {
      const arrow = nearestArrow(plot.arrows, x, y);
      if (!arrow) return;
      selection.choose(arrow.unit);
      onPick(arrow.unit);
    },
    scrollBy: (px) => scrollBy(px / plot.pxPerMs),
    zoomBy: (factor, y) => timeWindow.zoomTo(timeWindow.span * factor, { around: plot.momentAt(y), ...zoomOptions() }),
    move: selection.move,
    enter: () => selection.unit && onPick(selection.unit),
    goLive() {
      selection.clear();
      timeWindow.goOn();
    },
    togglePause: () => (timeWindow.paused ? timeWindow.goOn() : timeWindow.pause(store.now())),
    zoomIn: () => timeWindow.zoomIn(zoomOptions()),
    zoomOut: () => timeWindow.zoomOut(zoomOptions()),
    page: (screens) => scrollBy(screens * timeWindow.span),
    toEnd: (which) => timeWindow.lookAt(which === "oldest" ? -Infinity : Infinity, bounds()),
  });

  const leave = [store.subscribe(take), timeWindow.subscribe(onWindow)];
  let isClosed = false;
  onAppearance(() => {
    if (isClosed) return;
    plot.forgetAppearance();
    loop.request();
  });
  take({ units: store.units, connections: [...store.connections.values()] });
  onWindow();

  return {
    select: selection.select,
    pause: () => timeWindow.pause(store.now()),
    close() {
      isClosed = true;
      for (const each of leave) each();
      controls?.close();
      loop.close();
      plot.close();
      root.remove();
    },
  };
}

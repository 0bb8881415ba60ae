/**
 * The ladders of a bench's lanes side by side, on one time axis: how each goes about it, live. They are drawn seldom, for
 * the frames share the page's time, and what the page draws meanwhile makes messages late.
 */

import { createLadder } from "../../ladder/ladder.js";
import { createTimeWindow, SPANS_MS } from "../../ladder/time-window.js";
import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";

/**
 * @param {HTMLElement} place
 * @param {number} spanMs - how much time is to be seen, about.
 * @returns `show(results)`: makes them when the lanes are there, and lets them stand when the run is over.
 */
export function createLadders(place, spanMs) {
  const timeWindow = createTimeWindow({ spanMs: SPANS_MS.find((each) => each >= spanMs) ?? SPANS_MS.at(-1) });
  const row = el("div.ladders");
  const drawn = new Map(); // store -> its ladder
  place.append(row);

  function draw({ label, technique, store }) {
    const at = el("div.lane-ladder");
    row.append(el("figure.ladder-figure", { data: { accent: technique } }, el("figcaption", {}, label), at));
    return createLadder(at, { store, accent: technique, compact: true, seldom: true, window: timeWindow, title: t("labs.picture.ladder", { name: label }) });
  }

  return {
    show({ state, lanes }) {
      for (const lane of lanes) if (!drawn.has(lane.store)) drawn.set(lane.store, draw(lane));
      if (["done", "stopped"].includes(state) && !timeWindow.paused) timeWindow.pause(lanes[0]?.store.now() ?? 0);
    },
  };
}

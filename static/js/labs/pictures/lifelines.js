/**
 * The TCP connections of each lane over time, each a bar from its opening to its end, with a mark for each request.
 */

import { svg } from "../../class/svg.js";
import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { figureText } from "../words.js";

const [WIDTH, HEIGHT] = [1000, 100];
const STEPS = 5; // heights that follow one another, so that a connection is told from the next
const TICKS = 6;

/**
 * @param {HTMLElement} place
 * @param {object} options
 * @param {string} options.title
 * @param {number} options.seconds - how long the axis is, from the run's beginning.
 * @param {(lane: object, startedAt: number) => object[]} options.connectionsOf - which of a lane's are shown.
 * @returns `show(results)`
 */
export function createLifelines(place, { title, seconds, connectionsOf }) {
  const rows = new Map(); // key of a lane -> where its connections are drawn, and their count
  const list = el("div.lifelines", { role: "group", "aria-label": title });
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => `${figureText((index * seconds) / TICKS)} s`);
  place.append(el("h3", {}, title), list, el("div.lifeline-axis", { "aria-hidden": "true" }, ticks.map((text) => el("span", {}, text))));

  function rowOf({ key, label, technique }) {
    if (!rows.has(key)) {
      const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
      const count = el("span.lifeline-count");
      list.append(el("div.lifeline", { testid: `lifeline-${key}`, data: { accent: technique } }, el("p.lifeline-name", {}, el("strong", {}, label), " ", count), drawing));
      rows.set(key, { drawing, count });
    }
    return rows.get(key);
  }

  return {
    show({ lanes, startedAt, state }) {
      if (startedAt === null) return;
      const at = (time) => Math.min(WIDTH, Math.max(0, (WIDTH * (time - startedAt)) / (1000 * seconds)));
      for (const lane of lanes) {
        const { drawing, count } = rowOf(lane);
        const connections = connectionsOf(lane, startedAt);
        count.textContent = t("labs.picture.connections", { count: connections.length });
        if (["done", "stopped"].includes(state) && drawing.childElementCount > 0) continue; // what ends now ends with the run
        drawing.replaceChildren(
          ...connections.map((each, index) => barOf(each, index, at, lane.store.now())),
          ...requestsOf(lane, startedAt, seconds).map((time) => svg("line", { x1: at(time), x2: at(time), y1: 0, y2: HEIGHT, class: "lifeline-request" })));
      }
    },
  };
}

function barOf({ opened_at: from, closed_at: to }, index, at, now) {
  const height = HEIGHT / STEPS;
  const left = at(from);
  return svg("rect", { x: left, y: (index % STEPS) * height + height / 6, width: Math.max(1, at(to ?? now) - left), height: (2 * height) / 3, class: "lifeline-bar" });
}

function requestsOf({ store, technique }, startedAt, seconds) {
  return store.units
    .filter((unit) => unit.kind === "request" && unit.technique === technique && unit.sent_at < startedAt + 1000 * seconds)
    .map((unit) => unit.sent_at);
}

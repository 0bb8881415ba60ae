/**
 * The state of each lane's connection over time, as its own page takes it to be, and a line for each message that came.
 */

import { svg } from "../../class/svg.js";
import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { figureText } from "../words.js";

const [WIDTH, HEIGHT] = [1000, 100];
const [BAR_TOP, BAR_HEIGHT] = [60, 30]; // of the state; the messages' lines are above
const TICKS = 7;

/**
 * @param {HTMLElement} place
 * @param {object} options
 * @param {string} options.title
 * @param {number} options.seconds - how long the axis is, from the run's beginning.
 * @param {{from: number, to: number, isFor: (lane: object) => boolean}} options.shaded - seconds, and the lanes.
 * @returns `show(results)`
 */
export function createStateLines(place, { title, seconds, shaded }) {
  const rows = new Map(); // key of a lane -> where it is drawn, and its state in a word
  const list = el("div.lifelines", { role: "group", "aria-label": title });
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => `${figureText((index * seconds) / TICKS)} s`);
  place.append(el("h3", {}, title), list, el("div.lifeline-axis", { "aria-hidden": "true" }, ticks.map((text) => el("span", {}, text))));

  function rowOf({ key, label, technique }) {
    if (!rows.has(key)) {
      const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
      const word = el("span.lifeline-count");
      list.append(el("div.lifeline", { testid: `states-${key}`, data: { accent: technique } }, el("p.lifeline-name", {}, el("strong", {}, label), " ", word), drawing));
      rows.set(key, { drawing, word });
    }
    return rows.get(key);
  }

  return {
    show({ lanes, startedAt, state, seconds: now }) {
      if (startedAt === null) return;
      const at = (time) => Math.min(WIDTH, Math.max(0, (WIDTH * (time - startedAt)) / (1000 * seconds)));
      const until = startedAt + 1000 * now;
      for (const lane of lanes) {
        const { drawing, word } = rowOf(lane);
        const isOver = ["done", "stopped"].includes(state);
        word.textContent = isOver ? "" : t(`status.${lane.state}`);
        if (isOver && drawing.childElementCount > 0) continue; // what ends now ends with the run
        drawing.replaceChildren(...[
          shaded.isFor(lane) && svg("rect", { x: (WIDTH * shaded.from) / seconds, width: (WIDTH * (shaded.to - shaded.from)) / seconds, y: 0, height: HEIGHT, class: "lifeline-gone" }),
          ...openStretches(lane.states, until).map(([from, to]) =>
            svg("rect", { x: at(from), width: Math.max(0, at(to) - at(from)), y: BAR_TOP, height: BAR_HEIGHT, class: "lifeline-bar" })),
          ...lane.delays.map((each) => svg("line", { x1: at(each.at), x2: at(each.at), y1: 0, y2: BAR_TOP - 10, class: "lifeline-request" })),
        ].filter(Boolean));
      }
    },
  };
}

/** Where the page took its connection to be open: `[from, to]`, of states in their order. */
export function openStretches(states, until) {
  return states.flatMap(({ at, state }, index) => (state === "open" ? [[at, states[index + 1]?.at ?? until]] : []));
}

/** Lines over powers of ten, drawn at the size of their place, so that words keep theirs; rings where lines cross. */

import { svg } from "../../class/svg.js";
import { MARKS } from "../../compare/marks.js";
import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { figureText } from "../words.js";

const HEIGHT_REM = 15;
const ROOM_REM = { left: 4.75, right: 0.75, top: 2, bottom: 1.75 };
const DECADES_MOST = 8; // below the highest: what costs less is at the edge
const NEAR = 20; // times the highest: so near a limit is shown
const APART_REM = 3.25; // of two figures at the x axis

export function createLogChart(title) {
  const element = el("div.log-chart", { role: "img", "aria-label": title });
  let shown = null;

  function draw() {
    if (shown === null || element.clientWidth === 0) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    element.replaceChildren(drawing(shown, element.clientWidth, rem));
  }

  new ResizeObserver(draw).observe(element);
  return {
    element,
    show(news) {
      shown = news;
      draw();
    },
  };
}

function drawing({ from, to, at, limit, lines, rings, unit }, width, rem) {
  const height = HEIGHT_REM * rem;
  const box = { left: ROOM_REM.left * rem, right: width - ROOM_REM.right * rem, top: ROOM_REM.top * rem, bottom: height - ROOM_REM.bottom * rem };
  const [low, high] = range(lines, limit);
  const scaleX = (x) => box.left + (Math.log(x / from) / Math.log(to / from)) * (box.right - box.left);
  const scaleY = (y) => box.bottom - (Math.log(Math.max(y, low) / low) / Math.log(high / low)) * (box.bottom - box.top);
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    svg("text", { x: 0, y: 0.8 * rem, class: "log-unit" }, unit),
    grid({ from, to, low, high, box, rem, scaleX, scaleY }),
    svg("line", { x1: scaleX(at), x2: scaleX(at), y1: box.top, y2: box.bottom, class: "log-here" }),
    label(scaleX(at), box.top - 0.3 * rem, t("lab.choose.here"), "log-label", scaleX(at) > (box.left + box.right) / 2 ? "end" : "start"),
    isWithin(limit, low, high) && [
      svg("line", { x1: box.left, x2: box.right, y1: scaleY(limit.value), y2: scaleY(limit.value), class: "log-limit" }),
      label(box.left + 0.3 * rem, scaleY(limit.value) - 0.3 * rem, limit.label, "log-label", "start"),
    ],
    lines.map(({ name, points }) => svg("polyline", {
      points: points.filter(({ y }) => y > 0).map(({ x, y }) => `${scaleX(x).toFixed(1)},${scaleY(y).toFixed(1)}`).join(" "),
      class: "log-line", "data-accent": name, "stroke-dasharray": MARKS[name].dash.join(" "),
    })),
    rings.filter(({ y }) => y > 0).map(({ x, y }) => svg("circle", { cx: scaleX(x), cy: scaleY(y), r: 0.4 * rem, class: "log-ring" })));
}

function isWithin(limit, low, high) {
  return limit !== null && limit.value >= low && limit.value <= high;
}

/** Whole decades around all lines, and the limit where it is near. */
function range(lines, limit) {
  const all = lines.flatMap(({ points }) => points.map(({ y }) => y)).filter((y) => y > 0);
  if (all.length === 0) return [0.1, 10];
  const most = Math.max(...all);
  const isNear = limit !== null && limit.value > most && limit.value < NEAR * most;
  const top = 10 ** Math.ceil(Math.log10(isNear ? limit.value : most) + 1e-9);
  const least = 10 ** Math.floor(Math.log10(Math.min(...all)));
  return [Math.max(least, top / 10 ** DECADES_MOST), Math.max(top, 10 * least)];
}

function grid({ from, to, low, high, box, rem, scaleX, scaleY }) {
  const ys = decades(low, high);
  const xs = decades(from, to);
  const each = Math.max(1, Math.ceil((APART_REM * rem * xs.length) / (box.right - box.left)));
  return svg("g", { class: "log-grid" },
    ys.flatMap((y) => [
      svg("line", { x1: box.left, x2: box.right, y1: scaleY(y), y2: scaleY(y) }),
      label(box.left - 0.4 * rem, scaleY(y) + 0.3 * rem, figureText(y, 6), "log-label", "end"),
    ]),
    xs.flatMap((x, index) => [
      svg("line", { x1: scaleX(x), x2: scaleX(x), y1: box.top, y2: box.bottom }),
      index % each === 0 && label(scaleX(x), box.bottom + 1.2 * rem, figureText(x, 6), "log-label", scaleX(x) > box.right - 1.5 * rem ? "end" : "middle"),
    ]));
}

function decades(low, high) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
}

function label(x, y, text, className, anchor) {
  return svg("text", { x, y, class: className, "text-anchor": anchor }, text);
}

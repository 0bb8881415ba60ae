/**
 * Theory as a curve over what was set, and what was measured as points beside it, each with its error.
 */

import { createChart } from "../../compare/chart.js";
import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { svg } from "../../class/svg.js";
import { figureText } from "../words.js";

const STEPS = 160; // of a curve
const POINT_REM = 0.3;
const ROOM_ABOVE = 1.12;
const DASHES = [[], [7, 4], [2, 3]];
const SHAPES = [circle, diamond, square];

/**
 * @param {HTMLElement} place
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.accent - the technique whose colour the points have.
 * @param {{label: string, unit: string, most: number}} options.x - the axis: from 0 to `most`.
 * @param {{unit: string, digits?: number, most?: number}} options.y
 * @param {{label: string, of: (x: number) => number}[]} options.curves - up to three; theory's value at x.
 * @returns `show(points)`: for each curve, in its order, a list of `{ x, y, error }`, y null where nothing was measured.
 */
export function createCurve(place, { title, accent, x, y, curves }) {
  const xs = Array.from({ length: STEPS + 1 }, (_, index) => (x.most * index) / STEPS);
  const theory = curves.map(({ of }) => xs.map((each) => of(each)));
  let points = curves.map(() => []);
  const element = el("section.curve", { "aria-label": title });
  const spoken = el("p.offscreen");
  const chart = createChart(element, {
    title, empty: "", describe: options,
    legend: curves.map(({ label }, index) => el("li", { data: { accent } }, keyOf(index), label)),
  });
  element.append(el("p.hint.axis-name", {}, t("labs.picture.over", { what: x.label, unit: x.unit })), spoken);
  place.append(element);
  chart.show([xs, ...theory]);

  function options({ rem, color, axis }) {
    const number = (digits) => (_, ticks) => ticks.map((tick) => figureText(tick, digits));
    return {
      scales: {
        x: { time: false, range: [0, x.most] },
        y: { range: () => [0, top()] },
      },
      axes: [
        { ...axis, values: number(2) },
        { ...axis, size: 4.5 * rem, space: 2 * rem, values: (_, ticks) => ticks.map((tick) => `${figureText(tick, 2)} ${y.unit}`.trim()) },
      ],
      series: [{}, ...curves.map((_, index) => ({ stroke: color("--text"), width: 0.1 * rem, dash: DASHES[index], points: { show: false } }))],
      hooks: { draw: [(plot) => drawPoints(plot, { points, fill: color(`--${accent}`), edge: color("--text"), radius: POINT_REM * rem * devicePixelRatio })] },
    };
  }

  function top() {
    const measured = points.flat().filter(({ y: value }) => value !== null).map(({ y: value, error }) => value + (error ?? 0));
    const most = Math.max(...theory.flat(), ...measured);
    return y.most === undefined ? ROOM_ABOVE * most : Math.max(y.most, most);
  }

  function show(news) {
    points = news;
    chart.show([xs, ...theory]);
    spoken.textContent = t("labs.picture.points", { points: words() });
  }

  function words() {
    return curves.flatMap(({ label }, index) => points[index].filter((point) => point.y !== null).map((point) =>
      `${label}: ${figureText(point.x, 2)} ${x.unit}, ${figureText(point.y, y.digits ?? 0)} ${y.unit}`)).join("; ");
  }

  return { show };
}

function drawPoints(plot, { points, fill, edge, radius }) {
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = edge;
  ctx.fillStyle = fill;
  ctx.lineWidth = Math.max(1, radius / 4);
  points.forEach((list, index) => list.filter(({ y }) => y !== null).forEach(({ x, y, error }) => {
    const [atX, atY] = [plot.valToPos(x, "x", true), plot.valToPos(y, "y", true)];
    if (error) drawError(plot, atX, y, error, radius);
    ctx.beginPath();
    SHAPES[index](ctx, atX, atY, radius);
    ctx.fill();
    ctx.stroke();
  }));
  ctx.restore();
}

function drawError({ ctx, valToPos }, x, y, error, radius) {
  const [high, low] = [valToPos(y + error, "y", true), valToPos(Math.max(0, y - error), "y", true)];
  ctx.beginPath();
  ctx.moveTo(x, high);
  ctx.lineTo(x, low);
  for (const end of [high, low]) {
    ctx.moveTo(x - radius, end);
    ctx.lineTo(x + radius, end);
  }
  ctx.stroke();
}

function circle(path, x, y, radius) {
  path.arc(x, y, radius, 0, 2 * Math.PI);
}

function diamond(path, x, y, radius) {
  polygon(path, [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]].map(([dx, dy]) => [x + dx * radius, y + dy * radius]));
}

function square(path, x, y, radius) {
  path.rect(x - radius, y - radius, 2 * radius, 2 * radius);
}

function polygon(path, corners) {
  corners.forEach(([x, y], index) => path[index === 0 ? "moveTo" : "lineTo"](x, y));
  path.closePath();
}

/** A piece of the curve with a point on it. */
function keyOf(index) {
  const shapes = [
    svg("circle", { cx: 16, cy: 6, r: 4 }),
    svg("polygon", { points: "16,0.5 21.5,6 16,11.5 10.5,6" }),
    svg("rect", { x: 12, y: 2, width: 8, height: 8 }),
  ];
  return svg("svg", { viewBox: "0 0 32 12", class: "curve-key", "aria-hidden": "true" },
    svg("line", { x1: 0, y1: 6, x2: 32, y2: 6, "stroke-dasharray": DASHES[index].join(" ") }), shapes[index]);
}

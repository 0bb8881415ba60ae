/**
 * The delay of each of the last messages, by each technique: a point each, of the technique's colour and shape.
 */

import { button } from "../shell/dom.js";
import { minus } from "../shell/format.js";
import { t } from "../shell/language.js";
import { TECHNIQUES } from "../techniques.js";
import { createChart } from "./chart.js";
import { MARKS, tracePoint } from "./marks.js";

const LEAST_MESSAGES = 20;
const LEAST_TOP_MS = 10;
const LOG_FROM_MS = 0.1; // clocks are not compared any better
const POINT_REM = 0.2;

export function createDelayChart(place) {
  let isLog = false;
  const control = button(t("compare.log"), () => {
    isLog = !isLog;
    control.setAttribute("aria-pressed", String(isLog));
    chart.rebuild();
  }, { "aria-pressed": "false", class: "quiet", testid: "delay-log" });
  const chart = createChart(place, {
    title: t("compare.delays.title"), empty: t("compare.delays.empty"), kind: "point", control,
    describe: (look) => describe(look, isLog),
  });
  return chart;
}

/** Nine lines between powers of ten would be a fence. */
function powersOfTen(_, values) {
  return values.map((each) => (Number.isInteger(Number(Math.log10(each).toFixed(6))) ? each : null));
}

function describe({ rem, color, axis }, isLog) {
  const grid = isLog ? { ...axis.grid, filter: powersOfTen } : axis.grid;
  const top = (high) => 1.1 * Math.max(LEAST_TOP_MS, high ?? 0);
  const linear = { range: (_, low, high) => [Math.min(0, low ?? 0), top(high)] };
  const logarithmic = { distr: 3, range: (_, low, high) => [LOG_FROM_MS, 10 ** Math.ceil(Math.log10(top(high)))] };
  return {
    scales: {
      x: { time: false, range: (_, from, to) => [(from ?? 1) - 1, Math.max((from ?? 0) + LEAST_MESSAGES, to ?? 0) + 1] },
      y: isLog ? logarithmic : linear,
    },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? String(tick) : "")) },
      { ...axis, grid, size: 5 * rem, space: 2 * rem, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : `${minus(tick)} ms`)) },
    ],
    series: [{}, ...TECHNIQUES.map(() => ({ paths: () => null, points: { show: false } }))],
    hooks: { draw: [(plot) => drawPoints(plot, color, POINT_REM * rem * devicePixelRatio, isLog)] },
  };
}

function drawPoints(plot, color, radius, isLog) {
  const [numbers, ...delays] = plot.data;
  plot.ctx.save();
  plot.ctx.beginPath();
  plot.ctx.rect(plot.bbox.left, plot.bbox.top - radius, plot.bbox.width, plot.bbox.height + 2 * radius);
  plot.ctx.clip();
  const stepPx = Math.abs(plot.valToPos(1, "x", true) - plot.valToPos(0, "x", true));
  const besidePx = Math.min(2.2 * radius, stepPx / (TECHNIQUES.length + 1)); // a message's points stand side by side, where there is room
  TECHNIQUES.forEach(({ name }, index) => {
    const aside = (index - (TECHNIQUES.length - 1) / 2) * besidePx;
    plot.ctx.fillStyle = color(`--${name}`);
    plot.ctx.beginPath();
    delays[index].forEach((ms, at) => {
      if (ms === null) return;
      const y = plot.valToPos(isLog ? Math.max(LOG_FROM_MS, ms) : ms, "y", true);
      tracePoint(plot.ctx, MARKS[name], plot.valToPos(numbers[at], "x", true) + aside, y, radius);
    });
    plot.ctx.fill();
  });
  plot.ctx.restore();
}

/**
 * The delay of the last live messages, one point each, with the median as a line.
 */

import { onAppearance } from "../shell/appearance.js";
import { address } from "../shell/base.js";
import { el, setText } from "../shell/dom.js";
import { delay, joined, minus } from "../shell/format.js";
import { t } from "../shell/language.js";
import { summarize } from "./delays.js";

const SHOWN_SAMPLES = 100;
const PAINT_EVERY_MS = 250;
const LOWEST_TOP_MS = 5; // so that a quiet loopback does not look like a mountain range
const POINT_REM = 0.4;

/**
 * @param {object} delays - what delays.js made.
 * @param {() => string} note - the sentence below.
 */
export async function createDelayChart(place, { delays, note, accent }) {
  const canvas = el("div.chart", { role: "img", "aria-label": t("delays.label"), testid: "delay-chart" });
  const legend = el("span.hint.legend", {}, el("span.key", { "aria-hidden": "true" }), t("delays.median"));
  const axis = el("span.since", {}, t("delays.axis"));
  const caption = el("p.hint.chart-note");
  place.append(el("h2", {}, t("delays.title"), axis, legend), canvas, caption);
  const load = await import(address("static/vendor/uPlot.esm.js")).catch(() => null);
  let chart = null;
  let painted = "";

  /** Without a message there is no scale either. */
  function build() {
    const isEmpty = delays.all().length === 0;
    chart?.destroy();
    chart = null;
    legend.hidden = axis.hidden = isEmpty || !load;
    canvas.classList.toggle("none-yet", isEmpty);
    if (isEmpty && load) canvas.replaceChildren(t("delays.none"));
    else canvas.replaceChildren();
    if (load && !isEmpty) chart = new load.default(options(canvas, accent), [[], [], []], canvas);
    painted = "";
    paint();
  }

  function paint() {
    setText(caption, load ? note() : t("text.sentences", { first: note(), second: t("delays.no-chart") }));
    const shown = delays.all().slice(-SHOWN_SAMPLES);
    const state = `${shown.length} ${shown[0]} ${shown.at(-1)}`;
    if (canvas.classList.contains("none-yet") !== (shown.length === 0)) {
      build();
      return;
    }
    if (state === painted) return;
    painted = state;
    const { samples, median, max } = summarize(shown);
    chart?.setData([shown.map((_, index) => index + 1), shown, shown.map(() => median)]);
    canvas.setAttribute("aria-label", samples === 0 ? t("delays.none.label")
      : t("delays.summary", { samples, median: joined(delay(median, delays.errorMs)), max: joined(delay(max, delays.errorMs)) }));
  }

  build();
  onAppearance(build);
  new ResizeObserver(() => chart?.setSize(size(canvas))).observe(canvas);
  setInterval(paint, PAINT_EVERY_MS);
}

function size(canvas) {
  return { width: Math.max(canvas.clientWidth, 80), height: Math.max(canvas.clientHeight, 60) };
}

function options(canvas, accent) {
  const style = getComputedStyle(document.documentElement);
  const rem = parseFloat(style.fontSize);
  const color = (name) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color("--muted"), font: `${0.75 * rem}px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: color("--rule"), width: 1 }, ticks: { show: false },
  };
  return {
    ...size(canvas),
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: (_, from, to) => [0, Math.max(20, to ?? 0) + 1] },
      y: { range: (_, low, high) => [Math.min(0, low ?? 0), 1.15 * Math.max(LOWEST_TOP_MS, high ?? 0)] },
    },
    axes: [
      { ...axis, show: false },
      { ...axis, size: 3.6 * rem, space: 1.8 * rem, values: (_, ticks) => ticks.map((tick) => `${minus(tick)} ms`) },
    ],
    series: [
      {},
      { paths: () => null, points: { stroke: color(`--${accent}`), show: true, size: POINT_REM * rem, fill: color(`--${accent}`) } },
      { stroke: color("--muted"), width: 1, dash: [4, 4], points: { show: false } },
    ],
  };
}

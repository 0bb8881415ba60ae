/**
 * What all charts share: uPlot, in the page's colours and type, with a legend that does without colour as well.
 */

import { onAppearance } from "../shell/appearance.js";
import { address } from "../shell/base.js";
import { el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { TECHNIQUES } from "../techniques.js";
import { markKey } from "./marks.js";

const library = import(address("static/vendor/uPlot.esm.js")).catch(() => null);

/**
 * @param {HTMLElement} place
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.empty - what is said before there is anything to show.
 * @param {"line" | "point"} [options.kind] - of the techniques' marks in the legend.
 * @param {(look: object) => object} options.describe - uPlot's options: `look` has `color(name)`, `rem` and `axis`.
 * @param {HTMLElement | null} [options.control]
 * @param {HTMLElement[]} [options.legend] - its entries, where they are not the five techniques.
 * @returns `show(columns)` and `rebuild()`.
 */
export function createChart(place, { title, empty, kind, describe, control = null, legend = techniqueLegend(kind) }) {
  const canvas = el("div.plot", { role: "img", "aria-label": title });
  const nothing = el("p.hint.nothing-yet", {}, empty);
  place.append(
    el("div.chart-head", {}, el("h2", {}, title), control),
    el("div.plot-place", {}, canvas, nothing),
    el("ul.chart-legend", {}, legend));
  let uPlot = null;
  let chart = null;
  let columns = null;

  library.then((loaded) => {
    if (loaded === null) setText(nothing, t("delays.no-chart"));
    uPlot = loaded?.default ?? null;
    rebuild();
  });

  function rebuild() {
    chart?.destroy();
    chart = null;
    const isEmpty = columns === null || columns[0].length === 0;
    nothing.hidden = uPlot !== null && !isEmpty;
    if (uPlot !== null && !isEmpty) chart = new uPlot({ ...size(canvas), ...COMMON, ...describe(look()) }, columns, canvas);
  }

  function show(shown) {
    columns = shown;
    if ((chart === null) !== (shown[0].length === 0)) rebuild();
    else chart?.setData(shown);
  }

  onAppearance(rebuild);
  new ResizeObserver(() => chart?.setSize(size(canvas))).observe(canvas);
  return { show, rebuild };
}

function techniqueLegend(kind) {
  return TECHNIQUES.map(({ name, label }) => el("li", { data: { accent: name } }, markKey(name, kind), label));
}

const COMMON = { legend: { show: false }, cursor: { show: false } };

function size(canvas) {
  return { width: Math.max(canvas.clientWidth, 80), height: Math.max(canvas.clientHeight, 60) };
}

function look() {
  const style = getComputedStyle(document.documentElement);
  const rem = parseFloat(style.fontSize);
  const color = (name) => style.getPropertyValue(name).trim();
  const font = `${0.8125 * rem}px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: color("--muted"), font, grid: { stroke: color("--rule"), width: 1 }, ticks: { show: false }, size: 2.25 * rem, gap: 0.375 * rem };
  return { rem, color, axis };
}

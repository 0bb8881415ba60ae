/**
 * How delays are spread, technique by technique, on one logarithmic scale: a histogram in each row, with a solid line at
 * the median, a dashed one at the 95th percentile and a dotted one where theory has the mean.
 *
 * A table, so that who cannot see the pictures has the same figures; sizes are in em, so that the place decides how big.
 */

import { el } from "../shell/dom.js";
import { count } from "../shell/format.js";
import { t } from "../shell/language.js";
import { delayText } from "./figures.js";
import { bars, decadesAround, decadeTicks, logScale, spread } from "./scales.js";
import { stretched, svg, upright } from "./svg.js";

const COLUMNS = 5;
const MOST_LABELS = 5; // more stand on each other where it is narrow

/**
 * @returns `element` and `show({ rows, simulated, stretch })`. A row is `{ key, label, accent, figures, theoryMs? }`;
 *   `figures` as the class's state has them, those of simulated phones without a histogram.
 */
export function createDistribution() {
  const body = el("tbody");
  const axis = el("div.axis", { "aria-hidden": "true" });
  const theoryHead = el("span.key-item", { hidden: true }, keyLine("theory"), t("pictures.theory"));
  const element = el("table.distribution", { testid: "distribution" },
    el("thead", {}, el("tr", {},
      el("th.name", { scope: "col" }, t("pictures.technique")),
      el("td.picture", {}, theoryHead),
      el("th", { scope: "col" }, keyLine("median"), t("pictures.median")),
      el("th", { scope: "col" }, keyLine("p95"), t("pictures.p95")),
      el("th", { scope: "col" }, t("pictures.samples")))),
    body,
    el("tfoot", {}, el("tr", {}, el("td"), el("td.picture", {}, axis), el("td", { colspan: "3" }))));
  let range = null;
  let stretch = null;

  function show({ rows, simulated = [], stretch: now = null }) {
    if (now !== stretch) range = null; // other figures: another picture
    stretch = now;
    range = decadesAround([...rows, ...simulated].flatMap(extremes), range);
    const scale = logScale(range);
    const ticks = decadeTicks(range);
    theoryHead.hidden = rows.every((row) => row.theoryMs === null || row.theoryMs === undefined);
    body.replaceChildren(
      ...rows.map((row) => rowOf(row, scale, ticks)),
      ...(simulated.length ? [headingRow(t("pictures.simulated")), ...simulated.map((row) => rowOf(row, scale, ticks, true))] : []));
    const every = Math.ceil(ticks.length / MOST_LABELS);
    axis.replaceChildren(...ticks.filter((tick, index) => index % every === 0).map((tick) => tickLabel(tick, scale(tick.ms))));
  }

  return { element, show };
}

function extremes({ figures, theoryMs }) {
  const span = figures.histogram ? spread(figures.histogram) : null;
  return [...(span ?? [figures.median, figures.max]), theoryMs].filter((ms) => ms !== null && ms !== undefined);
}

function rowOf({ key, label, accent, figures, theoryMs = null }, scale, ticks, isSimulated = false) {
  const { samples, median, p95, clock_error_ms: errorMs = null } = figures;
  const name = isSimulated ? [label, " ", el("span.tag", {}, t("pictures.simulated-short"))] : [label];
  return el("tr", { data: { accent: accent ?? "", row: isSimulated ? `simulated-${key}` : key, simulated: String(isSimulated) } },
    el("th.name", { scope: "row" }, name),
    el("td.picture", {}, strip(figures, scale, ticks, theoryMs),
      theoryMs === null ? null : el("span.offscreen", {}, t("pictures.theory-is", { delay: delayText(theoryMs) }))),
    el("td.figure.strong", { data: { figure: "median" } }, delayText(median, errorMs)),
    el("td.figure", { data: { figure: "p95" } }, delayText(p95, errorMs)),
    el("td.figure.less", { data: { figure: "samples" } }, count(samples)));
}

function headingRow(text) {
  return el("tr.heading", {}, el("th", { scope: "rowgroup", colspan: String(COLUMNS) }, text));
}

function strip({ histogram, median, p95, max }, scale, ticks, theoryMs) {
  return stretched("strip",
    ticks.map(({ ms }) => upright(scale(ms), "grid")),
    histogram ? svg("path", { d: outline(bars(histogram, scale)), class: "bars" }) : reach(median, max, scale),
    theoryMs === null ? null : upright(scale(theoryMs), "theory"),
    p95 === null ? null : upright(scale(p95), "p95"),
    median === null ? null : upright(scale(median), "median"));
}

/** Where there is no histogram: from the median to the greatest, hollow. */
function reach(median, max, scale) {
  if (median === null) return null;
  const [from, to] = [scale(median), scale(max)];
  return svg("rect", { x: 1000 * from, y: 35, width: Math.max(2, 1000 * (to - from)), height: 30, class: "reach" });
}

function outline(all) {
  return all.map(({ from, to, height }) => `M${at(from)} 100V${(100 - 94 * height).toFixed(1)}H${at(to)}V100Z`).join("");
}

function at(share) {
  return (1000 * share).toFixed(1);
}

function tickLabel({ figure, unit }, share) {
  const label = el("span", {}, `${figure} ${unit}`);
  label.style.insetInlineStart = `${100 * share}%`;
  return label;
}

function keyLine(name) {
  return stretched(`key-line ${name}`, upright(0.5, name));
}

/**
 * What a class predicted: a dot for each student, stacked where they agree, with a line where it was measured and a dotted one
 * where theory has it. In words below, for who cannot see it.
 */

import { el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { unitText } from "./figures.js";
import { linearScale, median, niceEnd, stackDots } from "./scales.js";
import { svg, upright } from "./svg.js";

const COLUMNS = 50;
const HIGHEST = 8; // dots on each other before they get flat

/** @returns `element` and `show(experiment)`, as the class's state has it for the teacher and the projector. */
export function createPredictions() {
  const place = el("div");
  const words = el("p.less", { testid: "predictions-words" });
  const element = el("div.predictions", { testid: "predictions-picture" }, place, words);

  function show({ predictions: { values }, answer, unit }) {
    const { measured = null, theory = null } = answer ?? {};
    const marks = [measured, theory].filter((value) => value !== null);
    const end = niceEnd(Math.max(0, ...trimmed(values), ...marks));
    const scale = linearScale(end);
    const dots = stackDots(values.map(scale), COLUMNS);
    const rows = Math.max(HIGHEST, ...dots.map(({ row }) => row + 1));
    place.replaceChildren(svg("svg", { viewBox: "0 0 1000 120", class: "dots", "aria-hidden": "true" },
      dots.map(({ column, row }) => svg("circle", { cx: (1000 * (column + 0.5)) / COLUMNS, cy: 94 - (row * 88) / rows, r: Math.min(8, 44 / rows) })),
      svg("line", { x1: 0, x2: 1000, y1: 104, y2: 104, class: "base" }),
      measured === null ? null : upright(scale(measured), "measured", [0, 112]),
      theory === null ? null : upright(scale(theory), "theory", [0, 112])));
    setText(words, wordsOf({ values, end, measured, theory, unit }));
  }

  return { element, show };
}

/** A joker's billion is not to squeeze all others together: what is ten times the median stands at the edge. */
function trimmed(values) {
  const middle = median(values);
  return middle > 0 ? values.map((value) => Math.min(value, 10 * middle)) : values;
}

function wordsOf({ values, end, measured, theory, unit }) {
  const all = [t("predictions.axis", { from: unitText(0, unit), to: unitText(end, unit) })];
  if (values.length > 0) all.push(t("predictions.middle", { value: unitText(median(values), unit), count: values.length }));
  if (measured !== null) all.push(t("predictions.measured", { value: unitText(measured, unit) }));
  if (theory !== null) all.push(t("predictions.theory", { value: unitText(theory, unit) }));
  return all.join(" ");
}

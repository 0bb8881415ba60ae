/**
 * What a class predicted: a dot for each student, stacked where they agree, with a line where it was measured and a dotted one
 * where theory has it. In words, too, for who cannot see it.
 */

import { el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { unitText } from "./figures.js";
import { linearScale, median, niceEnd, stackDots } from "./scales.js";
import { svg } from "./svg.js";

const COLUMNS = 50;
const LEAST_ROWS = 12; // fewer dots on each other do not get bigger
const [WIDTH, HEIGHT] = [1000, 470];
const BASE = 380; // where the lowest dots stand
const TOP = 150; // above it the marks have their words
const BESIDE = 14; // between a line and its words
const FIRST_OF_THE_EAST = 0x2e80; // from here on letters are square
const WORDS_AT = { measured: 54, theory: 124 };

/** @returns `element` and `show(experiment)`, as the class's state has it for the teacher and the projector. */
export function createPredictions() {
  const place = el("div");
  const words = el("p.less", { testid: "predictions-words" });
  const rest = el("p.offscreen");
  const element = el("div.predictions", { testid: "predictions-picture" }, place, words, rest);

  function show({ predictions: { values }, answer, unit }) {
    const marks = marksOf(answer);
    const end = endOf(values, marks.map(({ value }) => value));
    const scale = linearScale(end);
    place.replaceChildren(svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "dots", preserveAspectRatio: "xMinYMid meet", "aria-hidden": "true" },
      ...dotsOf(values, scale), ...axis(end, unit), ...marks.map((mark) => lineOf(mark, scale)), ...marks.map((mark) => labelOf(mark, scale, unit))));
    setText(words, values.length === 0 ? t("predictions.none") : t("predictions.middle", { value: unitText(median(values), unit), count: values.length }));
    setText(rest, [t("predictions.axis", { from: unitText(0, unit), to: unitText(end, unit) }), ...marks.map((mark) => markWords(mark, unit))].join(" "));
  }

  return { element, show };
}

/** The end of the scale. A joker's billion is not to squeeze all others together: ten times the median stands at the edge. */
export function endOf(values, marks) {
  const middle = median(values);
  const shown = middle > 0 ? values.map((value) => Math.min(value, 10 * middle)) : values;
  return niceEnd(Math.max(0, ...shown, ...marks));
}

function marksOf(answer) {
  const { measured = null, theory = null } = answer ?? {};
  return [{ kind: "measured", value: measured }, { kind: "theory", value: theory }].filter(({ value }) => value !== null);
}

function dotsOf(values, scale) {
  const dots = stackDots(values.map(scale), COLUMNS);
  const step = (BASE - TOP) / Math.max(LEAST_ROWS, ...dots.map(({ row }) => row + 1));
  const radius = Math.min(WIDTH / COLUMNS, step) * 0.45;
  return dots.map(({ column, row }) => svg("circle", { cx: (WIDTH * (column + 0.5)) / COLUMNS, cy: BASE - 4 - radius - row * step, r: radius }));
}

function axis(end, unit) {
  return [
    svg("line", { x1: 0, x2: WIDTH, y1: BASE, y2: BASE, class: "base" }),
    svg("text", { x: 0, y: HEIGHT - 14 }, unitText(0, unit)),
    svg("text", { x: WIDTH, y: HEIGHT - 14, "text-anchor": "end" }, unitText(end, unit)),
  ];
}

function lineOf({ kind, value }, scale) {
  const x = WIDTH * scale(value);
  return svg("line", { x1: x, x2: x, y1: WORDS_AT[kind] - 42, y2: BASE + 14, class: kind });
}

/** Beside its line, over the other's where that is in the way; to the right of it if there is room. */
function labelOf({ kind, value }, scale, unit) {
  const text = markLabel(kind, value, unit);
  const x = WIDTH * scale(value);
  const width = widthOf(text);
  const toTheLeft = x + BESIDE + width > WIDTH;
  const at = toTheLeft ? Math.max(x - BESIDE, width) : x + BESIDE;
  return svg("text", { x: at, y: WORDS_AT[kind], "text-anchor": toTheLeft ? "end" : "start", class: "mark" }, text);
}

/** About as wide as bold type of the style sheet's size can be. */
function widthOf(text) {
  return [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) >= FIRST_OF_THE_EAST ? 62 : 41), 0);
}

function markLabel(kind, value, unit) {
  return kind === "measured" ? t("predictions.at-measured", { value: unitText(value, unit) }) : t("predictions.at-theory", { value: unitText(value, unit) });
}

function markWords({ kind, value }, unit) {
  return kind === "measured" ? t("predictions.measured", { value: unitText(value, unit) }) : t("predictions.theory", { value: unitText(value, unit) });
}

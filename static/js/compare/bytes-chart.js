/**
 * All bytes that crossed each technique's port for it, since the run began.
 */

import { t } from "../shell/language.js";
import { TECHNIQUES } from "../techniques.js";
import { createChart } from "./chart.js";
import { MARKS } from "./marks.js";

const LEAST_S = 10;
const KIB = 1024;
const LEAST_BYTES = KIB;
const STEPS = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000].map((each) => each * KIB);

export function createBytesChart(place) {
  return createChart(place, { title: t("compare.bytes.title"), empty: t("compare.bytes.empty"), kind: "line", describe });
}

function describe({ rem, color, axis }) {
  return {
    scales: {
      x: { time: false, range: (_, from, to) => [0, Math.max(LEAST_S, to ?? 0)] },
      y: { range: (_, low, high) => [0, 1.08 * Math.max(LEAST_BYTES, high ?? 0)] },
    },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => `${tick} s`) },
      { ...axis, size: 5 * rem, space: 2 * rem, incrs: STEPS, values: (_, ticks) => ticks.map((tick) => `${tick / KIB} KiB`) },
    ],
    series: [{}, ...TECHNIQUES.map(({ name }) => ({
      stroke: color(`--${name}`), width: 0.15 * rem, dash: MARKS[name].dash.map((each) => (each * rem) / 16), points: { show: false },
    }))],
  };
}

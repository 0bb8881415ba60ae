/**
 * All bytes that crossed each technique's port for it, since the run began.
 */

import { bytes, joined } from "../shell/format.js";
import { TECHNIQUES } from "../techniques.js";
import { createChart } from "./chart.js";
import { MARKS } from "./marks.js";

const LEAST_S = 10;
const LEAST_BYTES = 1000;

export function createBytesChart(place) {
  return createChart(place, { title: "Wire bytes, both ways, in time", empty: "Each technique will be a line here.", kind: "line", describe });
}

function describe({ rem, color, axis }) {
  return {
    scales: {
      x: { time: false, range: (_, from, to) => [0, Math.max(LEAST_S, to ?? 0)] },
      y: { range: (_, low, high) => [0, 1.08 * Math.max(LEAST_BYTES, high ?? 0)] },
    },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => `${tick} s`) },
      { ...axis, size: 5 * rem, space: 2 * rem, values: (_, ticks) => ticks.map((tick) => joined(bytes(tick))) },
    ],
    series: [{}, ...TECHNIQUES.map(({ name }) => ({
      stroke: color(`--${name}`), width: 0.15 * rem, dash: MARKS[name].dash.map((each) => (each * rem) / 16), points: { show: false },
    }))],
  };
}

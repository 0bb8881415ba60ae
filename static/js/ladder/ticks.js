/**
 * The ticks of the time axis: at round moments, as close as there is room for, with as many figures as they need.
 */

import { timeWithMilliseconds, timeWithSeconds } from "../shell/format.js";

const STEPS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000];

/**
 * @param {number} from, to - moments, in ms since 1970.
 * @param {number} leastMs - how far apart two ticks must at least be.
 * @param {boolean} showsHours - whether there is room for them.
 */
export function ticksOf({ from, to, leastMs, showsHours = true }) {
  const step = STEPS_MS.find((each) => each >= leastMs) ?? STEPS_MS.at(-1);
  const ticks = [];
  for (let moment = Math.ceil(from / step) * step; moment <= to; moment += step) {
    const isWhole = moment % 1000 === 0;
    ticks.push({ moment, isWhole, label: labelOf(moment, isWhole, showsHours) });
  }
  return ticks;
}

/** Whole seconds as time of day, what lies between them as seconds and milliseconds: 15:04:07, 07.250. */
function labelOf(moment, isWhole, showsHours) {
  if (!isWhole) return timeWithMilliseconds(moment).slice(6);
  return showsHours ? timeWithSeconds(moment) : timeWithSeconds(moment).slice(3);
}

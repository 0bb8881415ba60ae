/**
 * The unit that is chosen in a ladder: moving on from it in the order of time, bringing it into view, telling of it.
 */

import { sentenceOf } from "./words.js";

const inTime = (one, other) => one.sent_at - other.sent_at || one.arrived_at - other.arrived_at;

/**
 * @param {() => void} options.onChange - another one is chosen, or none.
 * @param {(words: string) => void} options.say - tells of it to who does not see it.
 */
export function createSelection({ timeline, store, timeWindow, isShown, onChange, say }) {
  let chosen = null;

  function choose(unit) {
    chosen = unit;
    say(sentenceOf(unit, { answer: timeline.answerTo(unit), isHeld: timeline.isHeld(unit), births: store.births }));
    onChange();
  }

  /** Choose, and stand still where it is to be seen. */
  function visit(unit) {
    const now = store.now();
    timeWindow.pause(now);
    const end = timeWindow.end(now);
    const margin = timeWindow.span / 20;
    if (unit.sent_at < end - timeWindow.span + margin || unit.arrived_at > end - margin) {
      timeWindow.lookAt((unit.sent_at + unit.arrived_at) / 2 + timeWindow.span / 2, { oldest: timeline.units[0].sent_at, newest: now });
    }
    choose(unit);
  }

  /** Go to the next unit (1) or the one before (-1); from nowhere, to the last that is in view. */
  function move(step) {
    const units = timeline.units.filter(isShown).sort(inTime);
    const end = timeWindow.end(store.now());
    const from = chosen && isShown(chosen) ? units.indexOf(chosen) : units.findLastIndex((unit) => unit.sent_at <= end) - step;
    const next = units[Math.min(units.length - 1, Math.max(0, from + step))];
    if (next) visit(next);
  }

  return {
    get unit() { return chosen; },
    get key() { return chosen?.key ?? null; },
    choose, move,
    select(key) {
      const unit = timeline.units.findLast((each) => each.key === key);
      if (unit) visit(unit);
    },
    clear() {
      if (chosen === null) return;
      chosen = null;
      onChange();
    },
  };
}

/**
 * Long things are shown a piece at first, and the rest on demand, a slice for each frame, so that the page never stops.
 */

import { button } from "../shell/dom.js";

/**
 * @param {number} total - how many things there are.
 * @param {number} first - how many are shown at once.
 * @param {number} each - how many more are shown for each frame.
 * @param {(from: number, to: number) => void} add - shows some more.
 * @returns `{ button, all(), stop() }`: the button asks for the rest, and is hidden when there is none.
 */
export function createSlices({ total, first, each, add, label, testid }) {
  const more = button(label, all, { class: "more", testid });
  let shown = Math.min(first, total);
  let frame = null;
  add(0, shown);
  more.hidden = shown === total;

  function all() {
    more.hidden = true;
    frame ??= shown < total ? requestAnimationFrame(next) : null;
  }

  function next() {
    const from = shown;
    shown = Math.min(from + each, total);
    add(from, shown);
    frame = shown < total ? requestAnimationFrame(next) : null;
  }

  return { button: more, all, stop: () => cancelAnimationFrame(frame), get wasAskedForAll() { return more.hidden; } };
}

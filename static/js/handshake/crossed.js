/**
 * What crossed one connection, newest last: a row for each unit, and remarks between them; and the unit that is looked
 * at, byte by byte, in a view that all connections share.
 */

import { button, el } from "../shell/dom.js";
import { bytes as size, joined, timeWithMilliseconds } from "../shell/format.js";
import { t } from "../shell/language.js";
import { labelOf } from "../wire/unit-row.js";

const MOST_ROWS = 500;
const ARROWS = { up: "↑", down: "↓" };
const AWAY_FROM_END_PX = 4;

/** @param {(full: object) => void} onOpen - a unit, with its bytes and fields, is to be shown. */
export function createCrossed({ onOpen }) {
  const list = el("ol.crossed", { testid: "crossed", "aria-label": t("crossed.title"), data: { nothing: t("crossed.nothing") } });
  const fulls = new Map(); // button -> unit with bytes and fields
  let current = null;
  let reachable = null; // the one row that Tab stops at; from there the arrow keys lead on

  function add(full) {
    const { unit } = full;
    const made = button("", () => open(made), {
      class: "crossed-unit", testid: "crossed-unit", "aria-current": "false", on: { click: () => open(made), keydown: (event) => go(event, made) },
      data: { direction: unit.direction, accent: unit.technique },
    });
    made.append(
      el("span.arrow", { "aria-hidden": "true" }, ARROWS[unit.direction]), el("span.offscreen", {}, unit.direction === "up" ? t("crossed.sent") : t("crossed.came")),
      el("span.what", {}, labelOf(unit)), el("span.size", {}, joined(size(unit.size))), el("span.at", {}, timeWithMilliseconds(unit.arrived_at)));
    made.tabIndex = -1;
    fulls.set(made, full);
    if (reachable === null) reach(made);
    append(el("li", {}, made));
    return made;
  }

  function remark(text) {
    append(el("li.remark", { testid: "crossed-remark" }, text));
  }

  function append(item) {
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - AWAY_FROM_END_PX;
    list.append(item);
    while (list.childElementCount > MOST_ROWS) {
      fulls.delete(list.firstElementChild.firstElementChild);
      list.firstElementChild.remove();
    }
    if (reachable !== null && !fulls.has(reachable)) reach(fulls.keys().next().value ?? null);
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  function reach(made) {
    if (reachable !== null) reachable.tabIndex = -1;
    if (made !== null) made.tabIndex = 0;
    reachable = made;
  }

  function open(made) {
    reach(made);
    current?.setAttribute("aria-current", "false");
    current = made;
    made.setAttribute("aria-current", "true");
    onOpen(fulls.get(made));
  }

  function go(event, from) {
    const items = [...fulls.keys()];
    const next = items[items.indexOf(from) + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0)];
    if (!next || next === from) return;
    event.preventDefault();
    next.focus();
    open(next);
  }

  function clear() {
    list.replaceChildren();
    fulls.clear();
    current = reachable = null;
  }

  return { element: list, add, remark, open, clear, get current() { return current && fulls.get(current); }, get isEmpty() { return list.childElementCount === 0; } };
}

/**
 * The units, newest first: a listbox whose rows are painted together a few times a second, and used again.
 */

import { button, el, setText } from "../shell/dom.js";
import { count } from "../shell/format.js";
import { t } from "../shell/language.js";
import { CLASSES, countByClass, newest } from "./filters.js";
import { createUnitRow } from "./unit-row.js";

const SHOWN = 200;
const MADE_AT_ONCE = 40; // new rows of one painting; more of them would hold up the page

/**
 * @param {() => object} read - returns `{ units, missed }`, as the traffic store has them.
 * @param {(unit: object) => void} onOpen - the reader wants to see its bytes.
 * @returns `{ paint(), select(unit) }`.
 */
export function createUnitList(place, { read, onOpen }) {
  const chosen = new Set(CLASSES.filter(({ shown }) => shown).map(({ name }) => name));
  const chips = CLASSES.map((each) => createChip(each, chosen, paintAnyway));
  const hold = button(t("wire.hold"), toggleHold, { class: "quiet", testid: "units-hold", "aria-pressed": "false", title: t("wire.hold.title") });
  const list = el("div.units", { role: "listbox", testid: "units", tabindex: "0", "aria-label": t("wire.units.label"), on: { keydown: onKey, click: onClick } });
  const nothing = el("p.nothing", { testid: "units-empty" });
  const missed = el("p.hint", { hidden: true });
  const rows = new Map(); // key of a unit -> its row
  const spare = [];
  let order = [];
  let active = null; // the key of the unit that the keyboard is at
  let selected = null;
  let held = false;
  place.append(
    el("div.part-head", {}, el("h2", {}, t("wire.crossed")), el("div.chips", { role: "group", "aria-label": t("wire.show") }, chips.map((chip) => chip.element)), hold),
    el("div.units-head", { "aria-hidden": "true" }, headings().map((name) => el("span", {}, name))),
    nothing, list, missed,
  );

  function paint() {
    const { units, missed: passed } = read();
    const counts = countByClass(units);
    for (const chip of chips) chip.show(counts);
    if (!held) showAll(units, counts);
    missed.hidden = passed === 0;
    setText(missed, t("wire.missed", { units: count(passed) }));
  }

  function showAll(units, counts) {
    const wanted = newest(units, chosen, SHOWN);
    const affordable = fill(wanted);
    order = affordable.map(({ key }) => key);
    list.hidden = order.length === 0;
    nothing.hidden = order.length > 0;
    setText(nothing, emptySentence(units.length, counts));
    if (active !== null && !rows.has(active)) move(order.length - 1);
    if (affordable.length < wanted.length) requestAnimationFrame(() => showAll(read().units, counts));
  }

  function fill(wanted) {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, row] of rows) if (!keys.has(key)) release(key, row);
    let room = MADE_AT_ONCE;
    const shown = wanted.filter(({ key }) => rows.has(key) || room-- > 0);
    let place = list.firstChild;
    for (const unit of shown) {
      const { element } = rows.get(unit.key) ?? take(unit);
      if (element === place) place = place.nextSibling;
      else list.insertBefore(element, place);
    }
    return shown;
  }

  function release(key, row) {
    row.element.remove();
    rows.delete(key);
    spare.push(row);
  }

  function take(unit) {
    const row = spare.pop() ?? createUnitRow();
    row.show(unit);
    rows.set(unit.key, row);
    mark(row);
    return row;
  }

  function mark({ element, unit }) {
    element.setAttribute("aria-selected", String(unit.key === selected));
    element.dataset.active = String(unit.key === active);
    if (unit.key === active) list.setAttribute("aria-activedescendant", element.id);
  }

  function move(index) {
    active = order[Math.max(0, Math.min(index, order.length - 1))] ?? null;
    list.removeAttribute("aria-activedescendant");
    for (const row of rows.values()) mark(row);
  }

  function onKey(event) {
    const index = order.indexOf(active); // -1: the first arrow down leads to the newest
    const page = Math.max(1, Math.floor(list.clientHeight / (list.firstChild?.offsetHeight || 1)) - 1);
    const steps = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page, Home: 0, End: order.length - 1 };
    if (event.key in steps) {
      move(steps[event.key]);
      rows.get(active)?.element.scrollIntoView({ block: "nearest" });
    } else if ((event.key === "Enter" || event.key === " ") && rows.has(active)) onOpen(rows.get(active).unit);
    else return;
    event.preventDefault();
  }

  function onClick(event) {
    const element = event.target.closest("[role='option']");
    const row = [...rows.values()].find((each) => each.element === element);
    if (!row) return;
    move(order.indexOf(row.unit.key));
    onOpen(row.unit);
  }

  function select(unit) {
    selected = unit?.key ?? null;
    for (const row of rows.values()) mark(row);
  }

  function toggleHold() {
    held = !held;
    hold.setAttribute("aria-pressed", String(held));
    paint();
  }

  function paintAnyway() {
    const { units } = read();
    showAll(units, countByClass(units));
  }

  paint();
  return { paint, select };
}

function headings() {
  return [t("wire.col.time"), t("wire.col.connection"), "", t("wire.col.unit"), t("wire.col.size"), t("wire.col.transit")];
}

function createChip({ name, label, meaning }, chosen, onChange) {
  const number = el("span.number");
  const element = button([label, " ", number], toggle, { class: "chip", testid: `units-${name}`, "aria-pressed": String(chosen.has(name)), title: meaning });

  function toggle() {
    if (!chosen.delete(name)) chosen.add(name);
    element.setAttribute("aria-pressed", String(chosen.has(name)));
    onChange();
  }

  return { element, show: (counts) => setText(number, count(counts[name])) };
}

function emptySentence(all, counts) {
  if (all === 0) return t("wire.nothing");
  const others = CLASSES.filter(({ name }) => counts[name] > 0).map(({ name, label }) => t("wire.others.each", { label, number: count(counts[name]) }));
  return t("wire.others", { others: others.join(t("wire.comma")) });
}

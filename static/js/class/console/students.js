/**
 * The students: who they are, where they sit, how their phones stand; and what only the teacher may do to them. A class of
 * a hundred stays in order: by name, group or delay, and found by a few letters.
 */

import { button, el, setText } from "../../shell/dom.js";
import { count, delay, joined } from "../../shell/format.js";
import { t } from "../../shell/language.js";
import { confirmButton } from "../confirm-button.js";
import { techniqueLabel } from "../words.js";
import { buttonRow, createSaid, part } from "./controls.js";
import { createRoster, ORDER_NAMES } from "./roster.js";

const COLUMNS = ["name", "group", "technique", "state", "delay", "clock", "trouble", "do"];

export function createStudents(commands) {
  const said = createSaid();
  const filter = el("input", { type: "search", testid: "student-filter", placeholder: t("console.students.filter"), "aria-label": t("console.students.filter") });
  const orders = buttonRow({
    label: t("console.students.order"), testid: "order", onPress: (value) => { order = value; refresh(true); },
    options: ORDER_NAMES.map((each) => [each, t(`console.order.${each}`)]),
  });
  const body = el("tbody");
  const counted = el("p.hint", { testid: "students-shown" });
  const table = el("table.students", {},
    el("thead", {}, el("tr", {}, COLUMNS.map((each) => el("th", { scope: "col" }, t(`console.column.${each}`))))), body);
  const element = part("students", el("div.bar", {}, filter, orders.element, said.element),
    counted,
    el("div.wide.students-place", { tabindex: "0", role: "region", "aria-label": t("console.students.table") }, table));
  const rows = new Map();
  const roster = createRoster();
  let order = ORDER_NAMES[0];
  let seats = [];
  let groups = [];
  filter.addEventListener("input", () => refresh());

  function show(state) {
    seats = state.seats;
    groups = state.groups.map(({ name }) => name);
    refresh();
  }

  function refresh(anew = false) {
    orders.show(order);
    table.hidden = seats.length === 0;
    for (const seat of seats) {
      if (!rows.has(seat.id)) rows.set(seat.id, createRow(seat.id, commands, said));
      rows.get(seat.id).show(seat, groups);
    }
    const shown = roster.arrange(seats, { order, wanted: filter.value, anew }).map((id) => rows.get(id).element);
    for (const id of rows.keys()) if (!seats.some((seat) => seat.id === id)) rows.delete(id);
    setText(counted, seats.length === 0 ? t("console.students.none") : t("console.students.shown", { shown: shown.length, count: seats.length }));
    if (body.contains(document.activeElement) && shown.length === body.children.length && !anew) return; // do not move what somebody is at
    if (shown.some((row, index) => body.children[index] !== row) || shown.length !== body.children.length) body.replaceChildren(...shown);
  }

  return { element, show };
}

function createRow(id, commands, said) {
  const cells = Object.fromEntries(COLUMNS.map((each) => [each, el(each === "name" ? "th" : "td", each === "name" ? { scope: "row" } : {})]));
  const element = el("tr", { testid: `student-${id}` }, COLUMNS.map((each) => cells[each]));
  const group = el("select", { "aria-label": t("console.column.group"), testid: `group-of-${id}`, on: { change: () => said.attempt(() => commands.setSeat(id, { group: group.value })) } });
  const mute = button("", () => said.attempt(() => commands.setSeat(id, { muted: mute.getAttribute("aria-pressed") !== "true" })), { testid: `mute-${id}` });
  const remove = confirmButton(t("console.remove"), t("console.remove.sure"), () => said.attempt(() => commands.removeSeat(id)), { testid: `remove-${id}` });
  cells.group.append(group);
  cells.do.append(el("span.buttons", {}, mute, remove));

  function show(seat, groups) {
    const { report } = seat;
    element.dataset.accent = seat.technique ?? "";
    element.dataset.away = String(!seat.connected);
    setText(cells.name, seat.name);
    if (group.options.length !== groups.length) group.replaceChildren(...groups.map((name) => el("option", { value: name }, name)));
    if (document.activeElement !== group) group.value = seat.group;
    setText(cells.technique, seat.technique === null ? t("console.student.choosing") : techniqueLabel(seat.technique));
    setText(cells.state, stateWords(seat));
    setText(cells.delay, joined(delay(seat.median, report?.clock?.error_ms ?? null)));
    setText(cells.clock, report?.clock ? `${signed(report.clock.offset_ms)} ± ${report.clock.error_ms.toFixed(1)} ms` : t("figure.none"));
    setText(cells.trouble, report ? `${count(report.late)} / ${count(report.lost + report.doubled + report.reordered)}` : t("figure.none"));
    setText(mute, seat.muted ? t("console.unmute") : t("console.mute"));
    mute.setAttribute("aria-pressed", String(seat.muted));
  }

  return { element, show };
}

function stateWords({ connected, report }) {
  if (!connected) return t("console.student.away");
  if (report === null) return t("console.student.coming");
  if (report.hidden) return t("console.student.hidden");
  return t(`console.state.${["open", "connecting", "broken", "gap"].includes(report.state) ? report.state : "closed"}`);
}

function signed(ms) {
  return `${ms < 0 ? "\u2212" : "+"}${Math.abs(ms).toFixed(1)}`;
}

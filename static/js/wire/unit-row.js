/**
 * One row of the list of units. Rows are used again for other units, because to make them is what costs.
 */

import { el, setText } from "../shell/dom.js";
import { bytes, duration, joined, timeWithMilliseconds } from "../shell/format.js";
import { t } from "../shell/language.js";
import { bringsNothing } from "./filters.js";

const ARROWS = { up: "↑", down: "↓" };
let made = 0;

export function createUnitRow() {
  made += 1;
  const parts = {
    at: el("span.at"), connection: el("span.connection"), arrow: el("span.arrow"), label: el("span.what"),
    size: el("span.size"), took: el("span.took"),
  };
  const element = el("div.unit-row", { role: "option", id: `wire-unit-${made}`, "aria-selected": "false" }, Object.values(parts));
  const row = { element, unit: null, show };

  function show(unit) {
    row.unit = unit;
    element.dataset.accent = unit.technique;
    element.dataset.direction = unit.direction;
    element.dataset.quiet = String(bringsNothing(unit));
    setText(parts.at, timeWithMilliseconds(unit.arrived_at));
    setText(parts.connection, `#${unit.connection}`);
    setText(parts.arrow, ARROWS[unit.direction]);
    setText(parts.label, labelOf(unit));
    setText(parts.size, joined(bytes(unit.size)));
    setText(parts.took, joined(duration(unit.arrived_at - unit.sent_at)));
    element.setAttribute("aria-label", spoken(unit));
  }

  return row;
}

export function labelOf({ label, whole, empty }) {
  return `${label}${empty ? t("wire.empty") : ""}${whole ? "" : t("wire.cut-off")}`;
}

function spoken(unit) {
  const took = joined(duration(unit.arrived_at - unit.sent_at));
  const { size, connection } = unit;
  return t("wire.spoken", { direction: t(`wire.direction.${unit.direction}`), label: labelOf(unit), size: String(size), connection: String(connection), took });
}

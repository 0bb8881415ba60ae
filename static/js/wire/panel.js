/**
 * The wire panel: what crossed the session's port, unit by unit and byte by byte, and the sums of it.
 */

import { el } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { createTotals } from "./totals.js";
import { createUnitList } from "./unit-list.js";
import { createUnitView } from "./unit-view.js";

const GATHER_MS = 150;

/**
 * @param {object} store - createTrafficStore's.
 * @param {(unit: object) => Promise<object>} readUnit - brings a unit's `{ unit, bytes, fields }`.
 * @param {string} technique - whose page it is.
 * @returns `{ open(unit) }`, which shows a unit's bytes.
 */
export function createWirePanel(place, { store, readUnit, technique }) {
  const parts = {
    list: el("section.panel.wire-list", { "aria-label": t("wire.units") }), unit: el("section.panel.wire-unit", { "aria-label": t("wire.unit") }),
    totals: el("section.panel.wire-totals", { "aria-label": t("wire.totals") }),
  };
  place.append(el("div.wire", { testid: "wire" }, el("div.wire-parts", {}, parts.list, parts.unit, parts.totals)));
  const view = createUnitView(parts.unit);
  const list = createUnitList(parts.list, { read: () => store, onOpen: open });
  const totals = createTotals(parts.totals, { read: () => store, technique });
  let asked = 0;
  let timer = null;

  async function open(unit) {
    asked += 1;
    const mine = asked;
    list.select(unit);
    let full = null;
    let problem = null;
    try {
      full = await readUnit(unit);
    } catch (error) {
      problem = error;
    }
    if (mine !== asked) return; // another one was asked for meanwhile
    if (full) view.show({ ...full, unit: full.unit ?? unit });
    else view.say(t("wire.not-read", { reason: problem?.message ?? t("wire.nothing-came") }));
    parts.unit.scrollIntoView({ block: "nearest" });
  }

  function paint() {
    timer = null;
    list.paint();
    totals.paint();
  }

  store.subscribe(() => (timer ??= setTimeout(paint, GATHER_MS)));
  return { open };
}

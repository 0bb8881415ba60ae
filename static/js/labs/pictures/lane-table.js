/**
 * The exact figures of a run, lane by lane, beside what theory says.
 */

import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";

/**
 * @param {HTMLElement} place
 * @param {{label: string, text: (lane: object) => string, strong?: boolean}[]} columns - `lane`: of the bench's results.
 * @returns `show(results)`
 */
export function createLaneTable(place, columns) {
  const body = el("tbody");
  place.append(el("div.wide", { tabindex: "0", role: "region", "aria-label": t("labs.picture.table") },
    el("table.lanes-table", { testid: "lanes-table" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("labs.picture.lane")), columns.map(({ label }) => el("th", { scope: "col" }, label)))),
      body)));
  const rows = new Map(); // key of a lane -> its cells

  function rowOf({ key, label, technique }) {
    if (!rows.has(key)) {
      const cells = columns.map(({ strong = false }) => el("td.number", { data: { strong: String(strong) } }));
      rows.set(key, cells);
      body.append(el("tr", { data: { accent: technique, lane: key } }, el("th", { scope: "row" }, label), cells));
    }
    return rows.get(key);
  }

  return {
    show({ lanes }) {
      for (const lane of lanes) rowOf(lane).forEach((cell, index) => setText(cell, columns[index].text(lane)));
    },
  };
}

/**
 * What the phones measure in this stretch, by technique: a table, the delays and the bytes as the projector draws them, and
 * what came of the last fault.
 */

import { TECHNIQUES } from "../../techniques.js";
import { el, setText } from "../../shell/dom.js";
import { count, duration, joined } from "../../shell/format.js";
import { t } from "../../shell/language.js";
import { createBytesBars } from "../bytes-bars.js";
import { createDistribution } from "../distribution.js";
import { bytesText, delayText, perMessage } from "../figures.js";
import { techniqueLabel } from "../words.js";
import { part } from "./controls.js";

const COLUMNS = ["people", "median", "p95", "max", "received", "requests", "bytes", "lost"];

export function createFigures() {
  const rows = new Map(TECHNIQUES.map(({ name }) => [name, COLUMNS.map((each) => el("td.number", { testid: `figure-${each}-${name}` }))]));
  const table = el("table.figures", { testid: "figures" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("results.technique")), COLUMNS.map((each) => el("th.number", { scope: "col" }, t(`console.figure.${each}`))))),
    el("tbody", {}, TECHNIQUES.map(({ name }) => el("tr", { data: { accent: name } }, el("th", { scope: "row" }, techniqueLabel(name)), rows.get(name)))));
  const hidden = el("p.hint");
  const fault = el("p", { testid: "last-fault" });
  const delays = createDistribution();
  const bytes = createBytesBars();
  const wide = (label, child) => el("div.wide", { tabindex: "0", role: "region", "aria-label": label }, child);
  const element = part("figures", wide(t("console.figures.table"), table), hidden, fault,
    el("div.pictures", {}, el("figure", {}, el("figcaption", {}, t("console.view.delays")), delays.element),
      el("figure", {}, el("figcaption", {}, t("console.view.bytes")), bytes.element)));

  function show(state) {
    for (const [name, cells] of rows) showRow(cells, state.figures[name]);
    const out = Object.values(state.figures).reduce((sum, each) => sum + each.hidden, 0);
    setText(hidden, t("console.figures.stretch", { stretch: state.stretch, hidden: out }));
    setText(fault, state.fault === null ? "" : outcomeWords(state.fault));
    const drawn = rowsOf(state.figures);
    delays.show({ rows: drawn, simulated: rowsOf(state.simulated?.figures ?? {}), stretch: state.stretch });
    bytes.show(drawn);
  }

  return { element, show };
}

function rowsOf(figures) {
  return TECHNIQUES.filter(({ name }) => figures[name]).map(({ name }) => ({ key: name, label: techniqueLabel(name), accent: name, figures: figures[name] }));
}

function showRow(cells, figures) {
  const { people, median, p95, max, received, requests, lost, doubled, reordered, clock_error_ms: errorMs } = figures;
  const each = perMessage(figures);
  const values = [people, delayText(median, errorMs), delayText(p95, errorMs), delayText(max, errorMs), count(received),
    requests === null ? t("figure.none") : count(requests), each === null ? t("figure.none") : bytesText(each.total), count(lost + doubled + reordered)];
  cells.forEach((cell, index) => setText(cell, String(values[index])));
}

/** Of those who were there: how many noticed, when, and what they lost. */
function outcomeWords({ fault, group, people }) {
  const noticed = people.filter(({ noticed_ms: ms }) => ms !== null).map(({ noticed_ms: ms }) => ms).sort((one, other) => one - other);
  const sum = (name) => people.reduce((all, each) => all + each[name], 0);
  const middle = noticed.length === 0 ? t("figure.none") : joined(duration(noticed[(noticed.length - 1) >> 1]));
  return [
    group === "all" ? t("console.fault.of-all") : t("console.fault.of-group", { name: group }), t(`fault.${fault}`),
    t("console.fault.outcome", { noticed: noticed.length, people: people.length, middle, late: sum("late"), lost: sum("lost") }),
  ].join(" ");
}

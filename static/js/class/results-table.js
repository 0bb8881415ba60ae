/**
 * What came of a class's experiment, row by row: what each group was set to, what was measured, what theory says, and of
 * how many samples. The row that was asked about says so.
 */

import { el } from "../shell/dom.js";
import { count } from "../shell/format.js";
import { t } from "../shell/language.js";
import { unitText } from "./figures.js";
import { techniqueLabel } from "./words.js";

/**
 * @returns `element` and `show(experiment, groups?)`, both as the class's state has them: who is in a group tells what it means
 *   that nothing was measured in it. Empty where there are no results.
 */
export function createResultsTable() {
  const head = el("tr");
  const body = el("tbody");
  const element = el("table.results", { testid: "results", hidden: true }, el("thead", {}, head), body);

  function show(experiment, groups = []) {
    const rows = experiment?.results ?? null;
    element.hidden = rows === null;
    if (rows === null) return;
    const columns = columnsOf(experiment, groups);
    head.replaceChildren(...columns.map(({ label, kind }) => el("th", { scope: "col", class: kind }, label)));
    body.replaceChildren(...rows.map((row, index) => rowOf(row, columns, index === experiment.asked_row)));
  }

  return { element, show };
}

/** The columns that tell something: what is the same in all rows does not. */
export function columnsOf({ name, phase, results, row_unit: unit }, groups = []) {
  const differ = (key) => new Set(results.map((row) => row[key])).size > 1;
  const isWaitedFor = (row) => phase === "explained" && groups.some((group) => group.name === row.group && group.people > 0);
  const hasTheory = phase === "explained" && results.some((row) => row.theory !== null); // it would give the answer away
  return [
    { kind: "in-group", label: t("pictures.group"), of: (row) => row.group },
    differ("technique") && { kind: "name", label: t("pictures.technique"), of: (row) => techniqueLabel(row.technique) },
    differ("interval_ms") && { kind: "figure", label: t("pictures.interval"), of: (row) => unitText(row.interval_ms / 1000, "s") },
    differ("delay_ms") && { kind: "figure", label: t("pictures.way"), of: (row) => `${row.delay_ms} ms` },
    { kind: "figure strong", label: t(`pictures.measured.${name}`), of: (row) => measuredText(row, name, unit, isWaitedFor(row)) },
    hasTheory && { kind: "figure", label: t("pictures.theory"), of: (row) => unitText(row.theory, unit) },
    { kind: "figure less", label: t("pictures.samples"), of: (row) => count(row.samples) },
  ].filter(Boolean);
}

/** Nothing measured means something where there was something to measure: nobody noticed, or nothing came. */
export function measuredText({ measured, samples }, name, unit, isWaitedFor = false) {
  if (measured === null && samples > 0 && name === "cut") return t("pictures.never-noticed");
  if (measured === null && isWaitedFor && name === "proxies") return t("pictures.nothing-came");
  return unitText(measured, unit);
}

function rowOf(row, columns, isAsked) {
  const tagged = columns.some(({ kind }) => kind === "name") ? "name" : "in-group";
  return el("tr", { data: { accent: row.technique, row: row.group, asked: String(isAsked) } },
    columns.map(({ kind, of }, index) => el(index === 0 ? "th" : "td", { class: kind, scope: index === 0 ? "row" : null }, of(row),
      isAsked && kind === tagged ? [" ", el("span.tag", {}, t("pictures.asked"))] : null)));
}

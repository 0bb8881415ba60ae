/**
 * What the student did in each experiment, as the browser keeps it: seed, predictions, what was measured, the marks.
 *
 *     { "1": { seed: 4711, at: 1763791234567, predictions: { empty: 40, … },
 *              measured: { empty: { value: 52.1, error: 4.9, samples: 104 }, … } or null,
 *              marks: { empty: { right: true, off: -0.02, reason: "right", mistake: null }, … } or null,
 *              theory: { empty: 50.3, … }, units: { empty: "%", … }, digits: { empty: 0, … }, disturbed: [] } }
 */

import { forBrowser } from "../shell/storage.js";

const KEY = "labs";
const COLUMNS = ["lab", "name", "seed", "at", "question", "unit", "prediction", "measured", "standard_error", "samples", "theory", "right", "reason", "disturbed"];

export function allResults() {
  return forBrowser.get(KEY, {});
}

/** That of one experiment, or null; another seed's is another one's. */
export function resultOf(number, seed) {
  const kept = allResults()[number] ?? null;
  return kept?.seed === seed ? kept : null;
}

export function keepResult(number, result) {
  forBrowser.set(KEY, { ...allResults(), [number]: result });
}

export function dropResult(number) {
  const { [number]: _, ...others } = allResults();
  forBrowser.set(KEY, others);
}

/**
 * All of it for a spreadsheet: a row for each question (RFC 4180).
 *
 * @param {object} results - as kept.
 * @param {(number: string) => string} nameOf - an experiment's.
 */
export function asCsv(results, nameOf) {
  const rows = Object.entries(results).flatMap(([number, each]) => Object.entries(each.predictions).map(([key, prediction]) => {
    const measured = each.measured?.[key] ?? null;
    const mark = each.marks?.[key] ?? null;
    return [
      number, nameOf(number), each.seed, new Date(each.at).toISOString(), key, each.units[key], prediction, measured?.value,
      measured?.error, measured?.samples, each.theory[key], mark?.right, mark?.mistake ?? mark?.reason, each.disturbed.join(" "),
    ];
  }));
  return [COLUMNS, ...rows].map((row) => row.map(cell).join(",")).join("\r\n").concat("\r\n");
}

function cell(value) {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

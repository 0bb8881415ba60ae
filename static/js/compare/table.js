/**
 * The exact figures of a run, to read and to take along: a row for each technique, and below what theory says.
 */

import { ACCOUNTS } from "../lab/traffic-store.js";
import { copyButton } from "../shell/copy.js";
import { el, setText } from "../shell/dom.js";
import { count, NOT_KNOWN } from "../shell/format.js";
import { TECHNIQUES } from "../techniques.js";

const ms = (value) => (value === null ? NOT_KNOWN : value.toFixed(1));
const whole = (value) => (value === null ? NOT_KNOWN : count(Math.round(value)));

export const COLUMNS = [
  { name: "messages", label: "Messages", of: ({ messages }) => count(messages) },
  { name: "requests", label: "Requests", of: ({ requests }) => count(requests) },
  { name: "emptyAnswers", label: "Empty answers", of: ({ emptyAnswers }) => count(emptyAnswers) },
  { name: "opened", label: "TCP opened", of: ({ opened }) => count(opened) },
  { name: "bytesUp", label: "Up, bytes", of: ({ bytesUp }) => count(bytesUp) },
  { name: "bytesDown", label: "Down, bytes", of: ({ bytesDown }) => count(bytesDown) },
  { name: "bytesPerMessage", label: "Bytes per message", of: ({ bytesPerMessage }) => whole(bytesPerMessage) },
  { name: "median", label: "Median, ms", of: ({ median }) => ms(median) },
  { name: "p99", label: "p99, ms", of: ({ p99 }) => ms(p99) },
  { name: "max", label: "Max, ms", of: ({ max }) => ms(max) },
  { name: "mean", label: "Mean, ms", of: ({ mean }) => ms(mean) },
  { name: "theory", label: "Mean by theory, ms", of: ({ theory }) => theoryInWords(theory) },
  { name: "samples", label: "Measured", of: ({ samples }) => count(samples) },
  { name: "leftOut", label: "Left out", of: ({ leftOut }) => count(leftOut) },
  ...ACCOUNTS.filter(({ name }) => name !== "page").map(({ name, label }) => ({ name, label: `${label}, bytes`, of: ({ accounts }) => count(accounts[name]) })),
];

export function theoryInWords(theory) {
  if (theory === null) return NOT_KNOWN;
  const mean = theory.meanMs.toFixed(1);
  return theory.withinMs > 0.05 ? `${mean} ± ${theory.withinMs.toFixed(1)}` : mean;
}

/**
 * @returns `show(rows, caption)`: rows are the figures of figures.js with `theory`, in the order of TECHNIQUES; null where
 *   there are none.
 */
export function createTable(place) {
  const cells = TECHNIQUES.map(() => COLUMNS.map(({ name }) => el("td.number", { testid: `cell-${name}` }, "–")));
  const caption = el("p.hint", { id: "table-caption", testid: "table-caption" });
  const table = el("table", { testid: "figures", "aria-describedby": caption.id },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Technique"), COLUMNS.map(({ label }) => el("th.number", { scope: "col" }, label)))),
    el("tbody", {}, TECHNIQUES.map(({ name, label }, index) => el("tr", { data: { accent: name, row: name } }, el("th", { scope: "row" }, label), cells[index]))));
  place.append(
    el("div.table-head", {}, el("h2", {}, "The figures"), copyButton(() => tabSeparated(caption, table), "Copy the table, tab-separated")),
    caption,
    el("div.wide", { tabindex: "0", role: "region", "aria-label": "All columns" }, table),
    el("p.hint", {}, "Bytes are the technique's own: what crossed its port without the frame's files. Theory knows the line's delay d only, not the time that programs take: "
      + "d for the streams; d + T/2 for short polling; for long polling d, and for random arrivals the wait in the gap between answer and next request besides."));

  function show(rows, words) {
    setText(caption, words);
    rows.forEach((row, index) => COLUMNS.forEach(({ of }, column) => setText(cells[index][column], row === null ? "–" : of(row))));
  }

  return { show };
}

/** A table's text for a spreadsheet: figures without the narrow spaces that part thousands. */
function tabSeparated(caption, table) {
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.replace(/(\d)\u202f(?=\d)/g, "$1")).join("\t"));
  return [caption.textContent, ...rows].join("\n");
}

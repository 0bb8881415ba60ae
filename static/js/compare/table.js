/**
 * The exact figures of a run, to read and to take along: a row for each technique, and below what theory says.
 */

import { ACCOUNTS } from "../lab/traffic-store.js";
import { copyButton } from "../shell/copy.js";
import { el, setText } from "../shell/dom.js";
import { count, NOT_KNOWN } from "../shell/format.js";
import { t } from "../shell/language.js";
import { TECHNIQUES } from "../techniques.js";

const ms = (value) => (value === null ? NOT_KNOWN : value.toFixed(1));
const whole = (value) => (value === null ? NOT_KNOWN : count(Math.round(value)));

export const COLUMNS = [
  { name: "messages", label: t("meter.messages"), of: ({ messages }) => count(messages) },
  { name: "requests", label: t("meter.requests"), of: ({ requests }) => count(requests) },
  { name: "emptyAnswers", label: t("meter.empty"), of: ({ emptyAnswers }) => count(emptyAnswers) },
  { name: "opened", label: t("meter.tcp"), of: ({ opened }) => count(opened) },
  { name: "bytesUp", label: t("compare.col.up"), of: ({ bytesUp }) => count(bytesUp) },
  { name: "bytesDown", label: t("compare.col.down"), of: ({ bytesDown }) => count(bytesDown) },
  { name: "bytesPerMessage", label: t("compare.col.per-message"), of: ({ bytesPerMessage }) => whole(bytesPerMessage) },
  { name: "median", label: t("compare.col.median"), of: ({ median }) => ms(median) },
  { name: "p99", label: t("compare.col.p99"), of: ({ p99 }) => ms(p99) },
  { name: "max", label: t("compare.col.max"), of: ({ max }) => ms(max) },
  { name: "mean", label: t("compare.col.mean"), of: ({ mean }) => ms(mean) },
  { name: "theory", label: t("compare.col.theory"), of: ({ theory }) => theoryInWords(theory) },
  { name: "samples", label: t("compare.measured"), of: ({ samples }) => count(samples) },
  { name: "leftOut", label: t("compare.col.left-out"), of: ({ leftOut }) => count(leftOut) },
  ...ACCOUNTS.filter(({ name }) => name !== "page").map(({ name, label }) => ({ name, label: t("compare.col.account", { account: label }), of: ({ accounts }) => count(accounts[name]) })),
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
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("compare.col.technique")), COLUMNS.map(({ label }) => el("th.number", { scope: "col" }, label)))),
    el("tbody", {}, TECHNIQUES.map(({ name, label }, index) => el("tr", { data: { accent: name, row: name } }, el("th", { scope: "row" }, label), cells[index]))));
  place.append(
    el("div.table-head", {}, el("h2", {}, t("compare.figures")), copyButton(() => tabSeparated(caption, table), t("compare.copy"))),
    caption,
    el("div.wide", { tabindex: "0", role: "region", "aria-label": t("compare.all-columns") }, table),
    el("p.hint", {}, t("compare.table.hint")));

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

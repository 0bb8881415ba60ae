/**
 * The totals: bytes by account, exactly, and whether they add up to what the relay counted.
 */

import { ACCOUNTS } from "../lab/traffic-store.js";
import { el, setText } from "../shell/dom.js";
import { count } from "../shell/format.js";
import { t } from "../shell/language.js";
import { createScope } from "./scope.js";
import { addsUp, statement } from "./sums.js";

const AMOUNTS = ["up", "down", "both"];

/**
 * @param {() => object} read - returns `{ techniques, connections, size }`, as the traffic store has them.
 * @param {string|null} technique - whose page it is; without one there is no such scope.
 * @returns `{ paint() }`, to be called whenever something may have changed.
 */
export function createTotals(place, { read, technique = null }) {
  const scope = createScope({ technique, onChange: paint });
  const rows = new Map(ACCOUNTS.map((account) => [account.name, createRow(label(account), { account: account.name })]));
  const total = createRow(t("wire.together"), { sum: "total" });
  const rest = createRow(t("wire.rest"), { sum: "rest" });
  const waiting = createRow(t("wire.under-way"), { sum: "waiting" });
  const counted = createRow(t("wire.counted"), { sum: "counted" });
  const verdict = el("td", { colspan: String(2 + AMOUNTS.length), testid: "totals-verdict" });
  rest.element.title = t("wire.rest.what");
  waiting.element.title = t("wire.under-way.what");
  place.append(
    el("div.part-head", {}, el("h2", {}, t("account.title")), scope.element),
    el("table.totals", { testid: "totals" }, head(),
      el("tbody", {}, [...rows.values()].map((row) => row.element)),
      el("tfoot", {}, [total, rest, waiting, counted].map((row) => row.element), el("tr.verdict", {}, verdict))),
  );

  function paint() {
    const traffic = read();
    scope.paint(traffic.connections);
    const found = statement(traffic, scope.value, technique);
    for (const row of found.rows) rows.get(row.account.name).show(row);
    total.show(found.total);
    rest.show(found.rest);
    rest.element.hidden = scope.value !== "technique";
    waiting.show(found.waiting);
    waiting.element.hidden = found.waiting.both === 0;
    counted.show(found.counted);
    verdict.dataset.addsUp = String(addsUp(found));
    setText(verdict, found.counted.both === 0 ? "" : verdictOn(found));
  }

  paint();
  return { paint };
}

function label({ name, label: text, meaning }) {
  return el("span.account", { data: { account: name }, title: meaning }, el("i.swatch"), text);
}

function head() {
  return el("thead", {}, el("tr", {},
    el("th", { scope: "col" }, el("span.offscreen", {}, t("wire.account"))),
    el("th.up", { scope: "col" }, `↑ ${t("wire.up")}`), el("th.down", { scope: "col" }, `↓ ${t("wire.down")}`), el("th.both", { scope: "col" }, t("wire.both")),
    el("th.share", { scope: "col" }, t("wire.share"))));
}

function createRow(name, data) {
  const cells = Object.fromEntries(AMOUNTS.map((way) => [way, el(`td.${way}`)]));
  const figure = el("span.figure");
  const bar = el("span.bar", {}, el("span"));
  const last = el("td.share", {}, figure);
  const element = el("tr", { data }, el("th", { scope: "row" }, name), Object.values(cells), last);
  if (data.account) last.append(bar);

  function show(row) {
    for (const way of AMOUNTS) setText(cells[way], count(row[way]));
    element.dataset.none = String(row.both === 0);
    if (!data.account) return;
    setText(figure, row.share === null ? "" : `${(100 * row.share).toFixed(1)} %`);
    bar.firstChild.style.width = `${100 * (row.share ?? 0)}%`;
  }

  return { element, show };
}

function verdictOn(found) {
  if (addsUp(found)) return `✓ ${t("wire.adds-up")}`;
  const { up, down } = found.differs;
  const parts = [["↑", up], ["↓", down]].filter(([, bytes]) => bytes !== 0);
  const told = parts.map(([arrow, bytes]) => `${arrow} ${count(Math.abs(bytes))} B ${bytes > 0 ? t("wire.in-no-unit") : t("wire.too-many")}`);
  return `≠ ${t("wire.differs", { differences: told.join(t("wire.comma")) })}`;
}

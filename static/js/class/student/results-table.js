/** What each group measured in an experiment, and what theory says: only the columns in which something stands. */

import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { techniqueLabel } from "../words.js";
import { figure } from "./near.js";

/** @param {string} own - the name of one's group. */
export function resultsTable({ results, row_unit: rowUnit, unit }, own) {
  const inUnit = (value) => (value === null ? t("figure.none") : `${figure(value)} ${t(`unit.${rowUnit ?? unit}`)}`);
  const differs = (of) => new Set(results.map(of)).size > 1;
  const columns = [
    differs((row) => row.technique) && ["technique", (row) => techniqueLabel(row.technique)],
    (differs((row) => row.interval_ms) || differs((row) => row.delay_ms)) && ["set", setting],
    ["measured", (row) => inUnit(row.measured)],
    results.some((row) => row.theory !== null) && ["theory", (row) => inUnit(row.theory)],
  ].filter(Boolean);
  const groupOf = ({ group }) => (group === own ? t("join.experiment.mine", { name: group }) : group);
  return el("div.wide", { tabindex: "0", role: "region", "aria-label": t("join.experiment.all") }, el("table.results", {},
    el("thead", {}, el("tr", {}, ["group", ...columns.map(([name]) => name)].map((name) => el("th", { scope: "col" }, t(`results.${name}`))))),
    el("tbody", {}, results.map((row) => el("tr", { "aria-current": row.group === own ? "true" : null, data: { accent: row.technique } },
      el("th", { scope: "row" }, groupOf(row)), columns.map(([, text]) => el("td", {}, text(row))))))));
}

function setting({ technique, interval_ms: interval, delay_ms: delay }) {
  return technique === "short-poll" ? t("results.interval", { interval }) : t("results.delay", { delay });
}

/** What each technique costs for the use, and whether it does; and for how many users it would. */

import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { figureText } from "../words.js";
import { mostUsers } from "./crossings.js";
import { costOf } from "./model.js";

const MOST_USERS = 1_000_000;
const HEADS = ["does", "mean", "worst", "requests", "cores", "down", "share", "up", "memory", "most"];

export function createCostTable(place) {
  const body = el("tbody");
  place.append(
    el("div.wide", { tabindex: "0", role: "region", "aria-label": t("lab.choose.table") },
      el("table.lanes-table.costs", { testid: "costs" },
        el("thead", {}, el("tr", {}, ["technique", ...HEADS].map((name) => el("th", { scope: "col" }, t(`lab.choose.column.${name}`))))),
        body)),
    el("p.hint", {}, t("lab.choose.table-note")));

  return {
    show({ use, constants, costs }) {
      body.replaceChildren(...costs.map((cost) => el("tr", { data: { accent: cost.name, technique: cost.name, fits: String(cost.fails.length === 0) } },
        el("th", { scope: "row" }, t(`technique.${cost.name}`), cost.intervalMs === null ? null : el("span.hint", {}, t("lab.choose.every", { interval: seconds(cost.intervalMs) }))),
        HEADS.map((name) => el("td.number", { data: { cell: name } }, TEXTS[name](cost, most(cost.name, use, constants)))))));
    },
  };
}

const TEXTS = {
  does: ({ fails }) => (fails.length === 0 ? t("lab.choose.does") : fails.map((each) => t(`lab.choose.fails.${each}`)).join(t("labs.and"))),
  mean: ({ meanMs }) => seconds(meanMs),
  worst: ({ worstMs }) => seconds(worstMs),
  requests: ({ requests }) => figureText(requests, requests < 10 ? 2 : 0),
  cores: ({ cores }) => share(cores),
  down: ({ down }) => bits(down),
  share: (cost) => share(cost.share),
  up: ({ up }) => bits(up),
  memory: ({ mib }) => (mib === null ? t("figure.none") : t("labs.figure", { figure: figureText(mib, mib < 10 ? 1 : 0), unit: "MiB" })),
  most: (_, users) => (users === null ? t("lab.choose.nobody") : users === MOST_USERS ? t("lab.choose.over", { users }) : figureText(users)),
};

function most(name, use, constants) {
  return mostUsers((users) => costOf(name, { ...use, users }, constants).fails.length === 0, MOST_USERS);
}

/** In ms below a second. */
function seconds(ms) {
  return ms < 1000 ? `${figureText(ms, ms < 10 ? 1 : 0)} ms` : `${figureText(ms / 1000, 1)} s`;
}

/** Of 1, in per cent; what is little keeps a digit that says something. */
function share(value) {
  if (value === null) return t("figure.none");
  const percent = 100 * value;
  return percent > 0 && percent < 0.01 ? "< 0.01 %" : `${figureText(percent, percent < 1 ? 2 : percent < 10 ? 1 : 0)} %`;
}

function bits(bytes) {
  if (bytes === null) return t("figure.none");
  const kbit = (8 * bytes) / 1000;
  return kbit < 1000 ? `${figureText(kbit, kbit < 10 ? 1 : 0)} kbit/s` : `${figureText(kbit / 1000, kbit < 10_000 ? 1 : 0)} Mbit/s`;
}


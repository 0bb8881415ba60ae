/**
 * What each technique costs over one figure of the use, all others as they are: rate, tolerated delay, users. Where one
 * overtakes another there is a ring, and it is said in words. Both axes go by powers of ten.
 */

import { markKey } from "../../compare/marks.js";
import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { figureText } from "../words.js";
import { crossings, points } from "./crossings.js";
import { createLogChart } from "./log-chart.js";
import { costOf, NAMES } from "./model.js";

const SHOWN = 160; // points of a line
const LIST_MOST = 6; // crossings in words
const OVER = [
  { key: "rate", from: 1 / 600, to: 20, shown: (x) => 60 * x, at: (use) => use.rate, use: (use, x) => ({ ...use, rate: x }) },
  { key: "tolerable", from: 30, to: 120_000, shown: (x) => x / 1000, at: (use) => use.tolerableMs, use: (use, x) => ({ ...use, tolerableMs: x }) },
  { key: "users", from: 10, to: 100_000, shown: (x) => x, at: (use) => use.users, use: (use, x) => ({ ...use, users: x }) },
];
const WHAT = {
  cores: { of: ({ cores }) => (cores === null ? null : 100 * cores) },
  down: { of: ({ down }) => (down === null ? null : (8 * down) / 1e6) },
  requests: { of: ({ requests }) => requests },
};

export function createCrossingCharts(place) {
  const choose = el("select", { id: "cost-of", testid: "cost-of", on: { change: () => draw() } }, Object.keys(WHAT).map((what) => el("option", { value: what }, t(`lab.choose.cost.${what}`))));
  const charts = OVER.map((over) => createOne(over));
  let shown = null;
  place.append(el("section.crossings", { "aria-label": t("lab.choose.crossings") },
    el("h3", {}, t("lab.choose.crossings")),
    el("div.field", {}, el("label", { for: "cost-of" }, t("lab.choose.cost-of")), choose),
    el("ul.chart-legend", {}, NAMES.map((name) => el("li", { data: { accent: name } }, markKey(name, "line"), t(`technique.${name}`)))),
    el("div.crossing-charts", {}, charts.map(({ element }) => element))));

  function draw() {
    const isKnown = shown.constants !== null;
    for (const option of choose.options) option.disabled = !isKnown && option.value !== "requests";
    if (!isKnown) choose.value = "requests";
    for (const chart of charts) chart.show(shown, choose.value);
  }

  return {
    show(results) {
      shown = results;
      draw();
    },
  };
}

function createOne(over) {
  const title = t(`lab.choose.over.${over.key}`);
  const chart = createLogChart(title);
  const list = el("ul.crossing-list", { testid: `crossings-${over.key}` });
  const element = el("section.crossing-chart", { "aria-label": title }, el("h4", {}, title), chart.element, list);

  function show({ use, constants }, what) {
    const costAt = (name, x) => WHAT[what].of(costOf(name, over.use(use, x), constants));
    const at = over.at(use);
    const [from, to] = [Math.min(over.from, at / 2), Math.max(over.to, at * 2)];
    const names = NAMES.filter((name) => costAt(name, at) !== null);
    const found = crossings(names, costAt, from, to);
    chart.show({
      from: over.shown(from), to: over.shown(to), at: over.shown(at), limit: limitOf(what, use),
      lines: names.map((name) => ({ name, points: points(from, to, SHOWN).map((x) => ({ x: over.shown(x), y: costAt(name, x) })) })),
      rings: found.map(({ x, y }) => ({ x: over.shown(x), y })),
      unit: t(`lab.choose.cost.${what}.unit`),
    });
    list.replaceChildren(...inWords(found, over));
  }

  return { element, show };
}

function limitOf(what, { uplinkMbit }) {
  const value = { cores: 100, down: uplinkMbit }[what] ?? null;
  return value === null ? null : { value, label: t(`lab.choose.limit.${what}`) };
}

function inWords(found, { key, shown }) {
  if (found.length === 0) return [el("li", {}, t(`lab.choose.none-crosses.${key}`))];
  const said = found.slice(0, LIST_MOST).map(({ x, falls, rises }) => el("li", {}, t(`lab.choose.crosses.${key}`, {
    x: rounded(shown(x)), rises: t(`technique.${rises}`), falls: t(`technique.${falls}`),
  })));
  return found.length > LIST_MOST ? [...said, el("li", {}, t("lab.choose.more-cross", { count: found.length - LIST_MOST }))] : said;
}

/** Two digits that say something. */
function rounded(value) {
  return figureText(Number(value.toPrecision(2)), 3);
}

/**
 * What is seen of short polling's waste: the share of empty answers and the delay over T, beside theory's curves.
 */

import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { createCurve } from "../pictures/curve.js";
import { createLadders } from "../pictures/ladders.js";
import { createLaneTable } from "../pictures/lane-table.js";
import { shareOf } from "../tally.js";
import { emptyShare, shortPollMaxMs, shortPollMeanMs } from "../theory.js";
import { figureText } from "../words.js";

const SHOWN_POLLS = 4; // of the slowest, in the ladders

export function createSee(place, { parameters: { intervalMs, rate } }) {
  const over = { label: t("lab.waste.interval"), unit: "s", most: (2.4 * intervalMs) / 1000 };
  const pair = el("div.curves");
  place.append(pair);
  const empty = createCurve(pair, {
    title: t("lab.waste.picture.empty"), accent: "short-poll", x: over, y: { unit: "%", most: 100 },
    curves: [{ label: t("lab.waste.curve.empty"), of: (x) => 100 * emptyShare({ rate, intervalMs: 1000 * x }) }],
  });
  const delay = createCurve(pair, {
    title: t("lab.waste.picture.delay"), accent: "short-poll", x: over, y: { unit: "ms" },
    curves: [
      { label: t("lab.waste.curve.mean"), of: (x) => shortPollMeanMs({ intervalMs: 1000 * x }) },
      { label: t("lab.waste.curve.max"), of: (x) => shortPollMaxMs({ intervalMs: 1000 * x }) },
    ],
  });
  const table = createLaneTable(place, [
    { label: t("lab.waste.column.polls"), text: ({ during }) => figureText(during.requests) },
    { label: t("lab.waste.column.empty"), strong: true, text: ({ during }) => percent(shareOf(during.empty, during.requests)?.value) },
    { label: t("labs.column.theory"), text: ({ settings }) => percent(emptyShare({ rate, intervalMs: settings.intervalMs })) },
    { label: t("labs.column.mean"), strong: true, text: ({ delay: { mean } }) => ms(mean) },
    { label: t("labs.column.theory"), text: ({ settings }) => ms(shortPollMeanMs(settings)) },
    { label: t("labs.column.max"), text: ({ delay: { max } }) => ms(max) },
    { label: t("labs.column.samples"), text: ({ delay: { count } }) => figureText(count) },
  ]);
  const ladders = createLadders(place, SHOWN_POLLS * 2 * intervalMs);
  return {
    show(results) {
      const at = ({ settings }) => settings.intervalMs / 1000;
      empty.show([results.lanes.map((lane) => {
        const share = shareOf(lane.during.empty, lane.during.requests);
        return { x: at(lane), y: share && 100 * share.value, error: share && 100 * share.error };
      })]);
      delay.show([
        results.lanes.map((lane) => ({ x: at(lane), y: lane.delay.mean, error: lane.delay.error })),
        results.lanes.map((lane) => ({ x: at(lane), y: lane.delay.max, error: null })),
      ]);
      table.show(results);
      ladders.show(results);
    },
  };
}

const percent = (share) => (share === undefined || share === null ? t("figure.none") : `${figureText(100 * share)} %`);
const ms = (value) => (value === null ? t("figure.none") : `${figureText(value)} ms`);

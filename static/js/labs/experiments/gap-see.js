/**
 * What is seen of long polling's gap: delay and requests over the way d, beside theory's curves.
 */

import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { createCurve } from "../pictures/curve.js";
import { createLadders } from "../pictures/ladders.js";
import { createLaneTable } from "../pictures/lane-table.js";
import { longPollMaxMs, longPollMeanMs, longPollRequestsPerMessage } from "../theory.js";
import { figureText } from "../words.js";
import { perHundred } from "./gap.js";

const SHOWN_ROUNDS = 8; // of the farthest client, in the ladders

export function createSee(place, { parameters: { delayMs, rate } }) {
  const over = { label: t("lab.gap.delay"), unit: "ms", most: 2.4 * delayMs };
  const at = (x) => ({ rate, transitMs: x });
  const pair = el("div.curves");
  place.append(pair);
  const delay = createCurve(pair, {
    title: t("lab.gap.picture.delay"), accent: "long-poll", x: over, y: { unit: "ms" },
    curves: [
      { label: t("lab.gap.curve.mean"), of: (x) => longPollMeanMs(at(x)) },
      { label: t("lab.gap.curve.max"), of: (x) => longPollMaxMs(at(x)) },
    ],
  });
  const requests = createCurve(pair, {
    title: t("lab.gap.picture.requests"), accent: "long-poll", x: over, y: { unit: "" },
    curves: [{ label: t("lab.gap.curve.requests"), of: (x) => 100 * longPollRequestsPerMessage(at(x)) }],
  });
  const table = createLaneTable(place, [
    { label: t("labs.column.mean"), strong: true, text: ({ delay: { mean } }) => ms(mean) },
    { label: t("labs.column.theory"), text: (lane) => ms(longPollMeanMs(at(way(lane)))) },
    { label: t("labs.column.max"), strong: true, text: ({ delay: { max } }) => ms(max) },
    { label: t("labs.column.theory"), text: (lane) => ms(longPollMaxMs(at(way(lane)))) },
    { label: t("lab.gap.column.requests"), strong: true, text: (lane) => figureText(perHundred(lane)?.value) },
    { label: t("labs.column.theory"), text: (lane) => figureText(100 * longPollRequestsPerMessage(at(way(lane)))) },
    { label: t("labs.column.samples"), text: ({ delay: { count } }) => figureText(count) },
  ]);
  const ladders = createLadders(place, SHOWN_ROUNDS * 2 * 2 * delayMs);
  return {
    show(results) {
      delay.show([
        results.lanes.map((lane) => ({ x: way(lane), y: lane.delay.mean, error: lane.delay.error })),
        results.lanes.map((lane) => ({ x: way(lane), y: lane.delay.max, error: null })),
      ]);
      requests.show([results.lanes.map((lane) => {
        const measured = perHundred(lane);
        return { x: way(lane), y: measured && measured.value, error: measured && measured.error };
      })]);
      table.show(results);
      ladders.show(results);
    },
  };
}

const way = ({ network }) => network.delay_ms;
const ms = (value) => (value === null ? t("figure.none") : `${figureText(value)} ms`);

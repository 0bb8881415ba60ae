/**
 * 1: what short polling wastes and how late it is, over its interval T. Three clients ask at T/2, T and 2 T for the same
 * messages, which come by chance.
 */

import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { createCurve } from "../pictures/curve.js";
import { createLadders } from "../pictures/ladders.js";
import { createLaneTable } from "../pictures/lane-table.js";
import { createSeeded } from "../seeded.js";
import { shareOf } from "../tally.js";
import { emptyShare, pollsPerMinute, shortPollMaxMs, shortPollMeanMs } from "../theory.js";
import { figureText } from "../words.js";

const SECONDS = 45;
const LANES = [{ key: "half", times: 0.5 }, { key: "own", times: 1 }, { key: "double", times: 2 }];
const SHOWN_POLLS = 4; // of the slowest, in the ladders

export const explanations = 4;

export const fields = [
  { name: "intervalMs", unit: "ms", min: 100, max: 5000, step: 10 },
  { name: "rate", unit: "per-s", min: 0.1, max: 10, step: 0.1 },
];

/** Interval and rate such that between a third and a half of the answers are empty, and a minute is enough to see it. */
export function parameters(seed) {
  const { pick } = createSeeded(seed, "waste");
  const intervalMs = pick([300, 350, 400, 450, 500, 550, 600, 650, 700]);
  const perInterval = pick([0.6, 0.7, 0.8, 0.9, 1.0, 1.1]);
  return { intervalMs, rate: Math.round((10 * perInterval * 1000) / intervalMs) / 10 };
}

export function questions({ intervalMs, rate }) {
  const empty = 100 * emptyShare({ rate, intervalMs });
  const polls = pollsPerMinute({ intervalMs });
  return [
    { key: "empty", unit: "%", digits: 0, theory: empty, tolerance: { absolute: 6 }, mistakes: [
      { key: "share", value: empty / 100 }, { key: "full", value: 100 - empty }, { key: "rhythm", value: Math.max(0, 100 - (rate * intervalMs) / 10) },
    ] },
    { key: "mean", unit: "ms", digits: 0, theory: shortPollMeanMs({ intervalMs }), tolerance: { share: 0.2 }, mistakes: [{ key: "whole", value: intervalMs }] },
    { key: "max", unit: "ms", digits: 0, theory: shortPollMaxMs({ intervalMs }), tolerance: { share: 0.2 }, mistakes: [{ key: "mean", value: intervalMs / 2 }] },
    { key: "requests", unit: "per-minute", digits: 0, theory: polls, tolerance: { share: 0.1 }, mistakes: [{ key: "messages", value: 60 * rate }] },
  ];
}

export function values({ intervalMs, rate }) {
  return {
    interval: intervalMs / 1000, rate, per_interval: rounded((rate * intervalMs) / 1000, 2),
    theory_empty: Math.round(100 * emptyShare({ rate, intervalMs })),
  };
}

export function plan({ intervalMs, rate }) {
  return {
    seconds: SECONDS,
    schedule: { rate, isRandom: true },
    lanes: LANES.map(({ key, times }) => ({
      key, technique: "short-poll", label: t("lab.waste.lane", { interval: (times * intervalMs) / 1000 }), settings: { intervalMs: times * intervalMs },
    })),
  };
}

export function measure({ lanes, seconds }) {
  const { during, delay } = lanes.find(({ key }) => key === "own");
  const share = shareOf(during.empty, during.requests);
  return {
    empty: share && { value: 100 * share.value, error: 100 * share.error, samples: share.samples },
    mean: delay.count === 0 ? null : { value: delay.mean, error: delay.error, samples: delay.count },
    max: delay.count === 0 ? null : { value: delay.max, error: null, samples: delay.count },
    requests: seconds === 0 ? null : { value: (60 * during.requests) / seconds, error: null, samples: during.requests },
  };
}

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

const rounded = (value, digits) => Number(value.toFixed(digits));
const percent = (share) => (share === undefined || share === null ? t("figure.none") : `${figureText(100 * share)} %`);
const ms = (value) => (value === null ? t("figure.none") : `${figureText(value)} ms`);

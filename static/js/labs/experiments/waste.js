/**
 * 1: what short polling wastes and how late it is, over its interval T. Three clients ask at T/2, T and 2 T for the same
 * messages, which come by chance.
 */

import { t } from "../../shell/language.js";
import { createSeeded } from "../seeded.js";
import { shareOf } from "../tally.js";
import { emptyShare, pollsPerMinute, shortPollMaxMs, shortPollMeanMs } from "../theory.js";

const SECONDS = 45;
const LANES = [{ key: "half", times: 0.5 }, { key: "own", times: 1 }, { key: "double", times: 2 }];

export const explanations = 4;

export const fields = [
  { name: "intervalMs", unit: "ms", min: 100, max: 5000, step: 10 },
  { name: "rate", unit: "per-s", min: 0.1, max: 10, step: 0.1 },
];

/** Interval and rate such that the empty answers are not as many as the others, and less than a minute tells them apart. */
export function parameters(seed) {
  const { pick } = createSeeded(seed, "waste");
  const intervalMs = pick([320, 350, 400, 450, 500, 550, 600, 650, 700]);
  const perInterval = pick([0.4, 0.5, 1.2, 1.3, 1.4]);
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

const rounded = (value, digits) => Number(value.toFixed(digits));

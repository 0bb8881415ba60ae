/**
 * 2: the gap of long polling: from an answer's leaving to the next question's arrival nobody asks, and what is born then
 * waits. Three clients, half, once and twice as far from the server, ask for the same messages, which come by chance.
 */

import { t } from "../../shell/language.js";
import { createSeeded } from "../seeded.js";
import { longPollMaxMs, longPollMeanMs, longPollRequestsPerMessage } from "../theory.js";

const SECONDS = 40;
const LANES = [{ key: "half", times: 0.5 }, { key: "own", times: 1 }, { key: "double", times: 2 }];
const TIMEOUT_S = 25;

export const explanations = 4;

export const fields = [
  { name: "delayMs", unit: "ms", min: 10, max: 500, step: 5 },
  { name: "rate", unit: "per-s", min: 0.2, max: 20, step: 0.1 },
];

/** Delay and rate such that neither all messages nor hardly any fall into the gap. */
export function parameters(seed) {
  const { pick } = createSeeded(seed, "gap");
  const delayMs = pick([70, 80, 90, 100, 110, 120, 130, 140, 150]);
  const inGap = pick([0.6, 0.7, 0.8, 0.9]);
  return { delayMs, rate: Math.round((10 * inGap * 1000) / (2 * delayMs)) / 10 };
}

export function questions({ delayMs: transitMs, rate }) {
  return [
    { key: "mean", unit: "ms", digits: 0, theory: longPollMeanMs({ rate, transitMs }), tolerance: { share: 0.12 }, mistakes: [
      { key: "stream", value: transitMs }, { key: "round-trip", value: 2 * transitMs },
    ] },
    { key: "max", unit: "ms", digits: 0, theory: longPollMaxMs({ transitMs }), tolerance: { share: 0.12 }, mistakes: [
      { key: "stream", value: transitMs }, { key: "two", value: 2 * transitMs },
    ] },
    { key: "requests", unit: "requests", digits: 0, theory: 100 * longPollRequestsPerMessage({ rate, transitMs }), tolerance: { share: 0.08 }, mistakes: [
      { key: "each", value: 100 },
    ] },
  ];
}

export function values({ delayMs, rate }) {
  return {
    delay: delayMs, rate, gap: 2 * delayMs, in_gap: Number(((rate * 2 * delayMs) / 1000).toFixed(2)),
    theory_mean: Math.round(longPollMeanMs({ rate, transitMs: delayMs })),
  };
}

export function plan({ delayMs, rate }) {
  return {
    seconds: SECONDS,
    schedule: { rate, isRandom: true },
    lanes: LANES.map(({ key, times }) => ({
      key, technique: "long-poll", label: t("lab.gap.lane", { delay: times * delayMs }), settings: { timeoutS: TIMEOUT_S }, network: { delay_ms: times * delayMs },
    })),
  };
}

export function measure({ lanes }) {
  const own = lanes.find(({ key }) => key === "own");
  const { delay } = own;
  return {
    mean: delay.count === 0 ? null : { value: delay.mean, error: delay.error, samples: delay.count },
    max: delay.count === 0 ? null : { value: delay.max, error: null, samples: delay.count },
    requests: perHundred(own),
  };
}

/** Requests for 100 messages, of a lane. How many share an answer varies about as a count does. */
export function perHundred({ during, received }) {
  if (received === 0) return null;
  return { value: (100 * during.requests) / received, error: (50 * Math.sqrt(during.requests)) / received, samples: received };
}

/**
 * 12: choose a technique for a use, by what each costs on this machine. Nothing is run: the costs come of what the last
 * benchmark here measured (choose/constants.js) by the arithmetic of choose/model.js. Without a benchmark the page computes
 * what theory alone can tell, and says so.
 */

import { t } from "../../shell/language.js";
import { CASES, useOf } from "../choose/cases.js";
import { decide } from "../choose/model.js";
import { createSeeded } from "../seeded.js";

const SIZES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5];

export const explanations = 5;

export const fields = [
  { name: "users", unit: "users", min: 1, max: 1_000_000, step: 1 },
  { name: "perMinute", unit: "per-minute", min: 0.01, max: 6000, step: 0.01 },
  { name: "sendsPerMinute", unit: "per-minute", min: 0, max: 6000, step: 0.01 },
  { name: "tolerableMs", unit: "ms", min: 10, max: 3_600_000, step: 1 },
  { name: "textBytes", unit: "B", min: 1, max: 4000, step: 1 },
  { name: "uplinkMbit", unit: "Mbit-per-s", min: 0.1, max: 100_000, step: 0.1 },
  { name: "transitMs", unit: "ms", min: 0, max: 1000, step: 1 },
];

/** One of the cases, with more users or fewer. */
export function parameters(seed) {
  const { pick } = createSeeded(seed, "choose");
  const name = pick(Object.keys(CASES));
  return { case: name, ...CASES[name], users: Math.round(CASES[name].users * pick(SIZES)) };
}

export function questions(own) {
  const use = useOf(own);
  const byTheory = decide(use, null);
  return [
    { key: "requests", unit: "requests-per-s", digits: 1, theory: byTheory[0].requests, tolerance: { share: 0.1 }, mistakes: [{ key: "messages", value: use.users * use.rate }] },
    { key: "core", unit: "%", digits: 1, theory: null, tolerance: { share: 0.5 } },
    { key: "kbit", unit: "kbit-per-s", digits: 0, theory: null, tolerance: { share: 0.5 }, mistakes: [{ key: "text", value: (use.users * use.rate * use.textBytes * 8) / 1000 }] },
    { key: "enough", unit: "techniques", digits: 0, theory: byTheory.filter(({ fails }) => fails.length === 0).length, tolerance: { absolute: 0 } },
  ];
}

export function values(own) {
  const use = useOf(own);
  const [polls] = decide(use, null);
  return {
    ...own, case: t(`lab.choose.case.${own.case}`), tolerable: own.tolerableMs / 1000, interval: Number((polls.intervalMs / 1000).toFixed(2)),
    polls: Math.round(polls.requests * 10) / 10, deliveries: Math.round(use.users * use.rate * 100) / 100,
  };
}

/** @param {object} results - form.js's: `costs` by technique. */
export function measure({ costs }) {
  const [polls, , , socket] = costs;
  const figure = (value) => (value === null ? null : { value, error: null, samples: null });
  return {
    requests: figure(polls.requests),
    core: figure(polls.cores === null ? null : 100 * polls.cores),
    kbit: figure(socket.down === null ? null : (8 * socket.down) / 1000),
    enough: figure(costs.filter(({ fails }) => fails.length === 0).length),
  };
}

/**
 * 6: whether polling opens a TCP connection again and again: two pages ask, one a little more often and one a little less
 * often than the server closes what is idle, and a WebSocket stands beside them.
 */

import { t } from "../../shell/language.js";
import { techniqueNamed } from "../../techniques.js";
import { createSeeded } from "../seeded.js";
import { summaryOf } from "../tally.js";

const SECONDS = 60;
const RATE = 0.2; // messages a second: they do not matter here

/** After so long without a request uvicorn closes a connection: `keep_alive_s` of pushdemo/settings.py. */
export const KEEP_ALIVE_S = 5;
export const explanations = 4;

export const fields = [
  { name: "belowS", unit: "s", min: 0.5, max: 20, step: 0.1 },
  { name: "aboveS", unit: "s", min: 0.5, max: 20, step: 0.1 },
  { name: "delayMs", unit: "ms", min: 0, max: 500, step: 5 },
];

/** One interval surely below the limit, one surely above, though an answer takes its time. */
export function parameters(seed) {
  const { pick } = createSeeded(seed, "keep-alive");
  return {
    belowS: pick([2.5, 3, 3.2, 3.5, 3.8, 4, 4.2]),
    aboveS: pick([5.8, 6, 6.3, 6.5, 6.8, 7, 7.5]),
    delayMs: pick([40, 50, 60, 80, 100, 120, 150]),
  };
}

export function questions({ belowS, aboveS, delayMs }) {
  return [
    { key: "below", unit: "connections", digits: 0, theory: connectionsInAMinute(belowS), tolerance: { absolute: 0.5 }, mistakes: [
      { key: "each", value: pollsInAMinute(belowS) },
    ] },
    { key: "above", unit: "connections", digits: 0, theory: connectionsInAMinute(aboveS), tolerance: { absolute: 1 }, mistakes: [
      { key: "once", value: 1 },
    ] },
    { key: "socket", unit: "connections", digits: 0, theory: 1, tolerance: { absolute: 0.5 }, mistakes: [] },
    { key: "wait", unit: "ms", digits: 0, theory: answerMs({ delayMs, isOpened: true }), tolerance: { share: 0.15 }, mistakes: [
      { key: "kept", value: answerMs({ delayMs, isOpened: false }) }, { key: "one-more", value: 3 * delayMs },
    ] },
  ];
}

export function values({ belowS, aboveS, delayMs }) {
  return {
    below: belowS, above: aboveS, delay: delayMs, limit: KEEP_ALIVE_S, polls: pollsInAMinute(aboveS), polls_below: pollsInAMinute(belowS),
    round_trip: 2 * delayMs, twice: 4 * delayMs, idle: Number((aboveS - KEEP_ALIVE_S).toFixed(1)),
  };
}

export function plan({ belowS, aboveS, delayMs }) {
  const polling = (key, seconds) => ({
    key, technique: "short-poll", label: t("lab.keep-alive.lane", { interval: seconds }), settings: { intervalMs: 1000 * seconds }, network: { delay_ms: delayMs },
  });
  return {
    seconds: SECONDS,
    schedule: { rate: RATE, isRandom: true },
    lanes: [
      polling("below", belowS), polling("above", aboveS),
      { key: "websocket", technique: "websocket", label: techniqueNamed("websocket").label, network: { delay_ms: delayMs } },
    ],
  };
}

export function measure({ lanes, startedAt }) {
  const of = (name) => lanes.find(({ key }) => key === name);
  const opened = (name) => {
    const count = connectionsOf(of(name), startedAt).length;
    return count === 0 ? null : { value: count, error: null, samples: count };
  };
  const { mean, error, count } = summaryOf(waits(of("above")));
  return {
    below: opened("below"), above: opened("above"), socket: opened("websocket"),
    wait: count === 0 ? null : { value: mean, error, samples: count },
  };
}

/** The connections that a lane's technique used, of those that were opened before the minute was over. */
export function connectionsOf({ store, technique }, startedAt) {
  return [...store.connections.values()].filter(({ techniques, opened_at: at }) =>
    techniques.includes(technique) && startedAt !== null && at < startedAt + 1000 * SECONDS);
}

/** How long each answer but the first took, in ms; the first question may find a connection by which the page's files came. */
export function waits({ answers }) {
  return answers.slice(1).map(({ ms }) => ms).filter((ms) => ms !== null);
}

// ---- theory

/** From the first on, which is at the beginning. */
export function pollsInAMinute(intervalS) {
  return 1 + Math.floor(SECONDS / intervalS);
}

export function connectionsInAMinute(intervalS) {
  return intervalS > KEEP_ALIVE_S ? pollsInAMinute(intervalS) : 1;
}

/** There and back, and once more for TCP's handshake where the connection is a new one. */
export function answerMs({ delayMs, isOpened }) {
  return 2 * delayMs * (isOpened ? 2 : 1);
}

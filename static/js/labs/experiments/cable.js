/**
 * 7: cut the cable: the network vanishes without a word, and comes back. Who notices, when, and what is lost: the five
 * transports, beside them WebSocket with a heartbeat of the page's own, and two clients that do it wrong (toys/).
 */

import { t } from "../../shell/language.js";
import { TECHNIQUES } from "../../techniques.js";
import { createSeeded } from "../seeded.js";

const SECONDS = 56;
const RELOAD_AFTER_S = 51; // Socket.IO has noticed by then; who has not is loaded again by hand
const ANSWER_WITHIN_S = 10; // http.js: a poll without an answer is given up
const ENGINE_S = 25 + 20; // Engine.IO: a ping every 25 s, and 20 s more until the client gives up
const UVICORN_S = 20 + 20; // the same, by the server, of WebSocket: but its page is not told
const INTERVAL_MS = 1000;
const LATE_MS = 1000;
const PACKET_MS = 300; // what was on its way when the network vanished

export const VANISH_AFTER_S = 5;
export const LANES = [...TECHNIQUES.map(({ name }) => ({ key: name, technique: name })),
  { key: "heartbeat", technique: "websocket", toy: "heartbeat" },
  { key: "no-cursor", technique: "short-poll", toy: "no-cursor" },
  { key: "late-waiter", technique: "long-poll", toy: "late-waiter" }];
export const explanations = 6;

export const fields = [
  { name: "goneS", unit: "s", min: 1, max: 30, step: 1 },
  { name: "rate", unit: "per-s", min: 0.5, max: 5, step: 0.1 },
  { name: "everyS", unit: "s", min: 4, max: 30, step: 1 },
  { name: "delayMs", unit: "ms", min: 0, max: 300, step: 5 },
];

/** A time that is not near to one after which polling gives up; and messages enough that chance matters little. */
export function parameters(seed) {
  const { pick } = createSeeded(seed, "cable");
  return { goneS: pick([4, 5, 6, 12, 13]), rate: pick([3, 3.5, 4]), everyS: pick([4, 5, 6]), waitS: pick([2, 3]), timeoutS: pick([6, 8, 10]), delayMs: pick([60, 70, 80, 90, 100]) };
}

export function questions(own) {
  const { goneS, rate, everyS, waitS } = own;
  return [
    { key: "notice", unit: "techniques", digits: 0, theory: 3, tolerance: { absolute: 0.5 }, mistakes: [
      { key: "all", value: 5 }, { key: "polling", value: 2 }, { key: "none", value: 0 }, { key: "one-too-many", value: 4 },
    ] },
    { key: "heartbeat", unit: "s", digits: 1, theory: heartbeatS(own), tolerance: { absolute: everyS / 2 + 0.5 }, mistakes: [
      { key: "at-once", value: 0 }, { key: "server", value: UVICORN_S }, { key: "server-half", value: UVICORN_S / 2 }, { key: "twice", value: 2 * (everyS + waitS) },
    ] },
    { key: "lost", unit: "messages", digits: 0, theory: lostWithoutCursor(own), tolerance: { share: 0.25 }, mistakes: [
      { key: "while-gone", value: rate * goneS }, { key: "nothing", value: 0 },
    ] },
    { key: "waiter", unit: "%", digits: 0, theory: 100 * lostByLateWaiter(own), tolerance: { absolute: 8 }, mistakes: [
      { key: "whole", value: 0 }, { key: "crowd", value: 100 },
    ] },
  ];
}

export function values(own) {
  const { goneS, rate, everyS, waitS, timeoutS, delayMs } = own;
  return {
    gone: goneS, rate, every: everyS, wait: waitS, timeout: timeoutS, delay: delayMs, after: VANISH_AFTER_S, reload: RELOAD_AFTER_S, seconds: SECONDS,
    limit: ANSWER_WITHIN_S, silent: INTERVAL_MS / 1000 + ANSWER_WITHIN_S * triesOf(goneS), published: Math.round(rate * goneS),
    lost: Math.round(lostWithoutCursor(own)), gap: 2 * delayMs, waiter: Math.round(100 * lostByLateWaiter(own)), longest: everyS + waitS,
    engine: ENGINE_S, engine_seen: ENGINE_S - VANISH_AFTER_S, uvicorn: UVICORN_S, poll_longest: timeoutS + ANSWER_WITHIN_S,
  };
}

export function plan({ goneS, rate, everyS, waitS, timeoutS, delayMs }) {
  const settings = { "short-poll": { intervalMs: INTERVAL_MS }, "long-poll": { timeoutS }, heartbeat: { everyMs: 1000 * everyS, waitMs: 1000 * waitS } };
  return {
    seconds: SECONDS,
    schedule: { rate, isRandom: true },
    lanes: LANES.map(({ key, technique, toy }) => ({
      key, technique, toy, settings: settings[key] ?? settings[technique] ?? {}, network: isCut({ key }) ? {} : { delay_ms: delayMs },
      label: toy ? t(`lab.cable.lane.${key}`) : TECHNIQUES.find(({ name }) => name === technique).label,
    })),
    acts: [
      { afterS: VANISH_AFTER_S, act: (bench) => breakEach(bench, "vanish") },
      { afterS: VANISH_AFTER_S + goneS, act: (bench) => breakEach(bench, "come_back") },
      { afterS: RELOAD_AFTER_S, act: reloadUnaware },
    ],
  };
}

function breakEach(bench, fault) {
  return Promise.all(bench.lanes.filter(isCut).map(({ key }) => bench.breakBy(key, fault)));
}

/** Who has noticed nothing would stay as it is for minutes more: somebody has to load that page again. */
function reloadUnaware(bench) {
  for (const lane of bench.lanes) {
    if (isCut(lane) && noticedAt(lane, bench) === null) bench.reload(lane.key);
  }
}

/** The late waiter's network stays whole: it loses messages all the same. */
export const isCut = ({ key }) => key !== "late-waiter";

export function measure(results) {
  const { startedAt, seconds, published } = results;
  const of = (name) => results.lanes.find(({ key }) => key === name);
  if (startedAt === null || seconds < RELOAD_AFTER_S || published === 0) return { notice: null, heartbeat: null, lost: null, waiter: null };
  const right = results.lanes.filter(({ key, technique }) => key === technique);
  const noticed = noticedAfterS(of("heartbeat"), results);
  const [lost, late] = [of("no-cursor").lost, of("late-waiter").lost];
  return {
    notice: { value: right.filter((lane) => noticedAt(lane, results) !== null).length, error: null, samples: right.length },
    heartbeat: noticed === null ? null : { value: noticed, error: null, samples: 1 },
    lost: { value: lost, error: Math.sqrt(lost), samples: published }, // a count by chance varies so
    waiter: { value: (100 * late) / published, error: (100 * Math.sqrt(late)) / published, samples: published },
  };
}

// ---- what is seen of a lane

export const goneAt = ({ startedAt }) => startedAt + 1000 * VANISH_AFTER_S;

/** When it first took its connection to be broken, while nobody had loaded it again; null: never. */
export function noticedAt({ states }, { startedAt }) {
  if (startedAt === null) return null;
  const until = startedAt + 1000 * RELOAD_AFTER_S;
  return states.find(({ at, state }) => state === "broken" && at >= goneAt({ startedAt }) && at < until)?.at ?? null;
}

export function noticedAfterS(lane, results) {
  const at = noticedAt(lane, results);
  return at === null ? null : (at - goneAt(results)) / 1000;
}

/** When the first message came after the network had vanished. */
export function backAfterS({ delays }, results) {
  if (results.startedAt === null) return null;
  const first = delays.find(({ at }) => at > goneAt(results) + PACKET_MS);
  return first === undefined ? null : (first.at - goneAt(results)) / 1000;
}

export const lateOf = ({ delays }) => delays.filter(({ ms }) => ms > LATE_MS + INTERVAL_MS).length;

// ---- theory

/** A question every H, and W to wait: between W and W + H after the cut. */
export function heartbeatS({ everyS, waitS }) {
  return waitS + everyS / 2;
}

/** Polls until one is answered: each is waited for, and the next one asks at once. */
export function triesOf(goneS) {
  return Math.max(1, Math.ceil((goneS - INTERVAL_MS / 2000) / ANSWER_WITHIN_S));
}

/** From the last answer to the first after it: an interval, and each try. */
export function lostWithoutCursor({ rate, goneS }) {
  return rate * (INTERVAL_MS / 1000 + ANSWER_WITHIN_S * triesOf(goneS));
}

/**
 * The share that comes in a gap G = 2d before `latest` is read. After that it waits from a known place: in the 2d until
 * its question arrives λG come, or it waits for one: λG are lost of each λG + λG + e^(-λG).
 */
export function lostByLateWaiter({ rate, delayMs }) {
  const inGap = (rate * 2 * delayMs) / 1000;
  return inGap / (2 * inGap + Math.exp(-inGap));
}

/**
 * 8: who gets through: all five techniques behind a proxy that takes Upgrade out of requests, and behind one that holds
 * responses back. The run begins without them; then they are put in, and every connection is cut, as in a real change.
 */

import { t } from "../../shell/language.js";
import { TECHNIQUES } from "../../techniques.js";
import { createSeeded } from "../seeded.js";
import { shareOf } from "../tally.js";
import { jsonBytes } from "./weight.js";

const SECONDS = 38;
const CUT_AFTER_S = 6;
const BACK_WITHIN_S = 4; // EventSource waits 2 s before it connects again, the others less
const AROUND_EVENT_BYTES = 33; // of an event: chunk size, "id:" with the cursor, "data:", line ends
const DELIVERS = 0.9; // of the messages in time, and the technique survives: 1 would be of no use on a busy machine
const INTERVAL_MS = 430; // in no step with the messages, which come in a rhythm

export const IN_TIME_MS = 1000;
export const PROXIES = ["strip", "buffer"];
export const explanations = 5;

export const fields = [
  { name: "bufferBytes", unit: "B", min: 200, max: 65_000, step: 1 },
  { name: "textBytes", unit: "B", min: 20, max: 2000, step: 10 },
  { name: "rate", unit: "per-s", min: 0.2, max: 5, step: 0.1 },
];

/** A buffer that the events of an SSE stream fill in 3 to 10 seconds. */
export function parameters(seed) {
  const { pick } = createSeeded(seed, "proxies");
  return { bufferBytes: pick([3000, 3500, 4096, 5000]), textBytes: pick([120, 150, 180, 210, 240]), rate: pick([2, 2.4, 3]) };
}

export function questions(own) {
  return [
    { key: "strip", unit: "techniques", digits: 0, theory: 4, tolerance: { absolute: 0.5 }, mistakes: [
      { key: "falls-back", value: 3 }, { key: "all", value: 5 }, { key: "streams", value: 2 },
    ] },
    { key: "buffer", unit: "techniques", digits: 0, theory: 4, tolerance: { absolute: 0.5 }, mistakes: [
      { key: "one-too-many", value: 5 }, { key: "tunnel", value: 3 }, { key: "answers-end", value: 2 },
    ] },
    { key: "late", unit: "s", digits: 1, theory: fillS(own), tolerance: { share: 0.25 }, mistakes: [
      { key: "mean", value: fillS(own) / 2 }, { key: "text", value: own.bufferBytes / (own.rate * own.textBytes) },
    ] },
    { key: "polling", unit: "requests", digits: 0, theory: 100, tolerance: { share: 0.15 }, mistakes: [{ key: "upgraded", value: 0 }] },
  ];
}

export function values(own) {
  return {
    buffer: own.bufferBytes, text: own.textBytes, rate: own.rate, event: eventBytes(own.textBytes), cut: CUT_AFTER_S,
    events: Math.round(own.bufferBytes / eventBytes(own.textBytes)), fill: Number(fillS(own).toFixed(1)), interval: INTERVAL_MS / 1000,
  };
}

export function plan({ bufferBytes, textBytes, rate }) {
  const networks = { strip: { strip_upgrade: true }, buffer: { buffer_bytes: bufferBytes } };
  return {
    seconds: SECONDS,
    schedule: { rate, isRandom: false, textBytes },
    lanes: PROXIES.flatMap((proxy) => TECHNIQUES.map(({ name, label }) => ({
      key: keyOf(name, proxy), technique: name, label: t(`lab.proxies.lane.${proxy}`, { technique: label }),
      settings: name === "short-poll" ? { intervalMs: INTERVAL_MS } : {},
    }))),
    acts: [{ afterS: CUT_AFTER_S, act: (bench) => putIn(bench, networks) }],
  };
}

/** A proxy holds for new connections, so the old ones have to go. */
async function putIn(bench, networks) {
  await Promise.all(bench.lanes.map(({ key }) => bench.setNetwork(key, networks[proxyOf(key)])));
  await bench.breakBy(null, "cut");
}

export function measure(results) {
  const late = lanesBehind(results, "buffer").find(({ technique }) => technique === "sse");
  const polling = lanesBehind(results, "strip").find(({ technique }) => technique === "socket-io");
  const delays = behindProxy(late, results).delays;
  return {
    strip: survivors(results, "strip"),
    buffer: survivors(results, "buffer"),
    late: delays.length === 0 ? null : { value: Math.max(...delays) / 1000, error: null, samples: delays.length },
    polling: requestsPerHundred(polling, results),
  };
}

// ---- what came through

/** When a message must have been sent to count, by the server's clock: the connections had time to come back. */
export function countsFrom({ startedAt }) {
  return startedAt + 1000 * (CUT_AFTER_S + BACK_WITHIN_S);
}

export const isBehindProxy = (results) => results.startedAt !== null && results.seconds > CUT_AFTER_S + BACK_WITHIN_S;

/** Of a lane: the delays of what was sent behind the proxy, how many were sent, and the share of them that came in time. */
export function behindProxy({ delays }, results) {
  const from = countsFrom(results);
  const until = results.startedAt + 1000 * results.seconds - IN_TIME_MS; // what is younger may yet come in time
  const of = delays.filter(({ at, ms }) => at - ms >= from && at - ms < until).map(({ ms }) => ms);
  const sent = results.messages.filter(({ sent_at: at }) => at >= from && at < until).length;
  return { delays: of, sent, share: shareOf(of.filter((ms) => ms <= IN_TIME_MS).length, sent) };
}

export function survives(lane, results) {
  const { share } = behindProxy(lane, results);
  return share !== null && share.value >= DELIVERS;
}

function survivors(results, proxy) {
  const lanes = lanesBehind(results, proxy);
  const { sent } = behindProxy(lanes[0], results);
  return sent === 0 ? null : { value: lanes.filter((lane) => survives(lane, results)).length, error: null, samples: sent };
}

/** HTTP requests for 100 messages, and what crosses for a heartbeat is among them. */
export function requestsPerHundred(lane, results) {
  const { sent } = behindProxy(lane, results);
  const count = requestsAfter(lane, results);
  return sent === 0 ? null : { value: (100 * count) / sent, error: (50 * Math.sqrt(count)) / sent, samples: sent };
}

export function requestsAfter({ store, technique }, results) {
  const until = results.startedAt + 1000 * results.seconds - IN_TIME_MS;
  return store.units.filter(({ kind, technique: of, sent_at: at }) => kind === "request" && of === technique && at >= countsFrom(results) && at < until).length;
}

export function lanesBehind({ lanes }, proxy) {
  return lanes.filter(({ key }) => proxyOf(key) === proxy);
}

const keyOf = (technique, proxy) => `${technique}.${proxy}`;
export const proxyOf = (key) => key.split(".").at(-1);

// ---- theory

export function eventBytes(textBytes) {
  return jsonBytes(textBytes) + AROUND_EVENT_BYTES;
}

/** Until events fill a buffer: B / (λ s), for the first message in it the longest wait. */
export function fillS({ bufferBytes, textBytes, rate }) {
  return bufferBytes / (rate * eventBytes(textBytes));
}

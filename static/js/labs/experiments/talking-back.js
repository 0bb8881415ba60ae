/**
 * 10: talking back: what it takes to send a message to the server. By POST beside an SSE stream, once on a connection that
 * is kept and once on a new one each time; by a frame of WebSocket; by an event of Socket.IO. At the end some at once.
 */

import { randomLetters } from "../../shell/ids.js";
import { t } from "../../shell/language.js";
import { createSeeded } from "../seeded.js";
import { summaryOf } from "../tally.js";
import { headerBytes } from "./weight.js";

const SECONDS = 28;
const EACH = 12; // messages a lane sends one by one
const EVERY_S = 2; // so that the connection is kept
const FRESH_EVERY_S = 6.5; // the server closes what is idle for 5 s
const FRESH = 3;
const BURST_AFTER_S = 25.5; // while the kept connection stands
const MASK_BYTES = 4;
const CONNECTIONS_TO_A_HOST = 6; // a browser's limit under HTTP/1.1
const [SENDER_LETTERS, ID_LETTERS] = [8, 12];

export const LANES = [
  { key: "kept", technique: "sse", isPost: true }, { key: "fresh", technique: "sse", isPost: true },
  { key: "websocket", technique: "websocket", isPost: false }, { key: "socket-io", technique: "socket-io", isPost: false },
];
export const explanations = 5;

export const fields = [
  { name: "delayMs", unit: "ms", min: 0, max: 400, step: 5 },
  { name: "textBytes", unit: "B", min: 5, max: 1000, step: 1 },
  { name: "burst", unit: "messages", min: 1, max: 9, step: 1 },
];

export function parameters(seed) {
  const { pick } = createSeeded(seed, "talking-back");
  return { delayMs: pick([80, 90, 100, 110, 120, 130, 140]), textBytes: pick([10, 15, 20, 30, 60, 80, 100]), burst: pick([3, 4, 7, 8]) };
}

export function questions(own) {
  const { delayMs, burst } = own;
  const frame = frameUp(own);
  return [
    { key: "post", unit: "B", digits: 0, theory: null, tolerance: { share: 0.3 }, mistakes: [] },
    { key: "frame", unit: "B", digits: 0, theory: frame, tolerance: { absolute: 1.5 }, mistakes: [
      { key: "unmasked", value: frame - MASK_BYTES }, { key: "payload", value: jsonUp(own) }, { key: "text", value: own.textBytes },
    ] },
    { key: "fresh", unit: "ms", digits: 0, theory: 4 * delayMs, tolerance: { share: 0.2 }, mistakes: [
      { key: "one-trip", value: 2 * delayMs }, { key: "one-way", value: delayMs }, { key: "half-trip", value: 3 * delayMs },
    ] },
    { key: "connections", unit: "connections", digits: 0, theory: connectionsOf(burst), tolerance: { absolute: 0.5 }, mistakes: [
      { key: "single", value: 1 }, { key: "each", value: 1 + burst > connectionsOf(burst) ? 1 + burst : 2 },
    ] },
  ];
}

export function values(own) {
  const { delayMs, textBytes, burst } = own;
  return {
    delay: delayMs, text: textBytes, burst, json: jsonUp(own), frame: frameUp(own), header: headerBytes(jsonUp(own)), round_trip: 2 * delayMs, twice: 4 * delayMs,
    each: EACH, every: EVERY_S, fresh_every: FRESH_EVERY_S, connections: connectionsOf(burst), most: CONNECTIONS_TO_A_HOST, posts: connectionsOf(burst) - 1, after: BURST_AFTER_S,
  };
}

export function plan({ delayMs, textBytes, burst }) {
  const send = (key, index) => (bench) => bench.sendBy(key, draftOf(index, textBytes, key));
  const acts = LANES.flatMap(({ key }) => (key === "fresh"
    ? Array.from({ length: FRESH }, (_, index) => ({ afterS: FRESH_EVERY_S * (1 + index), act: send(key, index) }))
    : [
      ...Array.from({ length: EACH }, (_, index) => ({ afterS: EVERY_S * (1 + index), act: send(key, index) })),
      ...Array.from({ length: burst }, (_, index) => ({ afterS: BURST_AFTER_S, act: send(key, EACH + index) })),
    ]));
  return {
    seconds: SECONDS, schedule: null, acts,
    lanes: LANES.map(({ key, technique }) => ({ key, technique, label: t(`lab.talking-back.lane.${key}`), network: { delay_ms: delayMs } })),
  };
}

/** Of the same lengths for all, so that only the technique differs; begins with its number. */
function draftOf(index, textBytes, key) {
  return {
    sender: key.slice(0, SENDER_LETTERS).padEnd(SENDER_LETTERS, "-"), client_message_id: randomLetters(ID_LETTERS),
    text: `${index + 1} ${"abcdefghijklmnopqrstuvwxyz ".repeat(1 + Math.ceil(textBytes / 27))}`.slice(0, textBytes).trimEnd().padEnd(textBytes, "."),
  };
}

export function measure(results) {
  const of = (name) => results.lanes.find(({ key }) => key === name);
  const bytes = (lane) => {
    const { up, messages } = bytesOf(lane, results);
    return messages === 0 ? null : { value: up / messages, error: null, samples: messages };
  };
  const fresh = summaryOf(acks(of("fresh"), results));
  const { connections } = burstOf(of("kept"), results);
  return {
    post: bytes(of("kept")), frame: bytes(of("websocket")),
    fresh: fresh.count === 0 ? null : { value: fresh.median, error: fresh.error, samples: fresh.count },
    connections: connections === 0 ? null : { value: 1 + connections, error: null, samples: connections },
  };
}

// ---- what crossed for sending

const burstFrom = ({ startedAt }) => startedAt + 1000 * BURST_AFTER_S - 100;
const isPostLane = ({ key }) => LANES.find((each) => each.key === key).isPost;

/** The units of sending: of a POST and its answer all; of frames those that carry no message to the page and no heartbeat. */
function sending(lane, { startedAt }) {
  const isOfSending = isPostLane(lane)
    ? ({ technique }) => technique === "publish"
    : ({ technique, kind, direction, messages, accounts }) => technique === lane.technique && kind === "frame" && !accounts.heartbeat && !accounts.handshake &&
        (direction === "up" || messages.length === 0);
  return startedAt === null ? [] : lane.store.units.filter((unit) => unit.sent_at >= startedAt && isOfSending(unit));
}

/** Before the burst: bytes up and down, and messages sent one by one. */
export function bytesOf(lane, results) {
  const units = sending(lane, results).filter(({ sent_at: at }) => lane.key === "fresh" || at < burstFrom(results));
  const bytes = (way) => units.filter(({ direction }) => direction === way).reduce((sum, { size }) => sum + size, 0);
  return { up: bytes("up"), down: bytes("down"), messages: single(lane, results).length, requests: units.filter(({ kind }) => kind === "request").length };
}

function single(lane, results) {
  return lane.sends.filter(({ at, id }) => id !== null && (lane.key === "fresh" || at < burstFrom(results)));
}

export function acks(lane, results) {
  return single(lane, results).map(({ ackMs }) => ackMs);
}

/** Of those sent at once: how many, on how many connections, whether they are in the feed in the order of sending, and the last one's time. */
export function burstOf(lane, results) {
  const sends = lane.key === "fresh" ? [] : lane.sends.filter(({ at, id }) => id !== null && at >= burstFrom(results));
  const numbers = sends.map(({ id }) => Number(id.split("-")[1]));
  const up = sending(lane, results).filter(({ direction, sent_at: at }) => direction === "up" && at >= burstFrom(results));
  return {
    count: sends.length, connections: new Set(up.map(({ connection }) => connection)).size,
    isInOrder: numbers.every((number, index) => index === 0 || number > numbers[index - 1]),
    lastMs: sends.length === 0 ? null : Math.max(...sends.map(({ ackMs }) => ackMs)),
  };
}

// ---- theory

/** What WebSocket's page sends for a message, in JSON. */
export function jsonUp({ textBytes }) {
  return JSON.stringify({ text: "", sender: "-".repeat(SENDER_LETTERS), client_message_id: "-".repeat(ID_LETTERS) }).length + textBytes;
}

/** And the frame around it, with its mask (RFC 6455 section 5.3). */
export function frameUp(own) {
  return headerBytes(jsonUp(own)) + MASK_BYTES + jsonUp(own);
}

/** The stream's, and one for each POST as far as the browser's limit goes. */
export function connectionsOf(burst) {
  return 1 + Math.min(burst, CONNECTIONS_TO_A_HOST - 1);
}

/** Until the acknowledgement: there and back, and once more for TCP's handshake. */
export const ackTheoryMs = ({ key }, { delayMs }) => (key === "fresh" ? 4 : 2) * delayMs;

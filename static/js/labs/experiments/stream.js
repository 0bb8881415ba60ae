/**
 * 3: one response, many events: what an event costs, how a stream resumes after a cut by the last event ID, and what
 * becomes of several streams to one host and port, for which a browser has six connections.
 */

import { randomLetters } from "../../shell/ids.js";
import { t } from "../../shell/language.js";
import { createSeeded } from "../seeded.js";

const SECONDS = 26;
const CONNECTIONS_TO_A_HOST = 6; // a browser's limit under HTTP/1.1
const RETRY_S = 2; // told by the server in `retry:`
const LEFT = 3; // streams, when the others are closed
const LAST_EVENT_ID = /Last-Event-ID [a-z0-9]+-(\d+)/;
const ID_BYTES = 10; // of a cursor in a new room, about

export const SEND_AFTER_S = 14;
export const CLOSE_AFTER_S = 21;
export const explanations = 5;

export const fields = [
  { name: "rate", unit: "per-s", min: 0.5, max: 5, step: 0.1 },
  { name: "textBytes", unit: "B", min: 10, max: 1000, step: 1 },
  { name: "streams", unit: "streams", min: 1, max: 12, step: 1 },
];

export function parameters(seed) {
  const { pick } = createSeeded(seed, "stream");
  return { rate: pick([2, 2.5, 4]), textBytes: pick([40, 60, 80, 100, 120]), streams: pick([7, 8, 9]), cutS: pick([6, 7, 8, 9]) };
}

export function questions(own) {
  const { rate, cutS, streams } = own;
  return [
    { key: "open", unit: "streams", digits: 0, theory: CONNECTIONS_TO_A_HOST, tolerance: { absolute: 0.5 }, mistakes: [
      { key: "all", value: streams }, { key: "one", value: 1 },
    ] },
    { key: "framing", unit: "B", digits: 0, theory: aroundEvent(), tolerance: { absolute: 6 }, mistakes: [
      { key: "none", value: 0 }, { key: "headers", value: 500 },
    ] },
    { key: "id", unit: "number", digits: 0, theory: lastBeforeCut(own), tolerance: { absolute: 2 }, mistakes: [
      { key: "after", value: Math.round(rate * (cutS + RETRY_S)) }, { key: "nothing", value: 0 },
    ] },
    { key: "late", unit: "s", digits: 1, theory: RETRY_S, tolerance: { absolute: 0.6 }, mistakes: [
      { key: "lost", value: 0 }, { key: "backoff", value: 0.5 },
    ] },
  ];
}

export function values(own) {
  const { rate, textBytes, streams, cutS } = own;
  return {
    rate, text: textBytes, streams, cut: cutS, most: CONNECTIONS_TO_A_HOST, waiting: Math.max(0, streams - CONNECTIONS_TO_A_HOST), retry: RETRY_S,
    framing: aroundEvent(), id: lastBeforeCut(own), missed: Math.round(rate * RETRY_S), send: SEND_AFTER_S, close: CLOSE_AFTER_S, left: LEFT, wait: CLOSE_AFTER_S - SEND_AFTER_S,
  };
}

export function plan({ rate, textBytes, streams, cutS }) {
  return {
    seconds: SECONDS,
    schedule: { rate, isRandom: false, textBytes },
    lanes: [
      { key: "own", technique: "sse", label: t("lab.stream.lane.own") },
      { key: "many", technique: "sse", toy: "many-streams", label: t("lab.stream.lane.many", { streams }), settings: { streams } },
    ],
    acts: [
      { afterS: cutS, act: (bench) => bench.breakBy("own", "cut") },
      { afterS: SEND_AFTER_S, act: (bench) => bench.sendBy("many", { sender: "many", text: "?", client_message_id: randomLetters(12) }) },
      { afterS: CLOSE_AFTER_S, act: (bench) => bench.lanes.find(({ key }) => key === "many").command("configure", { settings: { streams: LEFT } }) },
    ],
  };
}

export function measure({ lanes }) {
  const [own, many] = ["own", "many"].map((name) => lanes.find(({ key }) => key === name));
  const id = lastEventId(own);
  const { count, framing } = eventsOf(own);
  const opened = streamsOf(many);
  return {
    open: opened === 0 ? null : { value: opened, error: null, samples: opened },
    framing: count === 0 ? null : { value: framing / count, error: null, samples: count },
    id: id === null ? null : { value: id, error: null, samples: 1 },
    late: own.delay.count === 0 ? null : { value: own.delay.max / 1000, error: null, samples: own.delay.count },
  };
}

// ---- what crossed

const isStream = ({ kind, technique, label }) => kind === "request" && technique === "sse" && / sse\b/.test(label);

/** How many streams the browser asked the server for: what waits in the browser never crosses. */
export function streamsOf({ store }) {
  return store.units.filter(isStream).length;
}

/** Events with a message, and the bytes around them: chunk, id, field names, line ends. */
export function eventsOf({ store }) {
  const events = store.units.filter(({ technique, kind, messages }) => technique === "sse" && kind === "event" && messages.length === 1);
  return { count: events.length, framing: events.reduce((sum, { accounts }) => sum + (accounts.framing ?? 0), 0) };
}

/** The number in the last event ID that the browser sent of itself; null: it has not yet. */
export function lastEventId({ store }) {
  const found = store.units.filter(isStream).map(({ label }) => LAST_EVENT_ID.exec(label)).find((match) => match !== null);
  return found === undefined ? null : Number(found[1]);
}

// ---- theory

/** `id: `, `data: `, an empty line, and the chunk around: its length in hexadecimal, and two line ends of two bytes. */
export function aroundEvent() {
  return "id: \n".length + ID_BYTES + "data: \n".length + "\n".length + "ff\r\n\r\n".length;
}

/** The messages of a new room are numbered from 1 on. */
export function lastBeforeCut({ rate, cutS }) {
  return Math.round(rate * cutS);
}

/**
 * 11: a published number, reproduced: the table with which Lubbers and Greco (HTML5 Web Sockets: A Quantum Leap in
 * Scalability for the Web, 2010) made WebSocket known. A page asks once a second for some twenty characters; the heads of
 * question and answer are set beside the head of a frame, and multiplied by thousands of clients.
 *
 * Their figures: 871 bytes of heads, counted without line ends; with CRLF and the blank lines 909. Two bytes for a frame,
 * a draft's; RFC 6455 section 5.2 has 2 towards the browser below 126 bytes of payload, 4 from there on. Their megabits
 * are 2^20 bits: 871 x 8 x 1,000 / 2^20 = 6.6.
 */

import { t } from "../../shell/language.js";
import { FRAME_BYTES, frameHead, HEADS_BYTES, megabits, messageBytes } from "../published/arithmetic.js";
import { createSeeded } from "../seeded.js";

const SECONDS = 20;
const INTERVAL_MS = 1000;

export const explanations = 5;

export const fields = [{ name: "textBytes", unit: "B", min: 12, max: 2000, step: 1 }];

/** Texts about as long as theirs, some on each side of a frame's edge. */
export function parameters(seed) {
  const { pick } = createSeeded(seed, "published");
  return { textBytes: pick([16, 18, 20, 22, 24, 40, 44, 48, 52]), clients: pick([2000, 3000, 5000, 20_000, 30_000, 50_000]) };
}

export function questions({ textBytes }) {
  return [
    { key: "heads", unit: "B", digits: 0, theory: null, tolerance: { share: 0.25 }, mistakes: [{ key: "theirs", value: HEADS_BYTES }] },
    { key: "frame", unit: "B", digits: 1, theory: frameHead(messageBytes(textBytes)), tolerance: { absolute: 0.5 }, mistakes: [{ key: "masked", value: frameHead(messageBytes(textBytes)) + 4 }] },
    { key: "factor", unit: "times", digits: 0, theory: null, tolerance: { share: 0.3 }, mistakes: [{ key: "theirs-factor", value: HEADS_BYTES / FRAME_BYTES }] },
    { key: "mbit", unit: "Mbit-2-20", digits: 1, theory: null, tolerance: { share: 0.25 } },
  ];
}

export function values({ textBytes, clients }) {
  return {
    textBytes, clients, message: messageBytes(textBytes), head: frameHead(messageBytes(textBytes)),
    theirs: Math.round(megabits(HEADS_BYTES, clients) * 10) / 10,
  };
}

export function plan({ textBytes }) {
  return {
    seconds: SECONDS,
    schedule: { rate: 1, isRandom: false, textBytes },
    lanes: [
      { key: "poll", technique: "short-poll", label: t("lab.published.lane.poll"), settings: { intervalMs: INTERVAL_MS } },
      { key: "socket", technique: "websocket", label: t("lab.published.lane.socket") },
    ],
  };
}

/** Of what has crossed so far, in bytes: the heads of a question and of an answer, and the head of a frame with a message. */
export function overheads({ lanes }) {
  const of = (key) => lanes.find((lane) => lane.key === key)?.store.units ?? [];
  const heads = (kind) => meanOf(of("poll").filter((unit) => unit.technique === "short-poll" && unit.kind === kind).map(({ accounts }) => accounts.http_headers ?? 0));
  const frames = of("socket").filter(({ technique, direction, messages }) => technique === "websocket" && direction === "down" && messages.length === 1);
  const [question, answer] = [heads("request"), heads("response")];
  return { question, answer, heads: question && answer && { value: question.value + answer.value, samples: answer.samples }, frame: meanOf(frames.map(({ accounts }) => accounts.framing)) };
}

export function measure(results, { clients }) {
  const { heads, frame } = overheads(results);
  const figure = (value, { samples }) => ({ value, error: null, samples });
  return {
    heads: heads && figure(heads.value, heads),
    frame: frame && figure(frame.value, frame),
    factor: heads && frame && figure(heads.value / frame.value, frame),
    mbit: heads && figure(megabits(heads.value, clients), heads),
  };
}

function meanOf(values) {
  return values.length === 0 ? null : { value: values.reduce((sum, each) => sum + each, 0) / values.length, samples: values.length };
}

/**
 * 5: what a message costs: the same messages by all five techniques, their bytes by account; what deflate would make of
 * them; and a picture as a binary frame against base64 in JSON.
 */

import { frameBytes } from "../../handshake/frame-bytes.js";
import { utf8 } from "../../handshake/octets.js";
import { TECHNIQUES } from "../../techniques.js";
import { createDeflated } from "../deflated.js";
import { createSeeded } from "../seeded.js";
import { spokenText } from "../sentences.js";

const SECONDS = 30;
const ENVELOPE_BYTES = 94; // of JSON around a text in a room of the bench: names, quotes, id, time
const [TEXT, BINARY] = [0x1, 0x2]; // opcodes
const MASK_BYTES = 4;
const LONGEST_HEADER = 14;
const EDGES = [125, 126, 65_535, 65_536]; // where a frame's header becomes longer

export const PACKET_BYTES = 52; // IP and TCP around each packet, with timestamps, as FACTS has it: no unit takes less than one
export const explanations = 5;

export const fields = [
  { name: "textBytes", unit: "B", min: 20, max: 2000, step: 1 },
  { name: "intervalMs", unit: "ms", min: 100, max: 5000, step: 10 },
  { name: "rate", unit: "per-s", min: 0.2, max: 5, step: 0.1 },
];

/**
 * What of 100 bytes of such messages remains, by bytes of text: zlib, level 6, 60 messages of the sentences; each by itself,
 * and with the context kept from one to the next.
 */
const DEFLATED = [
  [20, 86.2, 18.2], [60, 81.5, 16.8], [100, 77.9, 13.7], [150, 74.7, 10.9], [220, 71.2, 8.5], [300, 68.4, 7.2], [400, 65.8, 6.1], [1000, 39.1, 3.3],
];

/** Texts on both sides of a header's edge; two to four polls for each message. */
export function parameters(seed) {
  const { pick } = createSeeded(seed, "weight");
  const rate = pick([1, 1.2, 1.5, 1.8, 2]);
  const pollsPerMessage = pick([2, 2.5, 3, 4]);
  return {
    textBytes: pick([20, 24, 60, 80, 100, 120, 150, 180, 220, 300]),
    rate,
    intervalMs: 10 * Math.round(100 / (rate * pollsPerMessage)),
    pictureBytes: pick([90, 99, 111, 120, 300, 900, 3000, 12_000, 49_500, 60_000]),
  };
}

export function questions({ textBytes, pictureBytes }) {
  const around = headerBytes(jsonBytes(textBytes));
  const remains = deflatedShare(textBytes);
  const picture = asBase64(pictureBytes);
  return [
    { key: "frame", unit: "B", digits: 0, theory: around, tolerance: { absolute: 0.5 }, mistakes: [
      { key: "masked", value: around + MASK_BYTES }, { key: "most", value: LONGEST_HEADER },
    ] },
    { key: "headers", unit: "B", digits: 0, theory: null, tolerance: { share: 0.3 }, mistakes: [] },
    { key: "deflate", unit: "%", digits: 0, theory: remains.alone, tolerance: { absolute: 6 }, mistakes: [
      { key: "saved", value: 100 - remains.alone }, { key: "kept", value: remains.kept },
    ] },
    { key: "base64", unit: "B", digits: 0, theory: picture.header + picture.payload, tolerance: { share: 0.02 }, mistakes: [
      { key: "binary", value: headerBytes(pictureBytes) + pictureBytes }, { key: "hex", value: 2 * pictureBytes },
    ] },
  ];
}

export function values({ textBytes, rate, intervalMs, pictureBytes }) {
  const picture = asBase64(pictureBytes);
  return {
    text: textBytes, json: jsonBytes(textBytes), rate, interval: intervalMs / 1000, picture: pictureBytes,
    polls: Number((1000 / (rate * intervalMs)).toFixed(1)), binary: pictureBytes + headerBytes(pictureBytes),
    base64: picture.header + picture.payload, characters: picture.payload - EMPTY_JSON, header: picture.header, around: headerBytes(jsonBytes(textBytes)),
  };
}

export function plan({ textBytes, rate, intervalMs }) {
  return {
    seconds: SECONDS,
    schedule: { rate, isRandom: true, textBytes, textOf: spokenText },
    lanes: TECHNIQUES.map(({ name, label }) => ({
      key: name, technique: name, label, settings: name === "short-poll" ? { intervalMs } : {},
    })),
  };
}

export async function measure({ lanes, messages }, { pictureBytes }) {
  const of = (name) => lanes.find(({ key }) => key === name);
  const deflated = await createDeflated().take(messages.map((message) => JSON.stringify(message)));
  return {
    frame: framing(of("websocket").store.units),
    headers: headersOf(of("short-poll")),
    deflate: deflated && { value: (100 * deflated.alone) / deflated.plain, error: null, samples: deflated.count },
    base64: { value: builtBase64(pictureBytes), error: null, samples: 1 },
  };
}

/** Bytes of framing of the frames that brought a message each, on average. */
export function framing(units) {
  const frames = units.filter(({ technique, direction, messages }) => technique === "websocket" && direction === "down" && messages.length === 1);
  if (frames.length === 0) return null;
  return { value: frames.reduce((sum, { accounts }) => sum + accounts.framing, 0) / frames.length, error: null, samples: frames.length };
}

function headersOf({ accounts, received }) {
  return received === 0 ? null : { value: accounts.http_headers / received, error: null, samples: received };
}

// ---- theory

export function jsonBytes(textBytes) {
  return ENVELOPE_BYTES + textBytes;
}

/** Of a frame to the browser, without a mask (RFC 6455 section 5.2). */
export function headerBytes(payloadBytes) {
  if (payloadBytes <= EDGES[0]) return 2;
  return payloadBytes <= EDGES[2] ? 4 : 10;
}

const EMPTY_JSON = pictureJson("").length;

/** What n bytes are as base64 (RFC 4648: four characters for each three bytes) in JSON, as a text frame. */
export function asBase64(bytes) {
  const payload = EMPTY_JSON + 4 * Math.ceil(bytes / 3);
  return { payload, header: headerBytes(payload) };
}

function pictureJson(base64) {
  return JSON.stringify({ picture: base64 });
}

/** What of 100 bytes remains, between the sizes of the table and beyond them as at its ends. */
export function deflatedShare(textBytes) {
  const above = DEFLATED.findIndex(([bytes]) => bytes >= textBytes);
  if (above <= 0) return shareAt(DEFLATED.at(above));
  const [low, high] = [DEFLATED[above - 1], DEFLATED[above]];
  const part = (textBytes - low[0]) / (high[0] - low[0]);
  return shareAt(low.map((value, index) => value + part * (high[index] - value)));
}

function shareAt([, alone, kept]) {
  return { alone, kept };
}

// ---- frames, built in the page

/** The rows of the table: sizes at the edges, and the student's own. */
export function pictureRows(own) {
  return [...new Set([...EDGES, own])].sort((one, other) => one - other).map((bytes) => ({
    bytes, isOwn: bytes === own,
    binary: frameBytes({ opcode: BINARY, key: null, payload: new Uint8Array(bytes) }).length,
    base64: builtBase64(bytes),
    headers: [headerBytes(bytes), asBase64(bytes).header],
  }));
}

/** The size of a text frame with so many bytes by chance as base64, which is made to be measured. */
export function builtBase64(bytes) {
  const characters = Array.from({ length: bytes }, () => String.fromCharCode(Math.floor(256 * Math.random()))).join("");
  return frameBytes({ opcode: TEXT, key: null, payload: utf8(pictureJson(btoa(characters))) }).length;
}

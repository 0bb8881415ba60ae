/**
 * 4: the handshake by hand (RFC 6455 sections 1.3, 4 and 5.2). The student computes Sec-WebSocket-Accept for a key of their
 * own, sends the request by hand to this very server, then one message in a frame, and reads what comes back byte by byte.
 */

import { t } from "../../shell/language.js";
import { toBase64 } from "../../handshake/base64.js";
import { createSeeded } from "../seeded.js";

const KEY_BYTES = 16;
const ACCEPT_CHARACTERS = 28; // 20 bytes of SHA-1 in base64: seven times four
const MASK = 4;
const MOST_IN_SEVEN_BITS = 125;

/** What an answer has to consist of (section 4.2.2, 5), with CRLF after each line and after them all. */
const NEEDED = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${"x".repeat(ACCEPT_CHARACTERS)}`, ""];
const PROTOCOL = "Sec-WebSocket-Protocol: ";
const lineBytes = (line) => line.length + 2;

export const explanations = 5;

/** A key, a subprotocol to offer or none, and the bytes of the text to send, some on each side of where a frame's head grows. */
export function parameters(seed) {
  const { pick, whole } = createSeeded(seed, "handshake");
  return {
    key: toBase64(Uint8Array.from({ length: KEY_BYTES }, () => whole(0, 255))),
    protocol: pick(["chat", "superchat", null]),
    textBytes: pick([40, 60, 90, 110, 125, 126, 130, 160, 200, 240]),
  };
}

/** The bytes of the answer that RFC 6455 asks for, and no more. */
export function answerBytes({ protocol }) {
  const lines = protocol === null ? NEEDED : [...NEEDED, PROTOCOL + protocol];
  return lines.reduce((sum, line) => sum + lineBytes(line), 0);
}

/** The head of a frame from the server (section 5.2), for less than 64 KiB. */
export const headBytes = (textBytes) => (textBytes <= MOST_IN_SEVEN_BITS ? 2 : 4);

export function questions({ protocol, textBytes }) {
  const down = headBytes(textBytes);
  const otherLength = down === 2 ? 4 : 2;
  return [
    { key: "accept", unit: "characters", digits: 0, theory: ACCEPT_CHARACTERS, tolerance: { absolute: 0 }, mistakes: [
      { key: "digest", value: 20 }, { key: "key", value: 24 }, { key: "hex", value: 40 }, { key: "joined", value: 60 },
    ] },
    { key: "answer", unit: "B", digits: 0, theory: answerBytes({ protocol }), tolerance: { share: 0.3 }, mistakes: [{ key: "accept-only", value: ACCEPT_CHARACTERS }] },
    { key: "up", unit: "B", digits: 0, theory: down + MASK, tolerance: { absolute: 0 }, mistakes: [
      { key: "unmasked", value: down }, { key: "length", value: otherLength + MASK },
    ] },
    { key: "down", unit: "B", digits: 0, theory: down, tolerance: { absolute: 0 }, mistakes: [
      { key: "masked", value: down + MASK }, { key: "length", value: otherLength },
    ] },
  ];
}

export function values({ key, protocol, textBytes }) {
  const down = headBytes(textBytes);
  const ofProtocol = protocol === null ? 0 : lineBytes(PROTOCOL + protocol);
  return {
    key, text: textBytes, down, up: down + MASK, needed: answerBytes({ protocol: null }), of_protocol: ofProtocol,
    protocol: protocol ?? t("lab.handshake.no-protocol"),
  };
}

/** @param {object} results - hand-do.js's. */
export function measure({ state, accept, sizes }, { textBytes }) {
  const figure = (value) => (state === "done" ? { value, error: null, samples: 1 } : null);
  return {
    accept: figure(accept?.length), answer: figure(sizes.answer), up: figure(sizes.up - textBytes), down: figure(sizes.down - textBytes),
  };
}

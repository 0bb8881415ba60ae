/**
 * A frame's bytes (RFC 6455 section 5.2), right or wrong: nothing is checked here, that is for the server to do.
 */

import { joinedBytes, utf8 } from "./octets.js";

export const OPCODES = [
  { code: 0x0, name: "continuation" }, { code: 0x1, name: "text" }, { code: 0x2, name: "binary" },
  { code: 0x3, name: "reserved" }, { code: 0x8, name: "close" }, { code: 0x9, name: "ping" }, { code: 0xa, name: "pong" },
];

/** The masking key of the examples in section 5.7; a browser takes another by chance for each frame. */
export const EXAMPLE_KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);

const MASKED = 0x80;
const TWO_MORE = 126; // in place of the length: it stands in the next two bytes
const EIGHT_MORE = 127; // or in the next eight

/**
 * @param {boolean} fin - the last fragment of its message.
 * @param {boolean} rsv1 - the first of the three reserved bits.
 * @param {number} opcode
 * @param {Uint8Array | null} key - for masking; null leaves the payload as it is.
 * @param {Uint8Array} payload
 */
export function frameBytes({ fin = true, rsv1 = false, opcode, key = EXAMPLE_KEY, payload = new Uint8Array() }) {
  const first = Uint8Array.of((fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode);
  const length = lengthBytes(payload.length);
  if (key === null) return joinedBytes(first, length, payload);
  length[0] |= MASKED;
  return joinedBytes(first, length, key, masked(payload, key));
}

function lengthBytes(length) {
  if (length < TWO_MORE) return Uint8Array.of(length);
  const isShort = length <= 0xffff;
  const view = new DataView(new ArrayBuffer(isShort ? 3 : 9));
  view.setUint8(0, isShort ? TWO_MORE : EIGHT_MORE);
  if (isShort) view.setUint16(1, length);
  else view.setBigUint64(1, BigInt(length));
  return new Uint8Array(view.buffer);
}

/** Section 5.3: byte i is combined with byte i modulo 4 of the key; the same once more takes the mask off. */
export function masked(payload, key) {
  return payload.map((byte, index) => byte ^ key[index % 4]);
}

/** Returns the payload of a Close frame: the code in two bytes, and the reason (section 5.5.1). */
export function closePayload(code, reason = "") {
  return joinedBytes(Uint8Array.of(code >> 8, code & 0xff), utf8(reason));
}

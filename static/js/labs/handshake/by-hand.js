/**
 * What is sent by hand in `handshake`, and how an accept value that was computed by hand is marked.
 */

import { acceptSteps } from "../../handshake/accept.js";
import { toBase64 } from "../../handshake/base64.js";
import { toHex, utf8 } from "../../handshake/octets.js";
import { sha1 } from "../../handshake/sha1.js";

/** Another than that of RFC 6455's examples; a browser takes one by chance for each frame. */
export const MASKING_KEY = Uint8Array.of(0x5a, 0x17, 0xc3, 0x88);

/** The request, line by line; each line's end becomes CRLF. */
export function requestText({ key, protocol }, { host, origin, base }) {
  return [
    `GET ${base}api/handshake/ws HTTP/1.1`, `Host: ${host}`, "Upgrade: websocket", "Connection: Upgrade", `Origin: ${origin}`,
    `Sec-WebSocket-Key: ${key}`, "Sec-WebSocket-Version: 13", ...(protocol === null ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]), "", "",
  ].join("\n");
}

/** So many bytes of text. */
export function textOf(bytes) {
  return "Is room 12 free this evening? ".repeat(Math.ceil(bytes / 30)).slice(0, bytes);
}

/**
 * Whether a typed accept value is the one the server sent, and if not, what it is instead.
 *
 * @returns {"right" | "key" | "hex" | "no-guid" | "case" | "other"}
 */
export function acceptMark(typed, key, came) {
  const value = typed.trim();
  if (value === came) return "right";
  if (value === key) return "key";
  if (value.replace(/\s+/g, "").toLowerCase() === toHex(acceptSteps(key).digest).replaceAll(" ", "")) return "hex";
  if (value === toBase64(sha1(utf8(key)))) return "no-guid";
  return value.toLowerCase() === came.toLowerCase() ? "case" : "other";
}

/** The head of an answer as `[{ text, name, bytes }]`, the empty line at its end included; the bytes add up to its size. */
export function linesOf(head) {
  return head.split("\r\n").slice(0, -1).map((text) => ({
    text, bytes: utf8(text).length + 2, name: text.includes(":") ? text.slice(0, text.indexOf(":")).toLowerCase() : "",
  }));
}

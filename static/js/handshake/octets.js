/**
 * Bytes as they are typed: lines of text, which end in CRLF on the wire, and hexadecimal digits.
 */

import { t } from "../shell/language.js";

const encoder = new TextEncoder();
const CR = "\r";

export function utf8(text) {
  return encoder.encode(text);
}

/** Returns the bytes of lines that were typed; each line's end becomes CRLF (RFC 9112 section 2.2), or a bare LF. */
export function linesToBytes(text, { bareLf = false } = {}) {
  return utf8(normal(text).replaceAll("\n", bareLf ? "\n" : `${CR}\n`));
}

/** Returns the lines as `[{ text, end }]` with the end as it is shown; what stands behind the last end has none. */
export function shownLines(text, { bareLf = false } = {}) {
  const lines = normal(text).split("\n");
  const shown = lines.map((line, index) => ({ text: line, end: index < lines.length - 1 ? (bareLf ? "LF" : "CRLF") : "" }));
  return shown.filter(({ text: line, end }) => line !== "" || end !== "");
}

function normal(text) {
  return text.replaceAll(`${CR}\n`, "\n");
}

/** Returns `{ bytes, problem }`: of hexadecimal digits, with spaces and line ends where one likes; one of both is null. */
export function parseHex(text) {
  const digits = text.replace(/\s+/g, "");
  const foreign = [...digits].find((character) => !/[0-9a-fA-F]/.test(character));
  if (foreign) return { bytes: null, problem: t("hex.foreign", { character: foreign }) };
  if (digits.length % 2) return { bytes: null, problem: t("hex.odd") };
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return { bytes, problem: null };
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

export function joinedBytes(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

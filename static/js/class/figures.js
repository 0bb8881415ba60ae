/**
 * What the class's pictures say in figures: with their unit, and in words where nothing was measured.
 */

import { bytes, delay, duration, joined, NOT_KNOWN } from "../shell/format.js";
import { t } from "../shell/language.js";

export const ACCOUNTS = ["payload", "framing", "http_headers", "handshake", "heartbeat", "page", "unknown"];

const EXACT_BELOW = 100;

/** A delay off two clocks, which may be wrong by `errorMs`. */
export function delayText(ms, errorMs = null) {
  return ms === null || ms === undefined ? NOT_KNOWN : joined(delay(ms, errorMs));
}

export function durationText(ms) {
  return ms === null || ms === undefined ? NOT_KNOWN : joined(duration(ms));
}

export function bytesText(size) {
  return size === null || size === undefined ? NOT_KNOWN : joined(bytes(Math.round(size)));
}

/** A figure of an experiment in its unit. */
export function unitText(value, unit) {
  if (value === null || value === undefined) return NOT_KNOWN;
  if (unit === "ms") return value === 0 ? "0 ms" : joined(duration(value));
  if (unit === "s") return `${rounded(value)} s`;
  if (unit === "B") return joined(bytes(Math.round(value)));
  if (unit === "%") return `${rounded(value)} %`;
  return t("pictures.techniques", { count: value });
}

/** What each message cost its receiver: bytes by account and way, and requests; null while nothing was received. */
export function perMessage({ bytes: crossed, messages, received, requests }) {
  const count = messages ?? received;
  if (!crossed || !count) return null;
  const accounts = Object.fromEntries(ACCOUNTS.map((name) => [name, ((crossed.up[name] ?? 0) + (crossed.down[name] ?? 0)) / count]));
  const sum = (way) => Object.values(crossed[way]).reduce((all, size) => all + size, 0) / count;
  const [up, down] = [sum("up"), sum("down")];
  return { accounts, up, down, total: up + down, requests: requests === null ? null : requests / count, messages: count };
}

/** A rate or a share as short as it is true: "0.04", "1.5", "12". */
export function rounded(value) {
  if (Math.abs(value) >= EXACT_BELOW) return value.toFixed(0);
  return String(Number(value.toPrecision(2 + (Math.abs(value) >= 10 ? 1 : 0))));
}

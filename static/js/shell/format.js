/**
 * Figures and times as people read them, with their unit. What was not measured is "n/a", never 0. Both languages write
 * a figure alike; groups of three digits are set apart by a narrow space, which is no comma to either.
 */

import { language, t } from "./language.js";

export const NOT_KNOWN = t("figure.none");

const KIB = 1024;

export function count(number) {
  return number === null ? NOT_KNOWN : String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** Bytes as [figure, unit]: exact below 10 KiB, where a class still counts along. */
export function bytes(size) {
  if (size === null || size === undefined) return [NOT_KNOWN, ""];
  if (size < 10 * KIB) return [count(size), "B"];
  if (size < KIB * KIB) return [(size / KIB).toFixed(1), "KiB"];
  return [(size / KIB / KIB).toFixed(2), "MiB"];
}

/** A figure with a minus sign where it has a hyphen. */
export function minus(figure) {
  return String(figure).replace("-", "\u2212");
}

/** Milliseconds as [figure, unit]. */
export function duration(ms) {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return [NOT_KNOWN, ""];
  if (Math.abs(ms) < 100) return [ms.toFixed(1), "ms"];
  if (Math.abs(ms) < 10000) return [ms.toFixed(0), "ms"];
  return [(ms / 1000).toFixed(1), "s"];
}

/**
 * A delay read off two clocks that are compared to `± errorMs` (null: not yet) as [figure, unit]. Below that error only
 * "at most" is known of it; a negative one beyond the error says that the clocks were compared badly, so nothing.
 */
export function delay(ms, errorMs) {
  if (ms === null || ms >= (errorMs ?? 0)) return duration(ms);
  const mostMs = ms + (errorMs ?? 0);
  if (mostMs < 0) return [NOT_KNOWN, ""];
  return [`≤ ${Math.max(1, Math.ceil(mostMs))}`, "ms"];
}

export function joined([figure, unit]) {
  return unit ? `${figure} ${unit}` : figure;
}

function two(number) {
  return String(number).padStart(2, "0");
}

export function timeOfDay(ms) {
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function timeWithSeconds(ms) {
  return `${timeOfDay(ms)}:${two(new Date(ms).getSeconds())}`;
}

export function timeWithMilliseconds(ms) {
  return `${timeWithSeconds(ms)}.${String(Math.floor(ms) % 1000).padStart(3, "0")}`;
}

/** A key that is the same for all moments of one day here. */
export function dayKey(ms) {
  const date = new Date(ms);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const DAY = { weekday: "long", year: "numeric", month: "long", day: "numeric" };

export function dayName(ms, now = Date.now()) {
  if (dayKey(ms) === dayKey(now)) return t("day.today");
  if (dayKey(ms) === dayKey(now - 24 * 3600 * 1000)) return t("day.yesterday");
  return new Intl.DateTimeFormat(language().locale, DAY).format(ms);
}

/** How long, in whole seconds and minutes. */
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return t("elapsed.seconds", { seconds: String(seconds) });
  return t("elapsed.minutes", { minutes: String(Math.floor(seconds / 60)), seconds: two(seconds % 60) });
}

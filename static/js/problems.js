/**
 * What can go wrong, in two classes: refused for good (`error.problem`, RFC 9457), or to be tried again
 * (`error.retryable`, and `error.retryAfterMs` where the server said when).
 */

import { t } from "./shell/language.js";

/** Returns an error for what may succeed later: no network, no answer in time, a server too busy. */
export function retryableError(detail, retryAfterMs) {
  const error = new Error(detail);
  error.retryable = true;
  if (retryAfterMs !== undefined) error.retryAfterMs = retryAfterMs;
  return error;
}

/** Returns the error for a problem details object: 429 and 5xx pass, every other status is final. */
export function problemError(problem, retryAfterMs = secondsToMs(problem.retry_after)) {
  const detail = problem.detail ?? problem.title ?? t("problem.status", { status: String(problem.status) });
  if (problem.status === 429 || problem.status >= 500) return retryableError(detail, retryAfterMs);
  const error = new Error(detail);
  error.problem = problem;
  return error;
}

/** Reads `Retry-After`: seconds, or a date (RFC 9110 section 10.2.3). */
export function parseRetryAfter(value, nowMs) {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return secondsToMs(Number(value));
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function secondsToMs(seconds) {
  return seconds === undefined ? undefined : seconds * 1000;
}

/**
 * How long to wait before the next try: 0.5 s doubling to 10 s, with full jitter.
 *
 * Full jitter (any time between nothing and the limit) keeps a class of clients that lost the same server from
 * coming back in one wave.
 */

export const FIRST_LIMIT_MS = 500;
export const LAST_LIMIT_MS = 10_000;

export function createBackoff(random = Math.random) {
  let limitMs = FIRST_LIMIT_MS;

  function next() {
    const delayMs = random() * limitMs;
    limitMs = Math.min(2 * limitMs, LAST_LIMIT_MS);
    return delayMs;
  }

  function reset() {
    limitMs = FIRST_LIMIT_MS;
  }

  return { next, reset };
}

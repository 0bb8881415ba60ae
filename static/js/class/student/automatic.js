/**
 * A phone that writes by itself: so many messages a minute, at random times, each phone at others.
 */

const MINUTE_MS = 60_000;

/**
 * @param {() => void} post - one message.
 * @param {() => number} random - 0 to 1.
 */
export function createAutomatic({ post, random = Math.random, timers = window }) {
  let perMinute = 0;
  let timer = null;

  /** Write so many a minute from now on; 0 stops. */
  function set(rate) {
    if (rate === perMinute) return;
    perMinute = rate;
    timers.clearTimeout(timer);
    timer = null;
    next();
  }

  /** Exponential gaps: the messages of many phones then come at random, as those of many people do. */
  function next() {
    if (perMinute === 0) return;
    const gapMs = (-Math.log(1 - random()) * MINUTE_MS) / perMinute;
    timer = timers.setTimeout(() => { post(); next(); }, gapMs);
  }

  return { set, stop: () => set(0) };
}

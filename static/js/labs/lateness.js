/**
 * Whether this machine has time for a measurement: how late the page's own timers come. What makes them late makes
 * messages late, too, and theory knows nothing of it.
 */

const TICK_MS = 100;
const LATE_MS = 30; // a page at rest is within a few ms
const BUSY_SHARE = 0.05; // of the ticks

/** @param {object} options - for tests. */
export function createLateness({ now = () => performance.now(), timers = globalThis } = {}) {
  let timer = null;
  let due = null;
  let ticks = 0;
  let late = 0;

  function tick() {
    ticks += 1;
    late += Number(now() - due > LATE_MS);
    wait();
  }

  function wait() {
    due = now() + TICK_MS;
    timer = timers.setTimeout(tick, TICK_MS);
  }

  return {
    begin: wait,
    end: () => timers.clearTimeout(timer),
    isBusy: () => ticks > 0 && late / ticks > BUSY_SHARE,
  };
}

/**
 * How far the server's clock is ahead of this browser's: several round trips to `api/time`, of which
 * the quickest counts, as in Cristian's algorithm. The server read its clock somewhere within that
 * round trip, so half of it is how wrong the answer can be.
 */

const ROUND_TRIPS = 7;
const PAUSE_MS = 60;
const GIVE_UP_MS = 4000;

export function browserNow() {
  return performance.timeOrigin + performance.now();
}

/**
 * @returns {{ offsetMs: number, uncertaintyMs: number }} server minus browser.
 * @throws when no round trip succeeded.
 */
export async function measureClockOffset(url, { fetch = window.fetch.bind(window), now = browserNow, pause = sleep } = {}) {
  let best = null;
  let lastError = null;
  for (let trip = 0; trip < ROUND_TRIPS; trip += 1) {
    try {
      const sample = await roundTrip(url, fetch, now);
      if (best === null || sample.uncertaintyMs < best.uncertaintyMs) best = sample;
    } catch (error) {
      lastError = error;
    }
    await pause(PAUSE_MS);
  }
  if (best === null) throw lastError;
  return best;
}

async function roundTrip(url, fetch, now) {
  const signal = AbortSignal.timeout?.(GIVE_UP_MS);
  const before = now();
  const response = await fetch(url, { cache: "no-store", signal });
  const after = now();
  const { now: server } = await response.json();
  if (!response.ok || typeof server !== "number") throw new TypeError(`expected {"now": ms} from api/time, got status ${response.status}`);
  return { offsetMs: server - (before + after) / 2, uncertaintyMs: (after - before) / 2 };
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

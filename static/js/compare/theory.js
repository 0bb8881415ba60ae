/**
 * What theory says of the mean delay, where it is simple. d is the time that a message takes one way, T the poll
 * interval, λ the arrival rate; the time that client and server need themselves is not in it.
 *
 * - SSE, WebSocket, Socket.IO: d.
 * - Short polling: d, and the wait for the next poll, which is T/2 where messages come by chance. Where they come in a
 *   rhythm, each meets the polls in one of a few phases: the mean is within half their common beat of T/2.
 * - Long polling: d, and what a message waits that comes in the gap G = 2d between an answer and the next request.
 *   With messages by chance, λG come in a gap and wait G/2 each; then a held request is answered with probability
 *   e^(-λG)·(1 - e^(-λt)): no message came in the gap, one does before the timeout t. So the mean wait of all is
 *   (λG²/2) / (λG + e^(-λG)·(1 - e^(-λt))). In a rhythm slower than G, each finds a held request, and the mean is d.
 */

const MOST_PHASES = 500;
const EXACT = 1e-9;

/**
 * @param {string} technique
 * @param {object} run - `rate` per second, `isRandom`, `intervalMs`, `timeoutMs`, `transitMs` (d).
 * @returns {{ meanMs: number, withinMs: number } | null} the mean is within so much of it; null where it is not simple.
 */
export function meanByTheory(technique, run) {
  const { transitMs } = run;
  const waiting = { "short-poll": waitForPoll, "long-poll": waitInGap }[technique];
  const wait = waiting === undefined ? { meanMs: 0, withinMs: 0 } : waiting(run);
  return wait && { ...wait, meanMs: transitMs + wait.meanMs };
}

function waitForPoll({ rate, isRandom, intervalMs, transitMs }) {
  const everyMs = Math.max(intervalMs, 2 * transitMs); // the next poll is not asked before the last is answered
  if (isRandom) return { meanMs: everyMs / 2, withinMs: 0 };
  if (everyMs !== intervalMs) return null;
  return { meanMs: intervalMs / 2, withinMs: commonBeat(1000 / rate, intervalMs) / 2 };
}

function waitInGap({ rate, isRandom, timeoutMs, transitMs }) {
  const gapMs = 2 * transitMs;
  const perMs = rate / 1000;
  if (!isRandom) return 1 / perMs < gapMs || 1 / perMs > timeoutMs ? null : { meanMs: 0, withinMs: 0 };
  const inGap = perMs * gapMs;
  const held = Math.exp(-inGap) * (1 - Math.exp(-perMs * timeoutMs));
  return { meanMs: (inGap * gapMs) / 2 / (inGap + held), withinMs: 0 };
}

/** The longest time of which both are multiples; 0 where it would be next to nothing. */
export function commonBeat(one, other) {
  for (let parts = 1; parts <= MOST_PHASES; parts += 1) {
    const times = (parts * one) / other;
    if (Math.round(times) >= 1 && Math.abs(times - Math.round(times)) < EXACT * times) return other / parts;
  }
  return 0;
}

/**
 * What theory says, by the simplest models that agree with RFC 6202 section 2.2: times in ms, rates λ in messages a
 * second, d one way, T the poll interval, G = 2d + c the time in which no long poll is held (c: what both programs need
 * between an answer and the next question).
 *
 * Messages come by chance (Poisson). Where they come in a rhythm, the word is said.
 */

const perMs = (rate) => rate / 1000;

/** The share of polls that bring nothing, 0 to 1. */
export function emptyShare({ rate, intervalMs }) {
  return Math.exp(-perMs(rate) * intervalMs);
}

/** The same, for a message every P in a rhythm: 1 - T/P, and none where P is no longer than T. */
export function emptyShareInRhythm({ everyMs, intervalMs }) {
  return Math.max(0, 1 - intervalMs / everyMs);
}

export function shortPollMeanMs({ intervalMs, transitMs = 0 }) {
  return intervalMs / 2 + transitMs;
}

export function shortPollMaxMs({ intervalMs, transitMs = 0 }) {
  return intervalMs + transitMs;
}

export function pollsPerMinute({ intervalMs }) {
  return 60_000 / intervalMs;
}

/** The gap in which nobody asks. */
export function longPollGapMs({ transitMs, turnMs = 0 }) {
  return 2 * transitMs + turnMs;
}

/** d, and the mean wait of what comes in the gap: (λG²/2) / (λG + e^(-λG)). */
export function longPollMeanMs({ rate, transitMs, turnMs = 0 }) {
  const gapMs = longPollGapMs({ transitMs, turnMs });
  const inGap = perMs(rate) * gapMs;
  return transitMs + (inGap * gapMs) / 2 / (inGap + Math.exp(-inGap));
}

/** A message that just missed an answer: that answer's way, the next question's, and its answer's. */
export function longPollMaxMs({ transitMs, turnMs = 0 }) {
  return 3 * transitMs + turnMs;
}

/** Those that came in one gap share an answer: 1 / (λG + e^(-λG)). */
export function longPollRequestsPerMessage({ rate, transitMs, turnMs = 0 }) {
  const inGap = perMs(rate) * longPollGapMs({ transitMs, turnMs });
  return 1 / (inGap + Math.exp(-inGap));
}

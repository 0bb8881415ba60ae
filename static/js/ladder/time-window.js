/**
 * Which stretch of time a ladder shows: how long it is, and whether its end is now or a moment that is looked back at.
 *
 * Several ladders may share one, so that a moment stands at the same height in all of them. Times are milliseconds
 * since 1970 by the server's clock.
 */

export const SPANS_MS = [2000, 3000, 5000, 10_000, 20_000, 30_000, 60_000];
const SHORTEST_MS = SPANS_MS[0];
const LONGEST_MS = SPANS_MS.at(-1);

export function createTimeWindow({ spanMs = 5000 } = {}) {
  const listeners = new Set();
  let span = spanMs;
  let end = null; // of what is shown while paused; null while live

  function set(newSpan, newEnd) {
    if (newSpan === span && newEnd === end) return false;
    span = newSpan;
    end = newEnd;
    for (const listener of listeners) listener();
    return true;
  }

  /** @param {{around?: number, newest?: number}} options - the moment that stays where it is, and the last to look at. */
  function zoomTo(spanMs, { around = null, newest = Infinity } = {}) {
    const wanted = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, spanMs));
    if (end === null) return set(wanted, null);
    const still = around ?? end;
    return set(wanted, Math.min(newest, still + ((end - still) * wanted) / span));
  }

  return {
    get span() { return span; },
    get paused() { return end !== null; },
    /** The moment at the lower edge. */
    end: (now) => end ?? now,
    pause: (now) => end === null && set(span, now),
    goOn: () => set(span, null),
    zoomTo,
    zoomIn: (options) => zoomTo(SPANS_MS.findLast((each) => each < span) ?? SHORTEST_MS, options),
    zoomOut: (options) => zoomTo(SPANS_MS.find((each) => each > span) ?? LONGEST_MS, options),
    /** Look at what ended at `moment`, within what there is; tells whether that is elsewhere than before. */
    lookAt(moment, { oldest, newest }) {
      const first = Math.min(newest, oldest + span);
      return set(span, Math.min(newest, Math.max(first, moment)));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

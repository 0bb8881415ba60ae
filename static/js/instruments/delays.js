/**
 * The delay of each live message: from the moment the server stamped it to the moment this page had it.
 *
 * The two moments are read from two clocks, so the offset between them is taken off. What came as
 * history or was caught up after a break has no delay worth measuring and is left out.
 */

export const KEPT_SAMPLES = 1000;

export function createDelays() {
  let samples = []; // { receivedAt, rawMs }
  let offsetMs = 0;
  let errorMs = null; // by how much the offset may be wrong, once it is known

  function add(message, arrival) {
    if (arrival.delayed) return;
    samples.push({ receivedAt: arrival.receivedAt, rawMs: arrival.receivedAt - message.sent_at });
    if (samples.length > 2 * KEPT_SAMPLES) samples = samples.slice(-KEPT_SAMPLES);
  }

  /** The delays in ms, corrected by what is known of the clocks now. */
  function all() {
    return samples.slice(-KEPT_SAMPLES).map((sample) => sample.rawMs + offsetMs);
  }

  function setClock(clock) {
    offsetMs = clock.offsetMs;
    errorMs = clock.uncertaintyMs;
  }

  return {
    add, all, setClock,
    get errorMs() { return errorMs; },
    of: (message, arrival) => ({ ms: arrival.receivedAt - message.sent_at + offsetMs, errorMs }),
    reset: () => (samples = []),
  };
}

/** Median and maximum; both null when there is nothing to take them of. */
export function summarize(values) {
  if (values.length === 0) return { samples: 0, median: null, max: null };
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { samples: sorted.length, median, max: sorted.at(-1) };
}

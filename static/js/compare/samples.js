/**
 * All delays of one technique in a run, kept in order of size, so that the percentiles are exact at any time.
 */

const LEAST_FOR_P99 = 100; // of fewer, the 99th percentile would be the greatest by another name

export function createSamples() {
  const sorted = [];
  let sum = 0;

  function add(ms) {
    sorted.splice(placeOf(sorted, ms), 0, ms);
    sum += ms;
  }

  return {
    add,
    /** Each is null where there is nothing to take it of. */
    summary() {
      const { length } = sorted;
      if (length === 0) return { samples: 0, mean: null, median: null, p99: null, max: null };
      const middle = length >> 1;
      return {
        samples: length,
        mean: sum / length,
        median: length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2,
        p99: length < LEAST_FOR_P99 ? null : sorted[Math.ceil(0.99 * length) - 1],
        max: sorted[length - 1],
      };
    },
  };
}

function placeOf(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

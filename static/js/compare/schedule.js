/**
 * When messages are due: laid down beforehand, so that a late timer moves one message and not all that follow.
 */

/** Chances from 0 to 1, always the same for the same seed (the generator is mulberry32, of 32 bits). */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param {object} options
 * @param {number} options.rate - messages a second.
 * @param {boolean} options.isRandom - whether the gaps are exponential (Poisson arrivals) or all the same.
 * @param {() => number} options.random - chances from 0 to 1, for the gaps.
 * @param {number} options.startMs - when the first is due; it is so at once.
 */
export function createSchedule({ rate, isRandom, random, startMs }) {
  const gapMs = 1000 / rate;
  let count = 0; // of those that are past
  let next = startMs;

  function advance() {
    count += 1;
    next = isRandom ? next - Math.log(1 - random()) * gapMs : startMs + count * gapMs;
  }

  return { advance, get next() { return next; } };
}

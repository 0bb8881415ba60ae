/**
 * Chances that are always the same for the same seed and the same experiment, so that a page and a printed sheet ask the
 * same, and neighbours with different seeds do not.
 */

import { createRandom } from "../compare/schedule.js";

const FNV_PRIME = 0x01000193;
const FNV_BASIS = 0x811c9dc5;

export const LEAST_SEED = 1;
export const MOST_SEED = 9999;

/**
 * @param {number} seed - a whole number, 1 to 9999.
 * @param {string} name - of the experiment.
 */
export function createSeeded(seed, name) {
  const random = createRandom(hashOf(`${name} ${seed}`));
  return {
    /** One of a list. */
    pick: (list) => list[Math.floor(random() * list.length)],
    /** A whole number, both ends included. */
    whole: (from, to) => from + Math.floor(random() * (to - from + 1)),
  };
}

/** A seed that a name has: 1 to 9999. */
export function seedOfName(name) {
  return LEAST_SEED + (hashOf(name.normalize("NFKC").trim().toLowerCase()) % MOST_SEED);
}

export function isSeed(value) {
  return Number.isInteger(value) && value >= LEAST_SEED && value <= MOST_SEED;
}

/** FNV-1a, of 32 bits, over the UTF-16 units. */
function hashOf(text) {
  let hash = FNV_BASIS;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  return hash >>> 0;
}

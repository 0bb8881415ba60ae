/**
 * The student's seed, from which all their numbers are made: that of the address (`?seed=4711`), else the one that this
 * browser keeps, else one made from the name that they gave here or in a class, else any.
 */

import { forBrowser, forTab } from "../shell/storage.js";
import { isSeed, MOST_SEED, seedOfName } from "./seeded.js";

const KEY = "labs-seed";

/** @returns the seed, which the browser keeps from now on. */
export function seedOfStudent({ search = location.search, chance = anyChance } = {}) {
  const asked = Number(new URLSearchParams(search).get("seed"));
  const name = forTab.get("name") ?? forBrowser.get("name");
  const seed = [asked, forBrowser.get(KEY), typeof name === "string" && name.trim() ? seedOfName(name) : null].find(isSeed)
    ?? 1 + Math.floor(chance() * MOST_SEED);
  keepSeed(seed);
  return seed;
}

export function keepSeed(seed) {
  forBrowser.set(KEY, seed);
}

/** What somebody typed: a seed, or a name that makes one; null of nothing. */
export function seedTyped(text) {
  const typed = text.trim();
  if (typed === "") return null;
  return isSeed(Number(typed)) ? Number(typed) : seedOfName(typed);
}

function anyChance() {
  return crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;
}

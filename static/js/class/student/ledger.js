/**
 * What a phone has measured in one stretch: every message once and in order, or what was wrong with it, and the delays of
 * those that came live. Counts are of the whole stretch; delays are handed over with the next report and forgotten.
 *
 * Delays are by the server's clock as far as it is known. A page that nobody sees has slow timers, so what comes while it is
 * hidden, and for a moment after, is counted as left out.
 */

import { parseCursor } from "../../inbox.js";

export const SETTLE_MS = 2000; // after a hidden tab is seen again, its timers catch up
export const MOST_DELAYS = 200; // in one report
const KEPT_FOR_MEDIAN = 500;
const MOST_SEEN = 20_000; // ids that are remembered: a stretch may be as long as the class

export function createLedger() {
  let newest = null; // the place of the newest message there was, over all stretches
  let seen = new Set(); // ids of this stretch, the latest
  let counts = noCounts();
  let delays = []; // not reported yet
  let recent = [];
  let hiddenUntil = -Infinity;

  /** Begin another stretch. What was read before it stays read. */
  function reset() {
    seen = new Set();
    counts = noCounts();
    delays = [];
    recent = [];
  }

  /**
   * Take a message of the feed.
   *
   * @param {string} id
   * @param {object} how `delayMs` by the server's clock, null where that is not known; `late`: it was caught up with after a
   *   break; `at`: this page's clock, in ms.
   */
  function take(id, { delayMs, late, at }) {
    const place = parseCursor(id);
    if (seen.has(id)) {
      counts.doubled += 1;
      return;
    }
    seen.add(id);
    if (seen.size > MOST_SEEN) seen.delete(seen.values().next().value);
    counts.received += 1;
    if (newest !== null && newest.epoch === place.epoch) follow(place);
    if (newest === null || newest.epoch !== place.epoch || place.number > newest.number) newest = place;
    if (late) counts.late += 1;
    else if (at < hiddenUntil) counts.left_out += 1;
    else if (delayMs !== null) keep(delayMs);
  }

  function follow({ number }) {
    if (number > newest.number) counts.lost += number - newest.number - 1;
    else counts.reordered += 1;
  }

  function keep(delayMs) {
    delays.push(delayMs);
    recent.push(delayMs);
    if (recent.length > 2 * KEPT_FOR_MEDIAN) recent = recent.slice(-KEPT_FOR_MEDIAN);
  }

  /** History is no news of this stretch, but reading goes on from there. */
  function skipTo(id) {
    newest = parseCursor(id);
  }

  return {
    reset, take, skipTo,
    hide: () => { hiddenUntil = Infinity; },
    show: (at) => { hiddenUntil = at + SETTLE_MS; },
    get counts() { return { ...counts }; },
    get recent() { return recent.slice(-KEPT_FOR_MEDIAN); },
    /** The delays that no report had yet, as many as one report takes. */
    takeDelays: () => delays.splice(0, MOST_DELAYS),
    /** Put them back: the report did not go. */
    putBack: (given) => delays.unshift(...given),
  };
}

function noCounts() {
  return { received: 0, lost: 0, doubled: 0, reordered: 0, late: 0, left_out: 0 };
}

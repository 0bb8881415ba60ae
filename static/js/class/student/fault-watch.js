/**
 * What a phone goes through at a fault: after how long its technique noticed, after how long it was back, and what came late
 * or not at all.
 */

export const LATE_MS = 2000; // a message that is older when it comes was held up
const KEPT_STATES = 20;
const SLACK_MS = 100; // by which the clocks may differ
const MOST_MS = 3_600_000; // what a report may say

export function createFaultWatch() {
  let fault = null; // { number, at }: `at` by the server's clock
  let record = null;
  const states = []; // the last ones: a connection may break, and be back, before the fault is told
  let isHeard = false; // something came that was sent after it
  let isHidden = false; // the page, now
  let wasHidden = false; // and while the fault went on

  /** A fault that was told; one that is known already changes nothing. */
  function strike(news) {
    if (news === null || news.number === fault?.number) return;
    fault = news;
    isHeard = false;
    wasHidden = isHidden;
    record = { number: news.number, noticed_ms: null, back_ms: null, late: 0, lost: 0 };
    for (const each of states) if (each.at >= fault.at - SLACK_MS) note(each);
  }

  /** @param {string} state - of the connection; `at` is by the server's clock. */
  function status(state, at) {
    states.push({ state, at });
    if (states.length > KEPT_STATES) states.shift();
    if (record !== null) note({ state, at });
  }

  function note({ state, at }) {
    if (state === "broken" && record.noticed_ms === null) record.noticed_ms = since(at);
    if (state === "open" && record.noticed_ms !== null && record.back_ms === null) record.back_ms = since(at);
  }

  /** @param {number | null} usualMs - how long a message may take by this technique when nothing is wrong. */
  function message({ sentAt, delayMs, late, usualMs = 0 }) {
    if (record === null || sentAt + usualMs + LATE_MS < fault.at) return;
    if (sentAt > fault.at) isHeard = true;
    if (late || (delayMs !== null && delayMs > usualMs + LATE_MS)) record.late += 1;
  }

  /** Nobody sees the page: its timers are slow, and so is what it notices, unless the fault is over. */
  function hide() {
    isHidden = true;
    if (record !== null && !isOver()) wasHidden = true;
  }

  function isOver() {
    return record !== null && isHeard && (record.noticed_ms === null || record.back_ms !== null);
  }

  function since(at) {
    return Math.min(MOST_MS, Math.max(0, Math.round(at - fault.at)));
  }

  return {
    strike, status, message, hide,
    show: () => { isHidden = false; },
    lose: (count) => { if (record !== null) record.lost += count; },
    forget: () => { [fault, record] = [null, null]; },
    get fault() { return fault; },
    /** Whether messages come again, or still do. */
    get isOver() { return isOver(); },
    get record() { return record === null ? null : { ...record }; },
    /** What the server is told. */
    get report() { return record === null ? null : { ...record, hidden: wasHidden }; },
  };
}

/**
 * What one lane of a bench saw: each message's delay, what came twice, and the answers that crossed its port.
 */

const LEAST_FOR_P95 = 20; // of fewer, the 95th percentile would be the greatest by another name

export function createTally() {
  const received = new Map(); // id -> how often
  const delays = []; // { at, ms }: when it came by the server's clock, and how long it had taken
  const answers = []; // { at, ms, status, empty, messages }: when it was handed on, and how long its question had waited
  const asked = new Map(); // connection/number -> when
  let leftOut = 0;

  /** @param {boolean} isMeasured - false: it came while the tab was hidden, say, and only counts. */
  function take({ id, sentAt, receivedAt }, isMeasured) {
    received.set(id, (received.get(id) ?? 0) + 1);
    if (received.get(id) > 1) return;
    if (isMeasured) delays.push({ at: receivedAt, ms: receivedAt - sentAt });
    else leftOut += 1;
  }

  /** @param {object} unit - of the technique, as the session tells it. */
  function cross(unit) {
    const { connection, number, kind, answers: question, sent_at: sentAt, arrived_at: at, status, empty, messages } = unit;
    if (kind === "request") asked.set(`${connection}/${number}`, sentAt);
    if (kind !== "response") return;
    const questionAt = asked.get(`${connection}/${question}`) ?? null;
    asked.delete(`${connection}/${question}`);
    answers.push({ at, ms: questionAt === null ? null : at - questionAt, status, empty, messages: messages.length });
  }

  /** @param {Set<string>} published - ids. */
  function counts(published) {
    const ofThem = [...received].filter(([id]) => published.has(id));
    return {
      received: ofThem.length,
      lost: published.size - ofThem.length,
      doubled: ofThem.reduce((sum, [, times]) => sum + times - 1, 0),
      leftOut,
    };
  }

  /** The id of the message that came last, null where none did. */
  const last = () => [...received.keys()].at(-1) ?? null;

  return { take, cross, counts, last, delays, answers };
}

/** Of delays in ms; each figure is null where there is nothing to take it of. `error`: the mean's standard error. */
export function summaryOf(values) {
  const count = values.length;
  if (count === 0) return { count, mean: null, error: null, median: null, p95: null, max: null };
  const sorted = [...values].sort((one, other) => one - other);
  const mean = sorted.reduce((sum, each) => sum + each, 0) / count;
  const squares = sorted.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return {
    count, mean,
    error: count < 2 ? null : Math.sqrt(squares / (count - 1) / count),
    median: (sorted[(count - 1) >> 1] + sorted[count >> 1]) / 2,
    p95: count < LEAST_FOR_P95 ? null : sorted[Math.ceil(0.95 * count) - 1],
    max: sorted[count - 1],
  };
}

/** A share and its standard error, of `part` in `all`; null of nothing. With none or all, one more or less is the error. */
export function shareOf(part, all) {
  if (all === 0) return null;
  const value = part / all;
  return { value, error: Math.max(Math.sqrt((value * (1 - value)) / all), part === 0 || part === all ? 1 / all : 0), samples: all };
}

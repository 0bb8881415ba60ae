/**
 * Counting what crossed the wire on this page. An exchange is told more than once under one id, when
 * it begins and when it is done: only what is new since then is added.
 */

const SUMMED = { emptyAnswers: "empty", bytesUp: "bytesUp", bytesDown: "bytesDown" };

/** A request is what begins with an HTTP method; events, frames and packets travel inside one. */
export function isRequest({ label }) {
  return /^(GET|POST) /.test(label);
}

export function createMeter(now = Date.now) {
  let totals = zero();
  const unfinished = new Map(); // id -> the exchange as it was told last

  function zero() {
    return { requests: 0, emptyAnswers: 0, messages: 0, bytesUp: 0, bytesDown: 0, since: now() };
  }

  function count(exchange) {
    const before = unfinished.get(exchange.id);
    if (!before && isRequest(exchange)) totals.requests += 1;
    for (const [total, part] of Object.entries(SUMMED)) {
      totals[total] += Number(exchange[part]) - Number(before?.[part] ?? 0);
    }
    if (exchange.done) unfinished.delete(exchange.id);
    else unfinished.set(exchange.id, exchange);
  }

  return {
    count,
    countMessage: () => (totals.messages += 1),
    reset: () => (totals = zero()),
    get totals() { return totals; },
  };
}

/**
 * The record of what crossed the wire as far as a script can see it: payload bytes, never headers or ping frames.
 *
 * An exchange is told twice under one `id`: when it begins, and when it is done.
 */

const SHOWN_CHARACTERS = 4096;
const encoder = new TextEncoder();
let exchangesSoFar = 0; // over all transports of this page, so that no two exchanges share an id

/** Returns the length of `text` in UTF-8, as it crosses the wire. */
export function byteLength(text) {
  return encoder.encode(text).length;
}

/**
 * @param {(exchange: object) => void} tell is given a copy each time.
 * @param {() => number} now milliseconds since 1970.
 */
export function createTraffic(tell, now) {
  /** `about`: what is known of the exchange beside its payload. */
  function begin({ direction, kind, label, sent = "", about = "" }) {
    exchangesSoFar += 1;
    const exchange = {
      id: exchangesSoFar, at: now(), direction, kind, label, about, status: null,
      bytesUp: byteLength(sent), bytesDown: 0, messages: 0, empty: false,
      durationMs: 0, sent: shorten(sent), received: "", done: false,
    };
    tell({ ...exchange });
    return exchange;
  }

  /** Adds what is known now; `received` is the whole text. */
  function update(exchange, { received, ...news }) {
    Object.assign(exchange, news);
    if (received !== undefined) {
      exchange.bytesDown = byteLength(received);
      exchange.received = shorten(received);
    }
    tell({ ...exchange });
  }

  function end(exchange, news = {}) {
    if (exchange.done) return;
    update(exchange, { durationMs: now() - exchange.at, done: true, ...news });
  }

  /** Records what takes no time: one event, frame or packet. */
  function note({ direction, kind, label, text, status = null, messages = 0 }) {
    exchangesSoFar += 1;
    const [up, down] = direction === "out" ? [text, ""] : ["", text];
    tell({
      id: exchangesSoFar, at: now(), direction, kind, label, status,
      bytesUp: byteLength(up), bytesDown: byteLength(down), messages, empty: false,
      durationMs: 0, sent: shorten(up), received: shorten(down), done: true,
    });
  }

  return { begin, update, end, note };
}

function shorten(text) {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

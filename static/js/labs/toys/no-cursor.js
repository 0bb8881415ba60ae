/**
 * Short polling without a cursor: as long as it is answered it does as the transport does; after a break it begins where
 * the room is by then, at `latest`. What was published in between is lost, and nobody is told.
 */

import { connect as connectRight } from "../../transports/short-poll.js";

export function connect(options) {
  let inner = null;
  dial(options.after);

  function dial(after) {
    const mine = connectRight({ ...options, after, onStatus: (status) => mine === inner && hear(status) });
    inner = mine;
  }

  function hear(status) {
    options.onStatus?.(status);
    if (status.state === "broken") forget(inner);
  }

  /** Once the transport is done telling: it does not expect to be closed from within. */
  function forget(broken) {
    queueMicrotask(() => {
      if (broken !== inner) return; // closed meanwhile
      inner = null;
      broken.close();
      dial("latest");
    });
  }

  function close() {
    inner?.close();
    inner = null;
  }

  return { send: (message) => inner.send(message), close, configure: (changes) => inner.configure(changes) };
}

/**
 * WebSocket with a heartbeat of the page's own: every `everyMs` it says something, and when nothing at all has come for
 * `waitMs` after that, it takes the connection to be dead and connects again.
 *
 * The browser answers the server's Ping frames by itself and shows no script any of them, nor lets it send one. So the
 * page has to ask in a text frame. This server has no word for that: it answers any text that is no message with an
 * error, and every answer is a sign of life.
 */

import { connect as connectRight } from "../../transports/websocket.js";
import { completeEnvironment } from "../../environment.js";

const ASK = JSON.stringify({ control: "ping" });
const GIVEN_UP = 4000; // a close code of the application's own (RFC 6455 section 7.4.2); it does not cross the wire

export function connect(options) {
  const environment = completeEnvironment(options.environment);
  const { everyMs, waitMs } = options.settings;
  return connectRight({ ...options, environment: { ...environment, WebSocket: beating(environment, { everyMs, waitMs }) } });
}

export function beating({ WebSocket, setTimeout, clearTimeout }, { everyMs, waitMs }) {
  return class extends WebSocket {
    #next = null; // the next question
    #end = null; // when no answer comes

    constructor(...where) {
      super(...where);
      this.addEventListener("open", () => this.#rest());
      this.addEventListener("message", () => this.#hear());
      this.addEventListener("close", () => this.#stop());
    }

    #rest() {
      this.#next = setTimeout(() => this.#ask(), everyMs);
    }

    #ask() {
      this.send(ASK);
      this.#end ??= setTimeout(() => this.#giveUp(), waitMs);
      this.#rest();
    }

    #hear() {
      clearTimeout(this.#end);
      this.#end = null;
    }

    /** `close()` would wait for the other side's Close frame, which a dead one does not send. */
    #giveUp() {
      this.dispatchEvent(new CloseEvent("close", { code: GIVEN_UP, wasClean: false }));
    }

    #stop() {
      clearTimeout(this.#next);
      clearTimeout(this.#end);
    }
  };
}

/**
 * One connection by hand (static/js/handshake/console.js), as an experiment makes it: some bytes go to the server, what it
 * answers is waited for, and so on.
 */

import { address } from "../shell/base.js";
import { t } from "../shell/language.js";
import { createConsole } from "../handshake/console.js";

const WITHIN_MS = 15_000;

/**
 * @param {(full: object) => void} [onUnit] - whatever crosses, `{ unit, bytes, fields }`.
 * @returns `{ ask(bytes, isAnswer), close() }`; `ask` is fulfilled with the first `{ unit, bytes, fields }` for which `isAnswer`
 *   says so, and rejected when the connection ends before it, or nothing comes.
 */
export function createByHandOnce({ onUnit, url = address("api/handshake/by-hand"), WebSocket = globalThis.WebSocket } = {}) {
  let wanted = null; // { isAnswer, resolve, reject, timer }
  const line = createConsole({ url, WebSocket, onUnit: take, onEvent: note });

  function take(full) {
    onUnit?.(full);
    if (wanted?.isAnswer(full)) settle("resolve", full);
  }

  function note({ what, text }) {
    if (what === "ended") settle("reject", new Error(text));
  }

  function settle(how, value) {
    if (wanted === null) return;
    const { [how]: end, timer } = wanted;
    wanted = null;
    clearTimeout(timer);
    end(value);
  }

  function ask(bytes, isAnswer) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle("reject", new Error(t("labs.by-hand.silent"))), WITHIN_MS);
      wanted = { isAnswer, resolve, reject, timer };
      line.send(bytes);
    });
  }

  return { ask, close: () => line.close() };
}

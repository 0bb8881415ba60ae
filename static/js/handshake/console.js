/**
 * One connection that is made by hand: bytes go to the server by way of `api/handshake/by-hand`, and what crosses comes
 * back taken apart. It is opened by the first bytes, and again by the first after its end.
 */

import { t } from "../shell/language.js";

const WHOLE_S = 60; // the server's bound

const ENDS = {
  ended: t("console-end.ended"),
  reset: t("console-end.reset"),
  limit: t("console-end.limit", { seconds: WHOLE_S }),
  refused: t("console-end.refused"),
};

/**
 * @param {URL} url - of the WebSocket, with the scheme of the page.
 * @param {(full: object) => void} onUnit - `{ unit, bytes, fields }`.
 * @param {(event: { what: "opened" | "waiting" | "ended", text: string }) => void} onEvent
 */
export function createConsole({ url, onUnit, onEvent, WebSocket = globalThis.WebSocket }) {
  let line = null; // { socket, queue, takesMore } while there is one

  function open() {
    const socket = new WebSocket(url.href.replace(/^http/, "ws"));
    const opening = { socket, queue: [], takesMore: true };
    line = opening;
    socket.addEventListener("open", () => opening.queue.splice(0).forEach((each) => socket.send(each)));
    socket.addEventListener("message", ({ data }) => line === opening && take(JSON.parse(data)));
    socket.addEventListener("close", (event) => line === opening && over(lostText(event)));
    onEvent({ what: "opened", text: t("console-end.new") });
  }

  function take({ units, waiting, end }) {
    for (const full of units) onUnit(full);
    onEvent({ what: "waiting", text: waitingText(waiting) });
    if (end !== null) over(ENDS[end]);
  }

  function over(text) {
    line = null;
    onEvent({ what: "waiting", text: "" });
    onEvent({ what: "ended", text });
  }

  function say(message, isLast = false) {
    if (isLast) line.takesMore = false;
    if (line.socket.readyState === WebSocket.CONNECTING) line.queue.push(message);
    else line.socket.send(message);
  }

  const reset = () => say(JSON.stringify({ reset: true }), true);

  return {
    get isThere() { return line !== null; },
    get takesMore() { return line !== null && line.takesMore; },
    send(bytes) {
      if (line === null) open();
      say(bytes);
    },
    finish: () => say(JSON.stringify({ end: true }), true),
    reset,
    /** Breaks it off without waiting for what is told of that, so that another may begin at once. */
    abandon() {
      if (line === null) return;
      reset();
      over(t("console-end.anew"));
    },
    close() {
      if (line === null) return;
      const { socket } = line;
      over(t("console-end.left")); // it may be shown again out of the browser's cache
      socket.close();
    },
  };
}

function lostText({ code, reason }) {
  return reason ? t("console-end.by-server", { reason, code: String(code) }) : t("console-end.no-way", { code: String(code) });
}

function waitingText({ up, down }) {
  const parts = [up && t("console-end.up", { size: String(up) }), down && t("console-end.down", { size: String(down) })].filter(Boolean);
  return parts.length ? t("console-end.waiting", { parts: parts.join(t("wire.comma")) }) : "";
}

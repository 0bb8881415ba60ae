/**
 * One connection that is made by hand: bytes go to the server by way of `api/handshake/by-hand`, and what crosses comes
 * back taken apart. It is opened by the first bytes, and again by the first after its end.
 */

const WHOLE_S = 60; // the server's bound

const ENDS = {
  ended: "The connection has ended in peace (FIN).",
  reset: "The connection was broken off (RST).",
  limit: `The console's limit is reached: ${WHOLE_S} s, or 64 KiB one way. It has broken the connection off.`,
  refused: "Nobody listens there, or this server does not know its own address.",
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
    onEvent({ what: "opened", text: "A new TCP connection." });
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
      over("Broken off (RST), to begin anew.");
    },
    close() {
      if (line === null) return;
      const { socket } = line;
      over("Broken off, as the page was left."); // it may be shown again out of the browser's cache
      socket.close();
    },
  };
}

function lostText({ code, reason }) {
  return reason ? `The server ended it: ${reason} (${code}).` : `No way to the server (${code}).`;
}

function waitingText({ up, down }) {
  const parts = [up && `${up} B up`, down && `${down} B down`].filter(Boolean);
  return parts.length ? `Not a whole unit yet: ${parts.join(", ")}.` : "";
}

/**
 * A lab session as its page sees it: the live traffic, and the commands to the network.
 *
 * All of it goes to the server's main port: a network that has vanished cannot carry its own repair.
 */

import { createBackoff } from "../backoff.js";
import { t } from "../shell/language.js";

const ENDED = 1000; // the close code of a session that is over
const COMMAND_WITHIN_MS = 10_000;

/** Opens a session. Returns `{ id, port, passed_over, … }`. */
export function openSession(base) {
  return ask(new URL("api/lab/sessions", base), { method: "POST" });
}

/**
 * @param {{ id: string, main: URL }} lab
 * @param {(news: object) => void} onNews - each message of the live socket.
 * @param {(state: "connecting" | "live" | "away" | "ended") => void} onState - `away`: the server cannot be reached.
 */
export function createLabSession(lab, { onNews, onState }) {
  const base = new URL(`api/lab/sessions/${lab.id}/`, lab.main);
  const backoff = createBackoff();
  let socket = null;
  let timer = null;
  let isClosed = false;

  function connect() {
    const url = new URL("live", base);
    url.protocol = url.protocol.replace("http", "ws");
    socket = new WebSocket(url);
    socket.onmessage = (event) => {
      backoff.reset();
      onState("live");
      onNews(JSON.parse(event.data));
    };
    socket.onclose = lost;
  }

  async function lost({ code }) {
    if (isClosed) return;
    if (code === ENDED || (await isGone())) end();
    else timer = setTimeout(connect, backoff.next());
  }

  /** A script does not see why a handshake was refused; the same asked by HTTP tells. */
  async function isGone() {
    try {
      await ask(new URL(".", base).href.replace(/\/$/, ""));
      return false;
    } catch (error) {
      if (error.status === undefined) onState("away");
      return error.status === 404;
    }
  }

  function end() {
    close();
    onState("ended");
  }

  function close() {
    isClosed = true;
    clearTimeout(timer);
    if (socket !== null) socket.onclose = null;
    socket?.close();
  }

  onState("connecting");
  connect();
  return {
    close,
    setNetwork: (changes) => command("network", changes),
    breakBy: (fault, seconds) => command("faults", seconds === undefined ? { fault } : { fault, seconds }),
    readUnit: ({ connection, number }) => ask(new URL(`connections/${connection}/units/${number}`, base)),
    captureAddress: (ending) => new URL(`capture.${ending}`, base).href,
  };

  function command(path, body) {
    const headers = { "Content-Type": "application/json" };
    return ask(new URL(path, base), { method: "POST", headers, body: JSON.stringify(body) });
  }
}

async function ask(url, init = {}) {
  const response = await reach(url, { ...init, cache: "no-store", signal: AbortSignal.timeout(COMMAND_WITHIN_MS) });
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  const error = new Error(answer?.detail ?? t("problem.status", { status: String(response.status) }));
  error.status = response.status;
  throw error;
}

async function reach(url, init) {
  try {
    return await fetch(url, init);
  } catch {
    throw new Error(t("lab.unreachable"));
  }
}

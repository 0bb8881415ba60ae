/**
 * A class as one of its pages sees it: the state, whole, whenever it has changed. The teacher's console, a student's
 * page and the projector differ in the first message alone, which says who it is.
 *
 * It reconnects by itself, unless the server refused it or the class is over. A page that is put away (pagehide) hangs up,
 * and comes back when it is shown again.
 */

import { createBackoff } from "../backoff.js";
import { address } from "../shell/base.js";

const OVER = 1000; // the close code of a class that has ended
const GONE = [403, 404]; // the seat that a page had
const PASSES = [408, 429, 503]; // on a slow network the first word may come too late
const AWAY_AFTER_MS = 1500; // a server that is back before nobody needs to hear of

/**
 * @param {object} options
 * @param {object} options.hello - `{ role: "teacher", token }`, `{ role: "student" }` or `{ role: "projector" }`.
 * @param {(state: object) => void} options.onState
 * @param {(problem: object) => void} options.onProblem - the server refused; there is no next try.
 * @param {(link: "connecting" | "live" | "away" | "over") => void} options.onLink - `away`: the server cannot be reached.
 */
export function createLive({ hello, onState, onProblem, onLink, WebSocket = globalThis.WebSocket, timers = globalThis }) {
  const backoff = createBackoff();
  let socket = null;
  let retry = null;
  let absence = null;
  let link = null;
  let isDone = false; // refused, over or closed: no next try

  function tell(news) {
    if (news === link) return;
    link = news;
    onLink(news);
  }

  function connect() {
    const url = address("api/class/live");
    url.protocol = url.protocol.replace("http", "ws");
    const mine = new WebSocket(url);
    socket = mine;
    mine.onopen = () => mine.send(JSON.stringify(hello));
    mine.onmessage = ({ data }) => mine === socket && take(JSON.parse(data));
    mine.onclose = ({ code }) => mine === socket && lost(code);
  }

  function take(said) {
    if (said.problem) {
      refused(said.problem);
      return;
    }
    backoff.reset();
    timers.clearTimeout(absence);
    absence = null;
    tell("live");
    onState(said.state);
  }

  /** What may pass is tried again when the server has closed; a report that it did not understand closes nothing. */
  function refused(problem) {
    const isFinal = link === "live" ? GONE.includes(problem.status) : !PASSES.includes(problem.status);
    if (!isFinal) return;
    finish();
    onProblem(problem);
  }

  function lost(code) {
    socket = null;
    if (code === OVER) {
      finish();
      tell("over");
      return;
    }
    if (link === "live") tell("connecting");
    absence ??= timers.setTimeout(() => tell("away"), AWAY_AFTER_MS);
    retry = timers.setTimeout(connect, backoff.next());
  }

  function hangUp() {
    timers.clearTimeout(retry);
    timers.clearTimeout(absence);
    absence = null;
    const mine = socket;
    socket = null;
    mine?.close();
  }

  function finish() {
    isDone = true;
    hangUp();
  }

  function comeBack(event) {
    if (event.persisted && !isDone && socket === null) connect();
  }

  function close() {
    finish();
    globalThis.removeEventListener?.("pagehide", hangUp);
    globalThis.removeEventListener?.("pageshow", comeBack);
  }

  globalThis.addEventListener?.("pagehide", hangUp);
  globalThis.addEventListener?.("pageshow", comeBack);
  tell("connecting");
  connect();
  return {
    close,
    /** Says something to the server; false while there is nobody to say it to. */
    send(said) {
      if (link !== "live" || socket?.readyState !== 1) return false;
      socket.send(JSON.stringify(said));
      return true;
    },
  };
}

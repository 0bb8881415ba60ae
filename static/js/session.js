/**
 * What every transport keeps beside its connection: the place in the feed, the state it tells, and the next try.
 *
 *     connecting -> open -> (gap -> open) -> broken -> connecting -> open ... -> closed
 *
 * A transport gives two functions: `dial` makes its connection, `hangUp` drops it without a word. The session calls
 * them and never calls back before `connect` has returned, nor after `close`.
 */
import { createBackoff } from "./backoff.js";
import { completeEnvironment } from "./environment.js";
import { createInbox } from "./inbox.js";
import { t } from "./shell/language.js";
import { createTraffic } from "./traffic.js";

const DEFAULTS = { intervalMs: 2000, timeoutS: 25, clockOffsetMs: 0 };
const OPEN_WITHIN_MS = 15_000;

export function createSession(options, { dial, hangUp }) {
  const environment = completeEnvironment(options.environment);
  const settings = { ...DEFAULTS };
  const inbox = createInbox(options.after ?? null);
  const backoff = createBackoff(environment.random);
  const traffic = createTraffic((exchange) => state !== "closed" && call(options.onTraffic, exchange), environment.now);
  let state = "new";
  let timer = null; // one at a time: until open, until the next poll, or until the next try
  let openedAt = 0; // ms since 1970 by this browser's clock
  let isWaiting = false; // broken, to be tried again by us or by the browser

  // ---- the state, and telling it

  function tell(news, detail, retryInMs = null) {
    state = news;
    call(options.onStatus, { state, detail, cursor: inbox.cursor, retryInMs });
  }

  function start() {
    isWaiting = false;
    connecting();
    if (state === "connecting") dial();
  }

  function connecting(detail = t("session.connecting")) {
    if (state === "closed") return;
    schedule(OPEN_WITHIN_MS, () => broken(t("session.no-answer", { seconds: OPEN_WITHIN_MS / 1000 })));
    tell("connecting", detail);
  }

  /** The server has answered; `cursor` is where reading starts, where the server says so. */
  function opened(detail, cursor = null) {
    if (state !== "connecting") return;
    environment.clearTimeout(timer);
    backoff.reset();
    isWaiting = false;
    openedAt = environment.now();
    if (inbox.cursor === null && cursor !== null) inbox.moveTo(cursor);
    tell("open", detail);
  }

  /** Messages are gone for good; reading goes on after `cursor`. */
  function gap(cursor, detail = t("session.gap")) {
    if (!isConnected()) return;
    opened(detail);
    inbox.moveTo(cursor);
    tell("gap", detail);
    if (state === "gap") tell("open", t("session.after-gap"));
  }

  /**
   * The connection is lost or was refused; the next try comes by itself.
   *
   * @param {object} how `retryAfterMs`: not sooner; `byItself`: the browser reconnects, not we, unless it has not done
   *   so after `helpAfterMs`; `final`: no next try.
   */
  function broken(detail, { retryAfterMs = 0, byItself = false, helpAfterMs = null, final = false } = {}) {
    if (!isConnected()) return;
    environment.clearTimeout(timer);
    if (!byItself) hangUp(detail);
    const retryInMs = byItself || final ? null : Math.round(Math.max(retryAfterMs, backoff.next()));
    isWaiting = !final;
    tell("broken", detail, retryInMs);
    if (state === "broken" && retryInMs !== null) schedule(retryInMs, start);
    if (state === "broken" && helpAfterMs !== null) schedule(helpAfterMs, () => startAnew(t("session.too-long")));
  }

  /** The server refused to let us read: try later, start over where it does not know our cursor, or give up. */
  function refused(error) {
    if (error.name === "AbortError" || !isConnected()) return;
    if (error.problem === undefined) return broken(error.message, { retryAfterMs: error.retryAfterMs });
    if (error.problem.status !== 400 || inbox.cursor === null) return broken(error.message, { final: true });
    broken(error.message);
    inbox.moveTo(null);
    if (state === "broken") call(options.onStatus, startingOver());
  }

  function startingOver() {
    return { state: "gap", detail: t("session.starting-over"), cursor: null, retryInMs: null };
  }

  function close() {
    if (state === "closed") return;
    state = "closed";
    environment.clearTimeout(timer);
    environment.window?.removeEventListener("online", retryNow);
    hangUp(t("session.was-closed"));
    tell("closed", t("session.closed"));
  }

  // ---- messages

  /** Hands a message over, once and in order; resumes where one before it is missing. */
  function deliver(message, receivedAt = environment.now()) {
    if (!isConnected()) return;
    const verdict = inbox.accept(message.id);
    if (verdict === "known") return;
    if (verdict === "hole") return broken(t("session.hole", { id: message.id }));
    if (verdict === "gap") gap(message.id, t("session.nothing-before", { id: message.id }));
    call(options.onMessage, message, describeArrival(message, receivedAt));
  }

  /** What was sent before this connection stood is history: its age says nothing about the technique. */
  function describeArrival(message, receivedAt) {
    const isHistory = message.sent_at < openedAt + settings.clockOffsetMs;
    return isHistory ? { receivedAt, delayed: true } : { receivedAt };
  }

  function moveTo(cursor) {
    if (isConnected()) inbox.moveTo(cursor);
  }

  // ---- the page, time and addresses

  /** Calls back into the page. What goes wrong there is reported, but does not stop the transport. */
  function call(callback, ...args) {
    try {
      callback?.(...args);
    } catch (error) {
      environment.report(error);
    }
  }

  function isConnected() {
    return state === "connecting" || state === "open";
  }

  function schedule(delayMs, action) {
    environment.clearTimeout(timer);
    timer = environment.setTimeout(action, delayMs);
  }

  /** Does the next step of a connection that still stands: at once without a timer, which hidden tabs slow down. */
  function next(delayMs, action) {
    if (!isConnected()) return;
    if (delayMs > 0) schedule(delayMs, action);
    else action();
  }

  /** The network is back: no reason to wait any longer. */
  function retryNow() {
    if (isWaiting && state !== "closed") startAnew(t("session.network-back"));
  }

  function startAnew(detail) {
    hangUp(detail);
    start();
  }

  /** Returns the URL of `<base>api/rooms/<room>/<path>`, with the place to read on from. */
  function address(path, query = {}) {
    const url = new URL(`api/rooms/${encodeURIComponent(options.room)}/${path}`, environment.base);
    const reading = path === "messages" || inbox.after === null ? {} : { after: inbox.after };
    url.search = new URLSearchParams({ ...reading, ...query }).toString();
    return url;
  }

  /** Wraps a handler: what it cannot read breaks the connection, which then resumes. */
  function guard(handler) {
    return (event) => {
      try {
        return handler(event);
      } catch (error) {
        return broken(t("session.not-understood", { reason: error.message }));
      }
    };
  }

  /** Takes new settings; a figure that is none (an empty field of the page) leaves the old one. */
  function configure(changes = {}) {
    for (const [name, value] of Object.entries(changes)) {
      if (!(name in DEFAULTS)) settings[name] = value;
      else if (Number.isFinite(value)) settings[name] = value;
    }
  }

  configure(options.settings);
  environment.window?.addEventListener("online", retryNow);
  queueMicrotask(() => state === "new" && start());

  return {
    environment, settings, traffic, room: options.room,
    get cursor() { return inbox.cursor; },
    get after() { return inbox.after; },
    get state() { return state; },
    connecting, opened, gap, broken, refused, close,
    deliver, moveTo, isConnected, next, address, guard, configure,
    now: environment.now,
  };
}

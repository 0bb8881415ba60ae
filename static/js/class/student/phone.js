/**
 * A phone's technique at work: the frame at the port of its group, what it runs there, and what is measured of it.
 *
 * The frame is loaded anew for another port only; another technique, or another room, is a command to it. Where it does not
 * load, because the group's network has vanished or the firewall keeps the port shut, it is tried again.
 */

import { browserNow, measureClockOffset } from "../../instruments/clock-offset.js";
import { summarize } from "../../instruments/delays.js";
import { createFrame } from "../../frame/frame.js";
import { address } from "../../shell/base.js";
import { el } from "../../shell/dom.js";
import { randomLetters } from "../../shell/ids.js";
import { t } from "../../shell/language.js";
import { createFaultWatch } from "./fault-watch.js";
import { createLedger } from "./ledger.js";

const LOAD_WITHIN_MS = 6000; // doubled each time: the network may be a slow one
const LOAD_WITHIN_AT_MOST_MS = 24_000;
const VANISHED_AGAIN_MS = 3000; // what is asked while nothing passes is never answered
const MOST_DELAY_MS = 3_600_000; // beyond that a clock was set, or the computer slept
const COMPARE_CLOCKS_EVERY_MS = 2 * 60 * 1000;
const COMPARE_CLOCKS_AGAIN_MS = 5000; // where they could not be compared yet
const PAGE_LETTERS = 8;

/**
 * @param {HTMLElement} place - of the frame; always in sight, for browsers slow the timers of a frame that nobody sees.
 * @param {object} options
 * @param {(message: object, arrival: object) => void} options.onMessage - `arrival.delayed`: it is not live.
 * @param {(status: object) => void} options.onStatus
 * @param {() => string | null} options.cursor - from where the room is read.
 */
export function createPhone(place, { onMessage, onStatus, cursor }) {
  const page = randomLetters(PAGE_LETTERS); // a seat may have several, and each counts for itself
  const ledger = createLedger();
  const watch = createFaultWatch();
  const phone = {
    ledger, watch, set, send, close, report,
    state: "connecting", detail: "", clock: null, stretch: null,
    get requests() { return requestsBefore + requestsNow - requestsAtStretch; },
    get serverNow() { return browserNow() + (phone.clock?.offsetMs ?? 0); },
    delayOf: ({ message, receivedAt }) => (phone.clock === null ? null
      : { ms: receivedAt - message.sent_at + phone.clock.offsetMs, errorMs: phone.clock.uncertaintyMs }),
    summary: () => summarize(ledger.recent),
  };
  const unreachable = el("p.unreachable", { hidden: true, testid: "unreachable" }, t("join.unreachable"));
  let again = null;
  let isClosed = false;
  const firstClock = compareClocks();
  let frame = null;
  let wanted = null; // { port, technique, room, settings }
  let running = null; // `technique room`, as the frame was told last
  let loading = null;
  let loadWithinMs = LOAD_WITHIN_MS;
  let readingSince = Infinity; // by the server's clock: what was sent before is history
  let requestsBefore = 0;
  let requestsNow = 0;
  let requestsAtStretch = 0;

  /** Be what the class's state says. */
  function set({ seat, group, class: info, stretch, fault }) {
    const former = wanted;
    wanted = {
      port: group.port, isVanished: group.vanished, technique: seat.technique, room: info.room,
      settings: { intervalMs: group.interval_ms, timeoutS: group.timeout_s, ...clockSettings() },
    };
    if (stretch !== phone.stretch) begin(stretch);
    if (fault !== null && fault.at >= readingSince) watch.strike(fault);
    if (wanted.port !== former?.port) loadFrame();
    else if (!frame.isReady && wanted.isVanished !== former.isVanished) tryToLoad(frame);
    else if (`${wanted.technique} ${wanted.room}` !== running) connect();
    else if (JSON.stringify(wanted.settings) !== JSON.stringify(former.settings)) frame.command("configure", { settings: wanted.settings });
  }

  function begin(stretch) {
    phone.stretch = stretch;
    requestsAtStretch = requestsBefore + requestsNow;
    ledger.reset();
    watch.forget();
  }

  // ---- the frame

  function loadFrame() {
    frame?.close();
    running = null;
    frame = createFrame({
      lab: { id: "class", port: wanted.port }, title: t("join.frame"), testid: "frame",
      onMessage: receive, onStatus: tellStatus, onTraffic: ({ requests }) => { requestsNow = requests; },
    });
    loadWithinMs = LOAD_WITHIN_MS;
    unreachable.hidden = true;
    place.replaceChildren(frame.element, unreachable);
    tryToLoad(frame);
  }

  /** Nothing is connected before the clocks are compared: what is history depends on them. */
  async function tryToLoad(mine) {
    clearTimeout(loading);
    mine.load();
    if (wanted.isVanished) unreachable.hidden = false;
    loading = setTimeout(() => {
      if (mine !== frame || mine.isReady) return;
      unreachable.hidden = false;
      tellStatus({ state: "broken", detail: t("join.unreachable"), cursor: null });
      if (!wanted.isVanished) loadWithinMs = Math.min(2 * loadWithinMs, LOAD_WITHIN_AT_MOST_MS);
      tryToLoad(mine);
    }, wanted.isVanished ? VANISHED_AGAIN_MS : loadWithinMs);
    await Promise.all([mine.ready, firstClock]);
    if (mine !== frame) return;
    clearTimeout(loading);
    unreachable.hidden = true;
    if (running === null) connect();
  }

  /** Where the students choose, one who has not chosen yet runs nothing. */
  function connect() {
    if (!frame.isReady) return;
    if (wanted.technique === null) {
      frame.command("stop");
      running = null;
      return;
    }
    running = `${wanted.technique} ${wanted.room}`;
    requestsBefore += requestsNow;
    requestsNow = 0;
    readingSince = Math.min(readingSince, phone.serverNow);
    frame.command("connect", { technique: wanted.technique, room: wanted.room, after: cursor(), settings: wanted.settings });
  }

  function tellStatus(status) {
    phone.state = status.state;
    phone.detail = status.detail;
    watch.status(status.state, phone.serverNow);
    onStatus(status);
  }

  // ---- messages

  function receive(message, arrival) {
    if (message.room !== wanted.room) return; // of the room before
    const isHistory = arrival.delayed === true && message.sent_at < readingSince;
    if (isHistory) ledger.skipTo(message.id);
    else measure(message, arrival);
    onMessage(message, arrival);
  }

  function measure(message, arrival) {
    const delayMs = delayToCount(phone.delayOf({ message, receivedAt: arrival.receivedAt }));
    const late = arrival.delayed === true;
    const lostBefore = ledger.counts.lost;
    ledger.take(message.id, { delayMs, late, at: arrival.receivedAt });
    watch.lose(ledger.counts.lost - lostBefore);
    const usualMs = wanted.technique === "short-poll" ? wanted.settings.intervalMs : 0;
    watch.message({ sentAt: message.sent_at, delayMs, late, usualMs });
  }

  function send(message) {
    return frame === null ? Promise.reject(new Error(t("join.unreachable"))) : frame.send(message);
  }

  // ---- clocks, and who looks

  async function compareClocks() {
    const clock = await measureClockOffset(address("api/time")).catch(() => null);
    if (clock === null && phone.clock === null && !isClosed) again = setTimeout(compareClocks, COMPARE_CLOCKS_AGAIN_MS);
    if (clock === null) return;
    phone.clock = clock;
    frame?.command("configure", { settings: clockSettings() });
  }

  function clockSettings() {
    return phone.clock === null ? {} : { clockOffsetMs: phone.clock.offsetMs };
  }

  function see() {
    if (document.hidden) {
      ledger.hide();
      watch.hide();
      return;
    }
    ledger.show(browserNow());
    watch.show();
    compareClocks(); // a phone that slept may have lost count
  }

  /** What the server is told; null while nothing runs. */
  function report() {
    if (phone.stretch === null || running === null) return null;
    return {
      page, stretch: phone.stretch, technique: wanted.technique, state: phone.state, cursor: cursor(),
      delays: ledger.takeDelays(), ...ledger.counts, requests: phone.requests,
      clock: phone.clock && { offset_ms: phone.clock.offsetMs, error_ms: phone.clock.uncertaintyMs },
      hidden: document.hidden, fault: watch.report,
    };
  }

  function close() {
    isClosed = true;
    clearTimeout(loading);
    clearInterval(comparing);
    clearTimeout(again);
    document.removeEventListener("visibilitychange", see);
    frame?.close();
    frame?.element.remove();
    frame = null;
  }

  const comparing = setInterval(compareClocks, COMPARE_CLOCKS_EVERY_MS);
  document.addEventListener("visibilitychange", see);
  if (document.hidden) see();
  return phone;
}

function delayToCount(delay) {
  return delay !== null && Math.abs(delay.ms) <= MOST_DELAY_MS ? delay.ms : null;
}

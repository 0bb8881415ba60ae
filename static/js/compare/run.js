/**
 * A run: five lab sessions, a technique in each, and the messages that are published for all of them.
 *
 *     opening -> running -> stopping -> stopped        or: opening -> failed
 */

import { browserNow, measureClockOffset } from "../instruments/clock-offset.js";
import { address } from "../shell/base.js";
import { TECHNIQUES } from "../techniques.js";
import { wireOf } from "./figures.js";
import { createHistory } from "./history.js";
import { createLane, endSession, openSessions } from "./lane.js";
import { findLatest, publishIn } from "./publish.js";
import { createPublisher } from "./publisher.js";
import { createRecent } from "./recent.js";
import { createStretches } from "./stretches.js";
import { until } from "./until.js";
import { t } from "../shell/language.js";

const NEEDS_PLACE = ["sse"]; // would ask a poll where "latest" is, and count it as its own; a poll that is told the place would be held
const LOAD_WITHIN_MS = 20_000;
const OPEN_WITHIN_MS = 8000; // a technique that the network keeps out does not keep the others waiting
const SETTLE_MS = 600; // the last bytes are told by then
const LONGEST_STOP_MS = 10_000;

/**
 * @param {object} options
 * @param {object} options.settings - `room rate isRandom seed textBytes intervalMs timeoutS`.
 * @param {object} options.network - all-sessions.js.
 * @param {(lanes: object[]) => void} options.onLanes - they are there, to be shown; their frames load then.
 * @param {() => void} options.onChange - the run, or a technique, is in another state.
 */
export function createRun({ settings, network, onLanes, onChange }) {
  const valid = createStretches(); // by the server's clock: the run is on, and the tab is seen
  const recent = createRecent(TECHNIQUES.length);
  const bytes = createHistory(TECHNIQUES.length);
  const run = {
    settings, recent, bytes, lanes: [], state: "opening", error: null, clock: null, startedAt: null, stoppedAt: null,
    isMixed: false, line: null, get counts() { return publisher.counts; }, start, stop, change, look, leave,
  };
  const publisher = createPublisher({
    settings: { ...settings },
    post: publishIn(settings.room),
    onPublished: (message) => run.lanes.forEach((lane) => lane.store.noteBirth(message)),
    onFailed: (error) => { run.error = error.message; },
  });
  const serverNow = () => browserNow() + run.clock.offsetMs;
  const isStopped = () => run.state !== "opening";

  // ---- start

  async function start() {
    try {
      await open();
    } catch (error) {
      await fail(error);
    }
  }

  async function open() {
    const [labs, clock] = await Promise.all([openSessions(TECHNIQUES.length), measureClockOffset(address("api/time"))]);
    run.clock = clock;
    if (isStopped()) return Promise.all(labs.map(endSession));
    run.lanes = TECHNIQUES.map((technique, index) => createLane({
      technique, lab: labs[index], room: settings.room, onArrival: receive, onStatus: onChange, onSession: network.told,
    }));
    await network.join(run.lanes);
    if (isStopped()) return undefined;
    onLanes(run.lanes);
    for (const lane of run.lanes) lane.load();
    const ready = Promise.all(run.lanes.map((lane) => lane.ready)).then(() => true);
    const isReady = await Promise.race([ready, until(isStopped, LOAD_WITHIN_MS)]);
    if (run.state !== "opening") return undefined;
    if (!isReady) throw new Error(t("compare.no-frame"));
    await network.setLine();
    const transport = { intervalMs: settings.intervalMs, timeoutS: settings.timeoutS, clockOffsetMs: clock.offsetMs };
    const latest = await findLatest(settings.room);
    for (const lane of run.lanes) lane.connect(NEEDS_PLACE.includes(lane.technique.name) ? latest : "latest", transport);
    await until(() => isStopped() || run.lanes.every((lane) => lane.state === "open"), OPEN_WITHIN_MS);
    if (run.state !== "opening") return undefined;
    run.startedAt = performance.now();
    run.line = network.line();
    enter("running");
    document.addEventListener("visibilitychange", see);
    return see();
  }

  async function fail(error) {
    if (isStopped()) return;
    run.error = error.message;
    for (const lane of run.lanes) lane.end();
    enter("failed");
  }

  function enter(state) {
    run.state = state;
    onChange();
  }

  // ---- while it runs

  /** Browsers slow the timers of a tab that nobody sees: nothing is published or measured meanwhile. */
  function see() {
    if (run.state !== "running") return;
    if (document.hidden) {
      publisher.pause();
      valid.end(serverNow());
    } else {
      valid.begin(serverNow() - run.clock.uncertaintyMs);
      publisher.goOn();
    }
    onChange();
  }

  function receive(lane, { id, sent_at, receivedAt }) {
    const receivedAtServer = receivedAt + run.clock.offsetMs;
    lane.messages += 1;
    if (run.startedAt === null) return; // somebody else's, in the same room
    if (!valid.holds(sent_at, receivedAtServer)) {
      lane.leftOut += 1;
      return;
    }
    const ms = receivedAtServer - sent_at;
    lane.samples.add(ms);
    recent.add(id, run.lanes.indexOf(lane), ms);
  }

  function change(changed) {
    Object.assign(settings, changed);
    run.isMixed = true;
    publisher.change({ ...settings });
    for (const lane of run.lanes) lane.command("configure", { settings: { intervalMs: settings.intervalMs, timeoutS: settings.timeoutS } });
  }

  /** Note how many bytes have crossed up to now. */
  function look() {
    if (run.startedAt === null || run.state === "stopped") return;
    bytes.add(performance.now() - run.startedAt, run.lanes.map(({ store }) => {
      const { bytesUp, bytesDown } = wireOf(store);
      return bytesUp + bytesDown;
    }));
  }

  // ---- stop

  /** Publish no more, wait for what is under way, hang up, and give the ports back. */
  async function stop() {
    if (run.state !== "running") return run.state === "opening" ? giveUp() : undefined;
    const wasAt = performance.now();
    enter("stopping");
    publisher.pause();
    const roundTripMs = 2 * network.transitMs();
    const limitMs = Math.min(LONGEST_STOP_MS, settings.intervalMs + 2 * roundTripMs + 1000);
    const isDone = () => publisher.isIdle() && run.lanes.every((lane) => lane.messages >= publisher.counts.published);
    await until(isDone, limitMs);
    valid.end(serverNow());
    for (const lane of run.lanes) lane.command("stop");
    await until(() => false, SETTLE_MS + roundTripMs);
    look();
    run.stoppedAt = wasAt;
    leave();
    return enter("stopped");
  }

  function giveUp() {
    leave();
    enter("stopped");
  }

  function leave() {
    publisher.pause();
    document.removeEventListener("visibilitychange", see);
    network.leave();
    for (const lane of run.lanes) lane.end();
  }

  return run;
}

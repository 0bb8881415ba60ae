/**
 * The bench: the one way to measure in the experiments. Some lanes, each a technique with its own settings at a lab
 * port of its own with its own network, and messages that are published for all of them.
 *
 *     ready -> opening -> running -> settling -> done     or: opening -> failed; and stopped, before the time was up
 *
 * What is measured: delays, by the server's clock as this page knows it to ± the clock's error; and what crossed the
 * lanes' ports, as their relays tell it. Nothing counts while the tab is hidden, for browsers slow its timers.
 */

import { publishIn, findLatest } from "../compare/publish.js";
import { createPublisher } from "../compare/publisher.js";
import { createLane, endSession, openSessions } from "../compare/lane.js";
import { createStretches } from "../compare/stretches.js";
import { until } from "../compare/until.js";
import { browserNow, measureClockOffset } from "../instruments/clock-offset.js";
import { address } from "../shell/base.js";
import { randomLetters } from "../shell/ids.js";
import { t } from "../shell/language.js";
import { techniqueNamed } from "../techniques.js";
import { resultsOf } from "./bench-results.js";
import { createLateness } from "./lateness.js";
import { createTally } from "./tally.js";

const NEEDS_PLACE = ["sse"]; // see compare/run.js
const LINE = ["delay_ms", "jitter_ms", "bandwidth_kbit", "seed"]; // set once the frames are loaded; the proxies before
const LOAD_WITHIN_MS = 20_000;
const OPEN_WITHIN_MS = 8000;
const SETTLE_MS = 600; // the last bytes are told by then
const SETTLE_WITHIN_MS = 6000;

/**
 * @param {object} plan
 * @param {{key: string, technique: string, label: string, settings?: object, network?: object, toy?: string}[]} plan.lanes - `settings`
 *   of the transport (`intervalMs`, `timeoutS`, …), `network` as the lab takes it (`delay_ms`, `strip_upgrade`, …); `toy`:
 *   a client in place of the transport that does one thing otherwise (toys/).
 * @param {{rate: number, isRandom?: boolean, seed: number, textBytes?: number, textOf?: Function} | null} plan.schedule -
 *   of the messages that the page publishes (publisher.js); null: none, as where the lanes send themselves.
 * @param {number} plan.seconds - how long it is measured.
 * @param {{afterS: number, act: (bench: object) => void}[]} [plan.acts] - what is done to it meanwhile.
 * @param {string} [plan.room]
 * @param {object} on
 * @param {(lanes: object[]) => void} on.onLanes - they are there: their frames must be shown, and then load.
 * @param {() => void} on.onChange - the bench, or a lane, is in another state.
 */
export function createBench(plan, { onLanes, onChange }) {
  const room = plan.room ?? `lab-${randomLetters(6)}`;
  const published = new Map(); // id -> when, by the server's clock
  const valid = createStretches(); // by the server's clock: it runs, and the tab is seen
  const bench = {
    plan, room, published, messages: [], lanes: [], state: "ready", error: null, clock: null, disturbed: new Set(), startedAt: null,
    endedAt: null, start, stop, leave, breakBy, setNetwork, configure, reload, sendBy, results: () => resultsOf(bench),
    serverNow: () => browserNow() + (bench.clock?.offsetMs ?? 0),
  };
  const lateness = createLateness();
  let timers = [];
  const publisher = plan.schedule && createPublisher({
    settings: { isRandom: true, textBytes: 80, ...plan.schedule },
    post: publishIn(room),
    onPublished(message) {
      published.set(message.id, message.sent_at);
      bench.messages.push(message);
      for (const lane of bench.lanes) lane.store.noteBirth(message); // shown in its ladder before it comes
    },
    onFailed: (error) => { bench.error = error.message; },
  });
  bench.counts = publisher?.counts ?? { published: 0, failed: 0, passedOver: 0 };
  const isOver = () => !["opening", "running", "settling"].includes(bench.state);

  function enter(state) {
    bench.state = state;
    onChange();
  }

  // ---- start

  async function start() {
    enter("opening");
    try {
      await open();
    } catch (error) {
      fail(error);
    }
  }

  async function open() {
    const [labs, clock] = await Promise.all([openSessions(plan.lanes.length), measureClockOffset(address("api/time"))]);
    if (isOver()) return Promise.all(labs.map(endSession));
    bench.clock = clock;
    bench.lanes = plan.lanes.map((wanted, index) => laneOf(wanted, labs[index]));
    await eachNetwork((name) => !LINE.includes(name));
    if (isOver()) return undefined;
    onLanes(bench.lanes);
    for (const lane of bench.lanes) lane.load();
    const ready = Promise.all(bench.lanes.map((lane) => lane.ready)).then(() => true);
    if (!(await Promise.race([ready, until(isOver, LOAD_WITHIN_MS)]))) throw new Error(t("labs.bench.no-frames"));
    await eachNetwork((name) => LINE.includes(name));
    const latest = await findLatest(room);
    if (isOver()) return undefined;
    for (const lane of bench.lanes) {
      connectLane(lane, NEEDS_PLACE.includes(lane.technique.name) ? latest : "latest");
    }
    await until(() => isOver() || bench.lanes.every((lane) => lane.state === "open"), OPEN_WITHIN_MS);
    return isOver() ? undefined : run();
  }

  function connectLane(lane, after) {
    lane.connect(after, { clockOffsetMs: bench.clock.offsetMs, ...lane.plan.settings }, lane.plan.toy);
  }

  function laneOf(wanted, lab) {
    const tally = createTally();
    const states = []; // { at, state }: by the server's clock
    const technique = techniqueNamed(wanted.technique);
    const lane = createLane({
      technique, lab, room, key: wanted.key, title: t("labs.bench.frame", { name: wanted.label }), onSession: () => {},
      onStatus: ({ state }) => {
        states.push({ at: bench.serverNow(), state });
        onChange();
      },
      onArrival: (_, arrival) => receive(tally, arrival),
    });
    lane.store.subscribe(({ units }) => units.filter((unit) => unit.technique === technique.name).forEach(tally.cross));
    return Object.assign(lane, { plan: wanted, label: wanted.label, tally, states, sends: [] });
  }

  function eachNetwork(isWanted) {
    return Promise.all(bench.lanes.map((lane) => {
      const changes = Object.fromEntries(Object.entries(lane.plan.network ?? {}).filter(([name]) => isWanted(name)));
      return Object.keys(changes).length > 0 && lane.live.setNetwork(changes);
    }));
  }

  function fail(error) {
    if (isOver()) return;
    bench.error = error.message;
    leave();
    enter("failed");
  }

  // ---- while it runs

  function run() {
    bench.startedAt = bench.serverNow();
    enter("running");
    document.addEventListener("visibilitychange", see);
    see();
    timers = [
      setTimeout(settle, 1000 * plan.seconds),
      ...(plan.acts ?? []).map(({ afterS, act }) => setTimeout(() => act(bench), 1000 * afterS)),
    ];
  }

  function see() {
    if (bench.state !== "running") return;
    if (document.hidden) {
      bench.disturbed.add("hidden");
      publisher?.pause();
      lateness.end();
      valid.end(bench.serverNow());
    } else {
      valid.begin(bench.serverNow() - bench.clock.uncertaintyMs);
      lateness.begin();
      publisher?.goOn();
    }
    onChange();
  }

  function receive(tally, { id, sent_at: sentAt, receivedAt }) {
    const at = receivedAt + bench.clock.offsetMs;
    tally.take({ id, sentAt, receivedAt: at }, valid.holds(sentAt, at));
  }

  /** Break the network of one lane, or of all (`null`): `cut`, `vanish`, `come_back`, `stall`, `refuse`. */
  function breakBy(key, fault, seconds) {
    return Promise.all(lanesOf(key).map((lane) => lane.live.breakBy(fault, seconds)));
  }

  function setNetwork(key, changes) {
    return Promise.all(lanesOf(key).map((lane) => lane.live.setNetwork(changes)));
  }

  /** Connect a lane anew, from the last message that it had: what a person does who loads the page again. */
  function reload(key) {
    for (const lane of lanesOf(key)) connectLane(lane, lane.tally.last() ?? "latest");
  }

  /** Publish by a lane's own technique; `sends` of the lane say when, and how long the acknowledgement took. */
  async function sendBy(key, draft) {
    const [lane] = lanesOf(key);
    const send = { at: bench.serverNow(), ackMs: null, id: null };
    lane.sends.push(send);
    try {
      const { id } = await lane.send(draft);
      Object.assign(send, { ackMs: bench.serverNow() - send.at, id });
      published.set(id, send.at);
    } catch (error) {
      bench.error = error.message;
    }
    onChange();
  }

  /** Set something else of a lane's transport: its figures are then of both. */
  function configure(key, settings) {
    bench.disturbed.add("changed");
    for (const lane of lanesOf(key)) lane.command("configure", { settings });
  }

  const lanesOf = (key) => bench.lanes.filter((lane) => key === null || lane.key === key);

  // ---- the end

  /** Publish no more, wait for what is under way, hang up, and give the ports back. */
  async function settle() {
    bench.endedAt = bench.serverNow();
    publisher?.pause();
    if (lateness.isBusy()) bench.disturbed.add("busy");
    enter("settling");
    const hasAll = ({ tally }) => tally.counts(new Set(published.keys())).lost === 0;
    await until(() => isOver() || ((publisher?.isIdle() ?? true) && bench.lanes.every(hasAll)), SETTLE_WITHIN_MS);
    if (isOver()) return;
    valid.end(bench.serverNow());
    for (const lane of bench.lanes) lane.command("stop");
    await until(isOver, SETTLE_MS);
    if (isOver()) return;
    leave();
    enter("done");
  }

  /** Before the time is up: what was measured so far is shown, and not marked. */
  function stop() {
    if (isOver()) return;
    bench.endedAt ??= bench.startedAt === null ? null : bench.serverNow();
    leave();
    enter("stopped");
  }

  function leave() {
    publisher?.pause();
    lateness.end();
    timers.forEach(clearTimeout);
    document.removeEventListener("visibilitychange", see);
    for (const lane of bench.lanes) lane.end();
  }

  return bench;
}

import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as lab from "../../static/js/labs/experiments/cable.js";
import { openStretches } from "../../static/js/labs/pictures/state-lines.js";
import { beating } from "../../static/js/labs/toys/heartbeat.js";
import { TOYS } from "../../static/js/labs/toys/toys.js";
import { createTally } from "../../static/js/labs/tally.js";

const OWN = { goneS: 6, rate: 4, everyS: 5, waitS: 2, timeoutS: 8, delayMs: 80 };
const START = 100_000;
const GONE = START + 5000;
const RUN = { startedAt: START, seconds: 56, published: 200 };

function lane(key, { broken = null, lost = 0, delays = [] } = {}) {
  const { technique } = lab.LANES.find((each) => each.key === key);
  const states = [{ at: START - 100, state: "open" }, ...(broken === null ? [] : [{ at: broken, state: "broken" }])];
  return { key, technique, states, lost, delays };
}

describe("what is measured", () => {
  test("who noticed by themselves, when the heartbeat did, and what the wrong ones lost", () => {
    const brokenAt = { "short-poll": GONE + 10_500, "long-poll": GONE + 17_000, "socket-io": GONE + 40_000, websocket: START + 52_000, heartbeat: GONE + 4200 };
    const lost = { "no-cursor": 44, "late-waiter": 60 };
    const lanes = lab.LANES.map(({ key }) => lane(key, { broken: brokenAt[key] ?? null, lost: lost[key] }));
    const { notice, heartbeat, lost: gone, waiter } = lab.measure({ ...RUN, lanes });
    assert.deepEqual([notice.value, heartbeat.value, gone.value, waiter.value], [3, 4.2, 44, 30]);
  });

  test("nothing is nothing", () => {
    assert.deepEqual(lab.measure({ startedAt: null, seconds: 0, published: 0, lanes: [] }), { notice: null, heartbeat: null, lost: null, waiter: null });
  });

  test("a break before the cut is none of its, and a message on its way then does not count as being back", () => {
    assert.equal(lab.noticedAt(lane("websocket", { broken: GONE - 1 }), RUN), null);
    const back = lane("short-poll", { delays: [{ at: GONE + 20, ms: 30 }, { at: GONE + 11_000, ms: 9000 }] });
    assert.equal(lab.backAfterS(back, RUN), 11);
    assert.equal(lab.lateOf(back), 1);
  });

  test("a page takes its connection to be open from one state to the next", () => {
    const states = [{ at: 1, state: "connecting" }, { at: 2, state: "open" }, { at: 5, state: "broken" }, { at: 7, state: "open" }];
    assert.deepEqual(openStretches(states, 9), [[2, 5], [7, 9]]);
  });
});

describe("what is done", () => {
  test("all but the late waiter's network vanish and come back, and who noticed nothing is loaded again", async () => {
    const { lanes, acts } = lab.plan(OWN);
    const done = [];
    const states = { "short-poll": GONE + 10_000, heartbeat: GONE + 4000, "no-cursor": GONE + 10_000, "long-poll": GONE + 16_000, "socket-io": GONE + 40_000 };
    const bench = {
      startedAt: START, lanes: lanes.map(({ key }) => lane(key, { broken: states[key] ?? null })),
      breakBy: async (key, fault) => { done.push(`${key} ${fault}`); }, reload: (key) => done.push(`${key} again`),
    };
    for (const { act } of acts) await act(bench);
    assert.deepEqual(acts.map(({ afterS }) => afterS), [5, 11, 51]);
    assert.equal(done.filter((each) => each.endsWith("vanish")).length, 7);
    assert.equal(done.filter((each) => each.endsWith("come_back")).length, 7);
    assert.ok(!done.some((each) => each.startsWith("late-waiter")));
    assert.deepEqual(done.slice(14), ["sse again", "websocket again"]);
  });

  test("every toy of the plan is there", () => {
    const toys = lab.plan(OWN).lanes.map(({ toy }) => toy).filter(Boolean);
    for (const toy of toys) assert.equal(typeof TOYS[toy], "function", toy);
  });

  test("a lane is loaded again from its last message", () => {
    const tally = createTally();
    assert.equal(tally.last(), null);
    for (const id of ["a-1", "a-3", "a-2", "a-3"]) tally.take({ id, sentAt: 0, receivedAt: 1 }, true);
    assert.equal(tally.last(), "a-2");
  });
});

test("theory: a poller without a cursor loses an interval and each time-out, the late waiter what comes in its gap", () => {
  assert.equal(lab.lostWithoutCursor(OWN), 44);
  assert.equal(lab.lostWithoutCursor({ ...OWN, goneS: 13 }), 84);
  assert.equal(lab.heartbeatS(OWN), 4.5);
  assert.ok(Math.abs(lab.lostByLateWaiter(OWN) - simulatedLoss(OWN)) < 0.005);
});

/** The late waiter step by step: messages by chance, a blind gap of 2d, then 2d in which the server keeps them. */
function simulatedLoss({ rate, delayMs }) {
  const gap = (2 * delayMs) / 1000;
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  let [at, free, lost, count] = [0, 0, 0, 0];
  for (; count < 200_000; count += 1) {
    at -= Math.log(random()) / rate;
    if (at < free) continue; // shares the answer that its round has brought
    if (at < free + gap) lost += 1;
    else free = Math.max(at, free + 2 * gap);
  }
  return lost / count;
}

describe("a heartbeat of the page's own", () => {
  class FakeSocket extends EventTarget {
    sent = [];

    send(text) {
      this.sent.push(text);
    }
  }

  class FakeCloseEvent extends Event {
    constructor(type, { code }) {
      super(type);
      this.code = code;
    }
  }

  function open() {
    globalThis.CloseEvent ??= FakeCloseEvent;
    const timers = new Map();
    const environment = {
      WebSocket: FakeSocket, setTimeout: (act, ms) => { const id = {}; timers.set(id, { act, ms }); return id; }, clearTimeout: (id) => timers.delete(id),
    };
    const socket = new (beating(environment, { everyMs: 5000, waitMs: 2000 }))();
    const closes = [];
    socket.addEventListener("close", ({ code }) => closes.push(code));
    socket.dispatchEvent(new Event("open"));
    const run = (ms) => {
      const [id, { act }] = [...timers].find(([, each]) => each.ms === ms);
      timers.delete(id);
      act();
    };
    return { socket, closes, timers, run };
  }

  test("asks, and an answer is a sign of life", () => {
    const { socket, closes, timers, run } = open();
    run(5000);
    socket.dispatchEvent(new Event("message"));
    run(5000);
    assert.deepEqual([socket.sent.length, closes], [2, []]);
    assert.deepEqual([...timers.values()].map(({ ms }) => ms).sort(), [2000, 5000]);
  });

  test("gives up when none comes, and asks no more", () => {
    const { closes, timers, run } = open();
    run(5000);
    run(2000);
    assert.deepEqual([closes, timers.size], [[4000], 0]);
  });
});

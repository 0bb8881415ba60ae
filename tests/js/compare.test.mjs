import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { inWords, networkInWords } from "../../static/js/compare/all-sessions.js";
import { figuresOf, wireOf } from "../../static/js/compare/figures.js";
import { createHistory } from "../../static/js/compare/history.js";
import { createPublisher, senderOf, textOf } from "../../static/js/compare/publisher.js";
import { createRecent } from "../../static/js/compare/recent.js";
import { createSamples } from "../../static/js/compare/samples.js";
import { createRandom, createSchedule } from "../../static/js/compare/schedule.js";
import { createStretches } from "../../static/js/compare/stretches.js";
import { theoryInWords } from "../../static/js/compare/table.js";
import { commonBeat, meanByTheory } from "../../static/js/compare/theory.js";

const near = (found, wanted, by) => assert.ok(Math.abs(found - wanted) <= by, `expected ${wanted} ± ${by}, found ${found}`);

describe("schedule", () => {
  const times = (options, count) => {
    const schedule = createSchedule({ startMs: 1000, random: createRandom(1), ...options });
    return Array.from({ length: count }, () => {
      const { next } = schedule;
      schedule.advance();
      return next;
    });
  };

  test("a rhythm is laid down from its start", () => {
    assert.deepEqual(times({ rate: 4, isRandom: false }, 4), [1000, 1250, 1500, 1750]);
  });

  test("gaps by chance have the mean and the variance of a Poisson process, and are the same for the same seed", () => {
    const found = times({ rate: 10, isRandom: true }, 20_001);
    const gaps = found.slice(1).map((each, index) => each - found[index]);
    near(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length, 100, 3);
    near(gaps.filter((gap) => gap > 100).length / gaps.length, Math.exp(-1), 0.02);
    assert.deepEqual(times({ rate: 10, isRandom: true }, 5), found.slice(0, 5));
    assert.notDeepEqual(times({ rate: 10, isRandom: true, random: createRandom(2) }, 5), found.slice(0, 5));
  });
});

describe("publisher", () => {
  const SETTINGS = { rate: 10, isRandom: false, seed: 1, textBytes: 20 };

  /** Time is wound by the test; the timer that was set last is what fires. */
  function wound(settings = SETTINGS, post = async (draft) => draft) {
    const clock = { now: 0, timer: null };
    const published = [];
    const failed = [];
    const timers = {
      setTimeout: (action, ms) => { clock.timer = { action, at: clock.now + ms }; },
      clearTimeout: () => { clock.timer = null; },
    };
    const publisher = createPublisher({
      post, settings, timers, now: () => clock.now, onPublished: (each) => published.push(each), onFailed: (error) => failed.push(error.message),
    });
    const advance = async (ms) => {
      const end = clock.now + ms;
      while (clock.timer !== null && clock.timer.at <= end) {
        clock.now = Math.max(clock.now, clock.timer.at);
        const { action } = clock.timer;
        clock.timer = null;
        action();
        await null;
      }
      clock.now = end;
      await new Promise(setImmediate);
    };
    return { clock, publisher, published, failed, advance };
  }

  test("each message is published when it is due, and none after a pause", async () => {
    const { publisher, published, advance } = wound();
    publisher.goOn();
    await advance(1000);
    assert.equal(published.length, 11);
    publisher.pause();
    await advance(1000);
    assert.equal(published.length, 11);
    assert.ok(publisher.isIdle());
  });

  test("a timer that is late publishes what is due, and a machine that slept passes it over", async () => {
    const { clock, publisher, advance } = wound();
    publisher.goOn();
    await advance(50);
    clock.now = 5050; // 5 s without a timer
    await advance(0);
    assert.equal(publisher.counts.published, 11); // that of the beginning, and those of the last second
    assert.equal(publisher.counts.passedOver, 40);
  });

  test("another rate begins another rhythm", async () => {
    const { publisher, advance } = wound();
    publisher.goOn();
    await advance(1000);
    publisher.change({ ...SETTINGS, rate: 2 });
    await advance(999);
    assert.equal(publisher.counts.published, 13);
  });

  test("a refusal is told and counted", async () => {
    const { publisher, failed, advance } = wound(SETTINGS, async () => { throw new Error("too many"); });
    publisher.goOn();
    await advance(100);
    assert.deepEqual([failed, publisher.counts.failed], [["too many", "too many"], 2]);
  });

  test("senders are as many as the rate needs, and a text is as long as it is to be", () => {
    assert.equal(new Set(Array.from({ length: 100 }, (_, number) => senderOf(number, 50))).size, 10);
    assert.equal(new Set(Array.from({ length: 100 }, (_, number) => senderOf(number, 0.2))).size, 1);
    assert.equal(textOf(7, 4), "7 ab");
    assert.equal(textOf(7, 4000).length, 4000);
  });
});

describe("samples", () => {
  test("median, p99, mean and maximum are exact, in whatever order they came", () => {
    const samples = createSamples();
    for (let ms = 200; ms >= 1; ms -= 1) samples.add(ms);
    assert.deepEqual(samples.summary(), { samples: 200, mean: 100.5, median: 100.5, p99: 198, max: 200 });
  });

  test("of few there is no p99, and of none nothing", () => {
    const samples = createSamples();
    assert.deepEqual(samples.summary(), { samples: 0, mean: null, median: null, p99: null, max: null });
    for (const ms of [3, 1, 2]) samples.add(ms);
    assert.deepEqual(samples.summary(), { samples: 3, mean: 2, median: 2, p99: null, max: 3 });
  });
});

test("a stretch holds from its beginning to its end, and not across a break", () => {
  const stretches = createStretches();
  stretches.begin(10);
  assert.ok(stretches.holds(10, 1000));
  assert.ok(!stretches.holds(9, 11));
  stretches.end(20);
  stretches.begin(30);
  assert.ok(stretches.holds(12, 20));
  assert.ok(!stretches.holds(19, 31));
  assert.ok(stretches.holds(30, 31));
});

test("a long history keeps the whole of it, ever more coarsely", () => {
  const history = createHistory(2, { everyMs: 500, mostRows: 10 });
  for (let at = 0; at <= 60_000; at += 250) history.add(at, [at, 2 * at]);
  const [times, ones, others] = history.columns();
  assert.ok(times.length <= 10);
  assert.equal(times[0], 0);
  assert.ok(times.at(-1) > 50);
  assert.deepEqual(others, ones.map((each) => 2 * each));
});

test("the last messages stand in the order of their birth, with a gap where one has not come", () => {
  const recent = createRecent(2, { kept: 2 });
  recent.add("a", 0, 1);
  recent.add("b", 0, 2);
  recent.add("c", 0, 3);
  recent.add("b", 1, 20);
  assert.deepEqual(recent.columns(), [[2, 3], [2, 3], [20, null]]);
});

describe("figures", () => {
  const store = {
    techniques: {
      sse: { up: { http_headers: 500 }, down: { payload: 300, framing: 100 }, requests: 1, empty: 0 },
      "short-poll": { up: { http_headers: 400 }, down: { http_headers: 200 }, requests: 1, empty: 1 },
      page: { up: { page: 9000 }, down: { page: 90_000 }, requests: 20, empty: 0 },
    },
    opened: () => 1,
  };

  test("all that crossed is the technique's, but the frame's own files", () => {
    const { requests, emptyAnswers, bytesUp, bytesDown, accounts } = wireOf(store);
    assert.deepEqual([requests, emptyAnswers, bytesUp, bytesDown], [2, 1, 900, 600]);
    assert.equal(Object.values(accounts).reduce((sum, each) => sum + each, 0), 1500);
    assert.equal(accounts.page, 0);
  });

  test("without a message there are no bytes per message", () => {
    const lane = { store, technique: { name: "sse" }, samples: createSamples(), messages: 0, leftOut: 0 };
    assert.equal(figuresOf(lane).bytesPerMessage, null);
    assert.equal(figuresOf({ ...lane, messages: 3 }).bytesPerMessage, 500);
  });
});

describe("theory", () => {
  const run = { rate: 2, isRandom: true, intervalMs: 2000, timeoutMs: 25_000, transitMs: 100 };

  test("streams take the transit, short polling half the interval besides", () => {
    for (const name of ["sse", "websocket", "socket-io"]) assert.deepEqual(meanByTheory(name, run), { meanMs: 100, withinMs: 0 });
    assert.deepEqual(meanByTheory("short-poll", run), { meanMs: 1100, withinMs: 0 });
  });

  test("in a rhythm, messages meet the polls in a few phases only", () => {
    assert.equal(meanByTheory("short-poll", { ...run, isRandom: false }).withinMs, 250);
    assert.equal(commonBeat(500, 2000), 500);
    assert.equal(commonBeat(300, 2000), 100);
  });

  test("long polling's mean is that of a simulation of its gaps", () => {
    const found = meanByTheory("long-poll", { ...run, rate: 8 }).meanMs;
    near(found, simulateLongPoll({ ...run, rate: 8 }), 2);
  });

  test("it is said as it is known", () => {
    assert.equal(theoryInWords(null), "n/a");
    assert.equal(theoryInWords({ meanMs: 1000, withinMs: 250 }), "1000.0 ± 250.0");
    assert.equal(theoryInWords({ meanMs: 100, withinMs: 0 }), "100.0");
  });

  /** Messages by chance; while an answer is under way and the next request comes, 2d, they wait. */
  function simulateLongPoll({ rate, transitMs }) {
    const schedule = createSchedule({ rate, isRandom: true, random: createRandom(3), startMs: 0 });
    let heldFrom = 0;
    let total = 0;
    let count = 0;
    let waiting = [];
    while (count < 40_000) {
      const { next: born } = schedule;
      if (waiting.length > 0 && born >= heldFrom) {
        for (const each of waiting) total += heldFrom - each + transitMs;
        waiting = [];
        heldFrom += 2 * transitMs;
        continue;
      }
      if (born < heldFrom) {
        waiting.push(born);
      } else {
        total += transitMs;
        heldFrom = born + 2 * transitMs;
      }
      count += 1;
      schedule.advance();
    }
    return total / count;
  }
});

test("what five sessions say is said once, or with whose it is", () => {
  assert.equal(inWords([["SSE", "Cut."], ["WebSocket", "Cut."]]), "All five: Cut.");
  assert.equal(inWords([["SSE", "One."], ["WebSocket", "Two."], ["Socket.IO", "One."]]), "SSE, Socket.IO: One. WebSocket: Two.");
});

test("a network is said in words", () => {
  const plain = { delay_ms: 0, jitter_ms: 0, bandwidth_kbit: null, seed: 1, strip_upgrade: false, buffer_bytes: null, idle_timeout_s: null, cache_s: null };
  assert.equal(networkInWords(plain), "as it is on this machine");
  assert.equal(networkInWords({ ...plain, delay_ms: 200, strip_upgrade: true }), "200 ms each way, a proxy that drops Upgrade");
});

import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { CASES, useOf } from "../../static/js/labs/choose/cases.js";
import { constantsOf } from "../../static/js/labs/choose/constants.js";
import { crossings, mostUsers } from "../../static/js/labs/choose/crossings.js";
import { costOf, decide, frameHead, heldRequests, NAMES, readersAtOnce } from "../../static/js/labs/choose/model.js";
import { verdictOf } from "../../static/js/labs/choose/verdict.js";
import { FEWER, MORE, SWEPT } from "./labs-measured.mjs";

const near = (figure, value, share = 1e-6) => assert.ok(Math.abs(figure - value) <= share * Math.abs(value), `${figure} is not ${value}`);

/** Round figures: a poll takes 100 µs, a delivery 10; heads of 100 bytes each way; 50 bytes of JSON around a text. */
const poll = { cpuUs: 100, broadcastUs: 0, unit: "request", kibPerUser: 8, envelopeBytes: 50, framingBytes: 20, headUp: 100, headDown: 100, at: { textBytes: 50 } };
const stream = { ...poll, cpuUs: 10, unit: "delivery", framingBytes: 2, headUp: 0, headDown: 0 };
const post = { cpuUs: 400, up: 300, down: 400, way: "POST", textBytes: 50 };
const frame = { cpuUs: 100, up: 150, down: 80, way: "frame", textBytes: 50 };
const ROUND = {
  postCpuUs: 400,
  techniques: {
    "short-poll": { ...poll, send: post }, "long-poll": { ...poll, cpuUs: 50, send: post }, sse: { ...stream, framingBytes: 30, send: post },
    websocket: { ...stream, send: frame }, "socket-io": { ...stream, framingBytes: 15, kibPerUser: 64, send: frame },
  },
};
const USE = { users: 1000, rate: 1, sends: 0.1, tolerableMs: 1020, transitMs: 20, textBytes: 50, uplinkMbit: 10 };

describe("what theory alone says", () => {
  const alone = Object.fromEntries(decide(USE, null).map((cost) => [cost.name, cost]));

  test("short polling asks every tolerated delay less one way: 1,000 users every second", () => {
    const { intervalMs, requests, meanMs, worstMs } = alone["short-poll"];
    assert.deepEqual([intervalMs, requests, meanMs, worstMs], [1000, 1000, 520, 1020]);
  });

  test("long polling: G = 40 ms, a request for 1 / (0.04 + e^-0.04) messages, three ways at the longest", () => {
    near(alone["long-poll"].requests, 1000 / (0.04 + 0.960789), 1e-4);
    assert.equal(alone["long-poll"].worstMs, 60);
    near(alone["long-poll"].meanMs, 20 + 0.8 / 1.000789, 1e-4);
  });

  test("in silence a held request ends after 25 s", () => {
    near(heldRequests(0, 0), 1 / 25);
    near(heldRequests(1e-9, 0.1), 1 / 25.1, 1e-4);
  });

  test("a stream makes no requests and takes one way; costs are not known, and none is made up", () => {
    const { requests, worstMs, cores, down, mib, unknown } = alone.websocket;
    assert.deepEqual([requests, worstMs, cores, down, mib, unknown], [0, 20, null, null, null, true]);
  });

  test("a delay below one way is kept by none", () => {
    assert.ok(decide({ ...USE, tolerableMs: 19 }, null).every(({ fails }) => fails.includes("delay")));
  });
});

describe("what it costs, by round constants", () => {
  const costs = Object.fromEntries(decide(USE, ROUND).map((cost) => [cost.name, cost]));

  test("processor: 1,000 polls of 100 µs and 100 POSTs of 400 µs are 0.14 of a core; frames are cheaper", () => {
    near(costs["short-poll"].cores, 0.14);
    near(costs.sse.cores, 1000 * 10e-6 + 0.04);
    near(costs.websocket.cores, 1000 * 10e-6 + 100 * 100e-6);
  });

  test("bytes of short polling: heads, envelope, messages, five segments; and the POSTs", () => {
    near(costs["short-poll"].up, 1000 * (100 + 3 * 52) + 100 * (300 + 3 * 52));
    near(costs["short-poll"].down, 1000 * (100 + 20 + 2 * 52) + 1000 * 100 + 100 * (400 + 2 * 52));
    near(costs["short-poll"].share, (8 * costs["short-poll"].down) / 1e7);
  });

  test("bytes of WebSocket: a segment for each delivery, an acknowledgement of it, a ping every 20 s", () => {
    near(costs.websocket.down, 1000 * (100 + 2 + 52) + 50 * (6 + 52) + 100 * (80 + 52));
    near(costs.websocket.up, 1000 * 52 + 50 * (10 + 52) + 100 * (150 + 2 * 52));
  });

  test("a longer text costs its bytes, two more in the frame's header from 126 on, and a segment from 1,448 on", () => {
    const longer = costOf("websocket", { ...USE, sends: 0, textBytes: 76 }, ROUND);
    near(longer.down, 1000 * (126 + 4 + 52) + 50 * (6 + 52));
    const long = costOf("websocket", { ...USE, sends: 0, textBytes: 1950 }, ROUND);
    near(long.down, 1000 * (2000 + 4 + 2 * 52) + 50 * (6 + 52));
    assert.deepEqual([125, 126, 65_535, 65_536].map(frameHead), [2, 4, 4, 10]);
  });

  test("memory is so much for each user", () => {
    assert.equal(costs["socket-io"].mib, (1000 * 64) / 1024);
  });

  test("who is served last waits for all who share the message: ten here, everybody where nobody sends", () => {
    assert.equal(readersAtOnce(USE), 10);
    near(costs.sse.worstMs, 20 + 10 * 0.01);
    near(costOf("long-poll", { ...USE, sends: 0 }, ROUND).worstMs, 60 + 1000 * 0.05);
  });

  test("more than a core and more than the uplink are said", () => {
    assert.deepEqual(costOf("short-poll", { ...USE, users: 20_000 }, ROUND).fails, ["cores", "uplink"]);
  });

  test("a message wakes a server that rests, and no busy one", () => {
    const waking = { ...ROUND, techniques: { ...ROUND.techniques, sse: { ...ROUND.techniques.sse, broadcastUs: 1000 } } };
    const rests = costOf("sse", { ...USE, sends: 0 }, waking); // work 0.0104; one message a second
    near(rests.cores, (0.0104 + 0.001) / 1.001);
    const busy = costOf("sse", { ...USE, users: 100, rate: 1000, sends: 0 }, waking); // work 1.4
    near(busy.cores, 1.4);
  });
});

describe("where one overtakes another", () => {
  test("lines that cross once, by ratio", () => {
    const [found, ...more] = crossings(["flat", "steep"], (name, x) => (name === "flat" ? 50 : 2 * x), 1, 1000);
    near(found.x, 25, 1e-4);
    assert.deepEqual([found.rises, found.falls, more.length], ["steep", "flat", 0]);
  });

  test("lines that are the same, or unknown, do not cross", () => {
    assert.deepEqual(crossings(["one", "other"], () => 7, 1, 1000), []);
    assert.deepEqual(crossings(["one", "other"], (name, x) => (name === "one" ? x : null), 1, 1000), []);
  });

  test("a poll every second costs as much as deliveries of a tenth at ten a second", () => {
    const of = (name, rate) => costOf(name, { ...USE, rate, sends: 0 }, { ...ROUND, postCpuUs: 0 }).cores;
    const [found] = crossings(["short-poll", "websocket"], of, 0.01, 100);
    near(found.x, 10, 1e-3);
    assert.equal(found.rises, "websocket");
  });

  test("the most users are found exactly", () => {
    assert.equal(mostUsers((users) => users <= 12_345), 12_345);
    assert.equal(mostUsers(() => false), null);
    assert.equal(mostUsers(() => true, 500), 500);
  });
});

describe("the verdict", () => {
  const verdictFor = (changes, constants = ROUND) => verdictOf(decide({ ...USE, ...changes }, constants), { ...USE, ...changes });

  test("polling, where it takes little", () => {
    const { take, why, cheapest } = verdictFor({ users: 100 });
    assert.deepEqual([take, why, cheapest === "short-poll"], ["short-poll", "little", false]);
  });

  test("SSE, where polling takes more than a tenth", () => {
    assert.deepEqual(verdictFor({ users: 5000, sends: 0, uplinkMbit: 100 }).take, "sse");
  });

  test("WebSocket, where users talk", () => {
    assert.deepEqual([verdictFor({ users: 300, rate: 20, sends: 1, uplinkMbit: 1000 })].map(({ take, why }) => [take, why]), [["websocket", "talks"]]);
  });

  test("none, where none keeps the delay", () => {
    assert.deepEqual(verdictFor({ tolerableMs: 10 }), { take: null, why: "none", cheapest: null, fit: [] });
  });

  test("without constants nothing is called cheap", () => {
    assert.deepEqual([verdictFor({ users: 100 }, null)].map(({ take, why, cheapest }) => [take, why, cheapest]), [["sse", "push-unknown", null]]);
  });
});

describe("constants of a benchmark", () => {
  test("nothing measured is nothing; another schema is not guessed at", () => {
    assert.equal(constantsOf(null, USE), null);
    assert.equal(constantsOf({ ...SWEPT, schema: 2 }, USE), null);
    assert.equal(constantsOf({ ...SWEPT, runs: [] }, USE), null);
  });

  test("with two numbers of readers, the processor's time is taken apart, and the nearest run's bytes are taken", () => {
    const { techniques, created, cpu, command } = constantsOf(SWEPT, { users: 900, rate: 2 });
    assert.deepEqual([techniques.websocket.fitted, techniques.websocket.at.clients, techniques["short-poll"].fitted], [true, 1000, false]);
    near(techniques.websocket.envelopeBytes, 99, 0.01);
    assert.deepEqual([created, cpu], [SWEPT.metadata.created, SWEPT.metadata.machine.cpu]);
    assert.equal(command, "python -m benchmarks run --clients 100 --rate 2 --text-bytes 120 --duration 5 --sweep clients=100,1000");
  });

  test("two rows of cost are solved: 1,000 µs a broadcast and 5 µs a delivery", () => {
    const run = SWEPT.runs.find(({ technique }) => technique === "sse");
    const of = (clients) => ({ ...run, clients, point: {}, published: 10, received: 10 * clients, server_cpu_s: (10 * 1000 + 10 * clients * 5) / 1e6, sending: null });
    const { sse } = constantsOf({ ...SWEPT, runs: [of(100), of(1000)] }, { users: 300, rate: 2 }).techniques;
    near(sse.cpuUs, 5);
    near(sse.broadcastUs, 1000);
  });
});

/**
 * What the model makes of SWEPT for the two other benchmarks, beside what those measured (labs-measured.mjs). Bytes: openings
 * are taken off, 52 bytes for each of the segments that they were counted to take. Predicted by measured, when it was made:
 *
 *           processor      down           up
 *           MORE   FEWER   MORE   FEWER   MORE   FEWER
 *     short 1.34   1.27    1.00   0.99    1.02   1.01
 *     long  1.07   1.30    0.97   0.98    0.91   1.01
 *     SSE   1.15   1.42    1.00   1.00    1.02   1.04
 *     WS    1.08   1.36    1.00   1.00    1.02   1.01
 *     S.IO  1.07   1.44    1.00   1.00    1.00   1.02
 */
describe("predicted and measured", () => {
  const OPENING_SEGMENTS = { "short-poll": [3, 2], "long-poll": [3, 3], sse: [5, 4], websocket: [5, 4], "socket-io": [17, 17] };
  const useIn = ({ settings }, run, seconds) => ({
    users: run.clients, rate: run.published / seconds, sends: 0, tolerableMs: 1000 * settings.poll_interval_s, transitMs: 0, textBytes: settings.text_bytes, uplinkMbit: 1000,
  });

  for (const [title, measured] of [["three times the readers of its smaller part, twice the rate, longer texts", MORE], ["half the readers, five times the rate, shorter texts", FEWER]]) {
    const constants = constantsOf(SWEPT, { users: measured.settings.clients, rate: measured.settings.rate });

    test(`processor, within a factor of 1.5: ${title}`, () => {
      for (const run of measured.runs) {
        const { cores } = costOf(run.technique, useIn(measured, run, run.seconds), constants);
        const ratio = (cores * run.seconds) / run.server_cpu_s;
        assert.ok(ratio > 1 / 1.5 && ratio < 1.5, `${run.technique}: ${ratio}`);
      }
    });

    test(`bytes on the wire, within 10 %: ${title}`, () => {
      for (const run of measured.runs) {
        const cost = costOf(run.technique, useIn(measured, run, run.read_s), constants);
        const [up, down] = [["sent", "bytes_sent", 0], ["received", "bytes_received", 1]].map(([way, total, index]) => {
          const heads = run.technique.endsWith("poll") ? 0 : run.accounts[way].http_headers;
          return run[total] + run.tcp_ip_estimate[way] - run.accounts[way].handshake - heads - 52 * run.clients * OPENING_SEGMENTS[run.technique][index];
        });
        near(cost.up * run.read_s, up, 0.1);
        near(cost.down * run.read_s, down, 0.1);
      }
    });
  }
});

describe("the four cases", () => {
  test("each is decided, by this machine's constants and without", () => {
    for (const name of Object.keys(CASES)) {
      const use = useOf(CASES[name]);
      for (const constants of [constantsOf(SWEPT, use), null]) {
        const costs = decide(use, constants);
        assert.deepEqual(costs.map((cost) => cost.name), NAMES);
        assert.notEqual(verdictOf(costs, use).take, null, name);
      }
    }
  });

  test("short polling is enough for the chat and the results, and not for the ticker and the text", () => {
    const fails = (name) => costOf("short-poll", useOf(CASES[name]), constantsOf(SWEPT, useOf(CASES[name]))).fails;
    assert.deepEqual(["chat", "exam", "ticker", "editing"].map((name) => fails(name).length > 0), [false, false, true, true]);
  });
});

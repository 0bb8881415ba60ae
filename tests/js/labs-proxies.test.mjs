import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as lab from "../../static/js/labs/experiments/proxies.js";

const OWN = { bufferBytes: 4096, textBytes: 150, rate: 2 };
const START = 100_000;
const FROM = START + 10_000; // six seconds without proxies, and four to come back
const SECONDS = 38;

/** Messages each second, with these delays from `FROM` on; a delay of null never comes. */
function resultsOf(delays) {
  const messages = delays.map((_, index) => ({ id: `a-${index}`, sent_at: FROM + 1000 * index }));
  const before = { id: "a-x", sent_at: FROM - 1 };
  const young = { id: "a-y", sent_at: START + 1000 * SECONDS - 500 };
  return {
    startedAt: START, seconds: SECONDS, messages: [before, ...messages, young],
    lane: { delays: [{ at: FROM + 1, ms: 2 }, ...delays.flatMap((ms, index) => (ms === null ? [] : [{ at: FROM + 1000 * index + ms, ms }])), { at: young.sent_at + 5, ms: 5 }] },
  };
}

describe("what counts", () => {
  test("is what was sent behind the proxy and is old enough to have come in time", () => {
    const { lane, ...results } = resultsOf([10, 20, null, 1500]);
    const { delays, sent, share } = lab.behindProxy(lane, results);
    assert.deepEqual([delays, sent, share.value], [[10, 20, 1500], 4, 0.5]);
  });

  test("a technique survives with nine in ten in time", () => {
    const of = (late) => resultsOf([...Array.from({ length: 20 - late }, () => 10), ...Array.from({ length: late }, () => 4000)]);
    const [two, three] = [of(2), of(3)];
    assert.equal(lab.survives(two.lane, two), true);
    assert.equal(lab.survives(three.lane, three), false);
    assert.equal(lab.survives({ delays: [] }, { ...two, messages: [] }), false);
  });

  test("nothing does before the connections had time to come back", () => {
    assert.equal(lab.isBehindProxy({ startedAt: null, seconds: 0 }), false);
    assert.equal(lab.isBehindProxy({ startedAt: START, seconds: 9 }), false);
    assert.equal(lab.isBehindProxy({ startedAt: START, seconds: 11 }), true);
  });

  test("requests are those of the technique in that time", () => {
    const { lane, ...results } = resultsOf([10, 10, 10, 10]);
    const unit = (more) => ({ kind: "request", technique: "socket-io", sent_at: FROM + 5, ...more });
    const units = [unit(), unit({ sent_at: FROM - 1 }), unit({ kind: "response" }), unit({ technique: "page" }), unit(), unit({ sent_at: START + 1000 * SECONDS })];
    const { value, samples } = lab.requestsPerHundred({ ...lane, technique: "socket-io", store: { units } }, results);
    assert.deepEqual([value, samples], [50, 4]);
  });
});

test("a run's figures are taken lane by lane behind each proxy", () => {
  const good = resultsOf([10, 10, 10, 10]);
  const late = resultsOf([3000, 2000, 900, 100]);
  const store = { units: [] };
  const lanes = lab.plan(OWN).lanes.map(({ key, technique }) => {
    const isHeld = key === "sse.buffer";
    const isRefused = key === "websocket.strip";
    return { key, technique, store, delays: isRefused ? [] : (isHeld ? late : good).lane.delays };
  });
  const { strip, buffer, late: latest, polling } = lab.measure({ ...good, lanes });
  assert.deepEqual([strip.value, buffer.value, latest.value, polling.value], [4, 4, 3, 0]);
  const nothing = lab.measure({ startedAt: START, seconds: 2, messages: [], lanes: lanes.map((lane) => ({ ...lane, delays: [] })) });
  assert.deepEqual(nothing, { strip: null, buffer: null, late: null, polling: null });
});

test("the proxies are put in before the connections are cut, each on its own lanes", async () => {
  const { lanes, acts } = lab.plan(OWN);
  const done = [];
  const bench = {
    lanes,
    setNetwork: async (key, changes) => { done.push([key, changes]); },
    breakBy: async (key, fault) => { done.push([key, fault]); },
  };
  await acts[0].act(bench);
  assert.equal(done.length, 11);
  assert.deepEqual(done.at(-1), [null, "cut"]);
  for (const [key, changes] of done.slice(0, -1)) {
    assert.deepEqual(changes, lab.proxyOf(key) === "strip" ? { strip_upgrade: true } : { buffer_bytes: OWN.bufferBytes });
  }
});

test("a buffer is full some seconds before a page would ask anew for want of an answer, and some times in a run", () => {
  for (let seed = 1; seed < 2000; seed += 7) {
    const fill = lab.fillS(lab.parameters(seed));
    assert.ok(fill > 2 && fill < 10.5, `${seed}: ${fill}`);
  }
  assert.equal(lab.fillS({ ...OWN, bufferBytes: 2 * lab.eventBytes(150) }), 1);
});

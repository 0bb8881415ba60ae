import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as lab from "../../static/js/labs/experiments/keep-alive.js";
import { withUnit } from "../../static/js/labs/words.js";

test("the limit is the server's own", () => {
  const settings = readFileSync(new URL("../../pushdemo/settings.py", import.meta.url), "utf8");
  assert.equal(Number(/keep_alive_s: int = setting\((\d+),/.exec(settings)[1]), lab.KEEP_ALIVE_S);
});

test("below the limit one connection carries all, above it each question opens one", () => {
  assert.deepEqual([lab.pollsInAMinute(4), lab.connectionsInAMinute(4)], [16, 1]);
  assert.deepEqual([lab.pollsInAMinute(6), lab.connectionsInAMinute(6)], [11, 11]);
});

test("a new connection costs a round trip more", () => {
  assert.equal(lab.answerMs({ delayMs: 80, isOpened: false }), 160);
  assert.equal(lab.answerMs({ delayMs: 80, isOpened: true }), 320);
});

test("each student has one interval below the limit and one above, with room for an answer's time", () => {
  for (let seed = 1; seed < 2000; seed += 7) {
    const { belowS, aboveS, delayMs } = lab.parameters(seed);
    assert.ok(belowS < lab.KEEP_ALIVE_S - 0.5 && aboveS - (4 * delayMs) / 1000 > lab.KEEP_ALIVE_S);
  }
});

const connection = (number, at, techniques) => [number, { number, opened_at: at, closed_at: null, techniques }];
const lane = (key, technique, connections, answers = []) => ({ key, technique, answers, store: { connections: new Map(connections) } });

test("those of the page's files, and those after the minute, do not count", () => {
  const { below, above, socket, wait } = lab.measure({ startedAt: 1000, lanes: [
    lane("below", "short-poll", [connection(1, 500, ["page"]), connection(2, 500, ["page", "short-poll"])]),
    lane("above", "short-poll", [1, 2, 3].map((each) => connection(each, each * 20_000, ["short-poll"])).concat([connection(4, 61_001, ["short-poll"])]), [{ ms: 10 }, { ms: 300 }, { ms: null }, { ms: 320 }]),
    lane("websocket", "websocket", []),
  ] });
  assert.deepEqual([below.value, above.value, socket], [1, 3, null]);
  assert.deepEqual([wait.value, wait.samples], [310, 2]);
});

test("nothing is nothing", () => {
  const lanes = ["below", "above", "websocket"].map((key) => lane(key, "short-poll", []));
  assert.deepEqual(lab.measure({ startedAt: null, lanes }), { below: null, above: null, socket: null, wait: null });
});

test("one connection is not several", () => {
  assert.equal(withUnit(1, { unit: "connections", digits: 0 }), "1 connection");
  assert.equal(withUnit(11, { unit: "connections", digits: 0 }), "11 connections");
});

import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { LABS, numberInPath } from "../../static/js/labs/catalogue.js";
import { createLateness } from "../../static/js/labs/lateness.js";
import { isNear, mark } from "../../static/js/labs/marking.js";
import { asCsv } from "../../static/js/labs/results.js";
import { seedOfStudent, seedTyped } from "../../static/js/labs/seed.js";
import { createSeeded, isSeed, seedOfName } from "../../static/js/labs/seeded.js";
import { createTally, shareOf, summaryOf } from "../../static/js/labs/tally.js";
import * as theory from "../../static/js/labs/theory.js";

const near = (found, wanted, by) => assert.ok(Math.abs(found - wanted) <= by, `expected ${wanted} ± ${by}, found ${found}`);

describe("seed", () => {
  test("the same seed gives the same chances, another seed or experiment others", () => {
    const of = (seed, name) => {
      const { whole } = createSeeded(seed, name);
      return Array.from({ length: 8 }, () => whole(1, 1000));
    };
    assert.deepEqual(of(4711, "waste"), of(4711, "waste"));
    assert.notDeepEqual(of(4711, "waste"), of(4712, "waste"));
    assert.notDeepEqual(of(4711, "waste"), of(4711, "gap"));
  });

  test("every whole number of a range is met, and no other", () => {
    const { whole, pick } = createSeeded(1, "x");
    assert.deepEqual([...new Set(Array.from({ length: 300 }, () => whole(3, 6)))].sort(), [3, 4, 5, 6]);
    assert.deepEqual([...new Set(Array.from({ length: 100 }, () => pick(["a", "b"])))].sort(), ["a", "b"]);
  });

  test("a name makes a seed, however it is written", () => {
    assert.ok(isSeed(seedOfName("李娜")));
    assert.equal(seedOfName(" Li Na "), seedOfName("li na"));
    assert.notEqual(seedOfName("Li Na"), seedOfName("Li Nu"));
  });

  test("what is typed is a seed, or a name, or nothing", () => {
    assert.equal(seedTyped(" 4711 "), 4711);
    assert.equal(seedTyped("Li Na"), seedOfName("Li Na"));
    assert.equal(seedTyped("10000"), seedOfName("10000"));
    assert.equal(seedTyped("  "), null);
  });

  test("that of the address counts, and without one any", () => {
    assert.equal(seedOfStudent({ search: "?seed=4711" }), 4711);
    assert.equal(seedOfStudent({ search: "?seed=0", chance: () => 0.5 }), 5000);
  });
});

describe("theory", () => {
  test("the long poll's mean is what FACTS prints at 50 ms one way, and its longest 150", () => {
    for (const [rate, mean] of [[0.1, 50.5], [1, 55.0], [4, 68.6], [20, 96.8], [200, 100.0]]) {
      near(theory.longPollMeanMs({ rate, transitMs: 50 }), mean, 0.1);
    }
    assert.equal(theory.longPollMaxMs({ transitMs: 50 }), 150);
  });

  test("many messages share an answer, few have one each", () => {
    near(theory.longPollRequestsPerMessage({ rate: 0.01, transitMs: 50 }), 1, 1e-6);
    near(theory.longPollRequestsPerMessage({ rate: 100, transitMs: 50 }), 1 / (10 + Math.exp(-10)), 1e-12);
  });

  test("short polling waits half its interval, and brings nothing when nothing came", () => {
    assert.equal(theory.shortPollMeanMs({ intervalMs: 2000, transitMs: 10 }), 1010);
    assert.equal(theory.shortPollMaxMs({ intervalMs: 2000, transitMs: 10 }), 2010);
    assert.equal(theory.pollsPerMinute({ intervalMs: 500 }), 120);
    near(theory.emptyShare({ rate: 0.5, intervalMs: 2000 }), Math.exp(-1), 1e-12);
    assert.equal(theory.emptyShareInRhythm({ everyMs: 4000, intervalMs: 1000 }), 0.75);
    assert.equal(theory.emptyShareInRhythm({ everyMs: 1000, intervalMs: 4000 }), 0);
  });
});

describe("marking", () => {
  const asked = { measured: { value: 100, error: null }, theory: 100, tolerance: { share: 0.1 } };
  const reason = (answer, more = {}) => {
    const { right, reason: why, mistake } = mark({ answer, ...asked, ...more });
    return [right, mistake ?? why];
  };

  test("right is what was measured, as exactly as the question wants", () => {
    assert.deepEqual(reason(110), [true, "right"]);
    assert.deepEqual(reason(111), [false, "high"]);
    assert.deepEqual(reason(85), [false, "low"]);
    near(mark({ answer: 85, ...asked }).off, -0.15, 1e-12);
  });

  test("an unsure measurement leaves room of two standard errors", () => {
    assert.deepEqual(reason(118, { measured: { value: 100, error: 9 } }), [true, "right"]);
    assert.deepEqual(reason(119, { measured: { value: 100, error: 9 } }), [false, "high"]);
  });

  test("what theory says is said to be so where it was measured otherwise", () => {
    assert.deepEqual(reason(100, { measured: { value: 200, error: 1 } }), [false, "theory"]);
  });

  test("a known mistake is named, then a forgotten factor", () => {
    assert.deepEqual(reason(50, { mistakes: [{ key: "whole", value: 51 }] }), [false, "whole"]);
    assert.deepEqual([50, 200, 0.1, 100_000, 1, 10_000].map((answer) => reason(answer)[1]),
      ["half", "double", "thousandth", "thousand", "hundredth", "hundred"]);
  });

  test("where nothing was measured nothing is marked", () => {
    assert.deepEqual(reason(100, { measured: null }), [null, "nothing"]);
    assert.ok(isNear(0, { value: 0 }, { absolute: 1 }));
    assert.ok(isNear(120, { value: 100 }));
  });
});

describe("tally", () => {
  const message = (id, sentAt, receivedAt) => ({ id, sentAt, receivedAt });

  test("what comes twice, what does not come and what came in the dark are counted apart", () => {
    const tally = createTally();
    tally.take(message("a", 0, 10), true);
    tally.take(message("a", 0, 20), true);
    tally.take(message("b", 5, 30), false);
    tally.take(message("of another", 0, 1), false);
    assert.deepEqual(tally.counts(new Set(["a", "b", "c"])), { received: 2, lost: 1, doubled: 1, leftOut: 2 });
    assert.deepEqual(tally.delays, [{ at: 10, ms: 10 }]);
  });

  test("an answer has waited since its question came to the relay", () => {
    const tally = createTally();
    tally.cross({ connection: 1, number: 4, kind: "request", sent_at: 100, arrived_at: 110, messages: [] });
    tally.cross({ connection: 1, number: 7, kind: "response", answers: 4, sent_at: 300, arrived_at: 310, status: 200, empty: false, messages: ["a", "b"] });
    assert.deepEqual(tally.answers, [{ at: 310, ms: 210, status: 200, empty: false, messages: 2 }]);
  });

  test("figures are those of arithmetic, and nothing is nothing", () => {
    const { mean, error, median, max, p95 } = summaryOf([1, 2, 3, 4]);
    assert.deepEqual([mean, median, max, p95], [2.5, 2.5, 4, null]);
    near(error, Math.sqrt(5 / 3 / 4), 1e-12);
    assert.equal(summaryOf([]).mean, null);
    assert.equal(shareOf(0, 0), null);
    assert.deepEqual(shareOf(0, 50), { value: 0, error: 0.02, samples: 50 });
    near(shareOf(25, 100).error, 0.0433, 0.0001);
  });
});

test("a machine is busy where more than one timer in twenty is late", () => {
  const clock = { now: 0, action: null };
  const timers = { setTimeout: (action) => { clock.action = action; }, clearTimeout: () => {} };
  const lateness = createLateness({ now: () => clock.now, timers });
  const after = (ms) => {
    clock.now += ms;
    clock.action();
  };
  lateness.begin();
  for (let tick = 0; tick < 19; tick += 1) after(101);
  after(150);
  assert.equal(lateness.isBusy(), false);
  after(150);
  assert.equal(lateness.isBusy(), true);
});

test("results go into a spreadsheet, and what was not measured is empty there", () => {
  const result = {
    seed: 7, at: 0, predictions: { empty: 40, mean: 1 }, theory: { empty: 50, mean: null }, units: { empty: "%", mean: "ms" }, disturbed: ["hidden"],
    measured: { empty: { value: 51.5, error: 2, samples: 99 }, mean: null }, marks: { empty: { right: false, reason: "low", mistake: null }, mean: { right: null, reason: "nothing", mistake: null } },
  };
  const [, first, second] = asCsv({ 1: result }, () => 'say "waste", please').split("\r\n");
  assert.equal(first, '1,"say ""waste"", please",7,1970-01-01T00:00:00.000Z,empty,%,40,51.5,2,99,50,false,low,hidden');
  assert.equal(second, '1,"say ""waste"", please",7,1970-01-01T00:00:00.000Z,mean,ms,1,,,,,,nothing,hidden');
});

test("the twelve stand in order, and the seven claims each have one", () => {
  assert.deepEqual(LABS.map(({ number }) => number), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.deepEqual(LABS.flatMap(({ claims }) => claims).sort(), [1, 2, 3, 4, 5, 6, 7]);
  assert.equal(numberInPath("/push/labs/12"), 12);
});

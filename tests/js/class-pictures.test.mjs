/** The pictures of a class, as far as they are figures: scales, histograms, stacks of dots, and what a figure says. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";

import { bytesText, delayText, perMessage, rounded, unitText } from "../../static/js/class/figures.js";
import { rowsOfOutcome } from "../../static/js/class/outcome-table.js";
import { networksInWords } from "../../static/js/class/projector/foot.js";
import { columnsOf } from "../../static/js/class/results-table.js";
import { bars, decadesAround, decadeTicks, linearScale, logScale, median, niceEnd, spread, stackDots } from "../../static/js/class/scales.js";
import { NOT_KNOWN } from "../../static/js/shell/format.js";
import { useTexts } from "../../static/js/shell/language.js";

const EDGES = Array.from({ length: 60 }, (_, step) => 0.1 * 10 ** (step / 10));
const PLAIN = {
  delay_ms: 0, jitter_ms: 0, bandwidth_kbit: null, strip_upgrade: false, buffer_bytes: null, idle_timeout_s: null, cache_s: null,
};

before(() => useTexts("en", JSON.parse(readFileSync(new URL("../../static/lang/en.json", import.meta.url)))));

function histogram(counts) {
  return { from_ms: EDGES, counts: EDGES.map((_, index) => counts[index] ?? 0) };
}

describe("scales", () => {
  test("on the logarithmic one every decade is as wide as the others, and nothing leaves it", () => {
    const scale = logScale([1, 10_000]);
    assert.deepEqual([1, 10, 100, 1000, 10_000].map((ms) => Number(scale(ms).toFixed(9))), [0, 0.25, 0.5, 0.75, 1]);
    assert.deepEqual([scale(0), scale(-5), scale(1e9)], [0, 0, 1]);
  });

  test("the linear one begins at 0 and has a place for everything, even where there is no scale", () => {
    assert.deepEqual([0, 25, 100, 900].map(linearScale(100)), [0, 0.25, 1, 1]);
    assert.equal(linearScale(0)(7), 0);
  });

  test("a scale from 0 ends at 1, 2 or 5 times a power of ten", () => {
    assert.deepEqual([0.03, 1, 1.2, 4, 61, 100, 5720].map(niceEnd), [0.05, 1, 2, 5, 100, 100, 10_000]);
    assert.deepEqual([0, -3, NaN].map(niceEnd), [1, 1, 1]);
  });

  test("whole decades hold all delays, and a range never gets narrower", () => {
    assert.deepEqual(decadesAround([]), [1, 10_000]);
    const wide = decadesAround([0.4, 30_000]);
    assert.deepEqual(wide, [0.1, 100_000]);
    assert.deepEqual(decadesAround([50], wide), wide);
    assert.deepEqual(decadesAround([1, 10_000, 0, -2, Infinity]), [1, 10_000]);
  });

  test("decades are written in milliseconds below a second, in seconds from there", () => {
    const written = decadeTicks([0.1, 100_000]).map(({ figure, unit }) => `${figure} ${unit}`);
    assert.deepEqual(written, ["0.1 ms", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"]);
  });
});

describe("a histogram", () => {
  test("reaches from the first class that holds something to the end of the last", () => {
    const [from, to] = spread(histogram({ 10: 3, 29: 1 }));
    assert.deepEqual([from.toFixed(3), to.toFixed(3)], ["1.000", "100.000"]);
    assert.equal(spread(histogram({})), null);
    assert.equal(spread(histogram({ 59: 1 }))[1], 100_000);
  });

  test("has a bar for each class that holds something, the highest as high as the strip", () => {
    const drawn = bars(histogram({ 20: 2, 21: 4 }), logScale([1, 10_000])).map(({ from, to, height }) => [from.toFixed(3), to.toFixed(3), height]);
    assert.deepEqual(drawn, [["0.250", "0.275", 0.5], ["0.275", "0.300", 1]]);
  });
});

describe("dots", () => {
  test("stand on each other where they share a column, and at the edge where they are off the scale", () => {
    const dots = stackDots([0, 0.01, 0.5, 1, 1], 10);
    assert.deepEqual(dots.map(({ column, row }) => `${column}:${row}`), ["0:0", "0:1", "5:0", "9:0", "9:1"]);
  });

  test("the median is one of the values, as the server counts it", () => {
    assert.deepEqual([median([]), median([7]), median([9, 1, 5]), median([4, 1, 3, 2])], [null, 7, 5, 2]);
  });
});

describe("figures in words", () => {
  test("have the unit of the experiment", () => {
    assert.deepEqual([[60.66, "%"], [160.4, "ms"], [33.21, "s"], [5720.2, "B"], [3, "techniques"]].map(([value, unit]) => unitText(value, unit)),
      ["60.7 %", "160 ms", "33.2 s", "5\u202f720 B", "3 techniques"]);
    assert.deepEqual([0.015, 1, 5.5, 12.34, 456.7].map(rounded), ["0.015", "1", "5.5", "12.3", "457"]);
  });

  test("say that nothing was measured, and never 0 for it", () => {
    for (const said of [unitText(null, "%"), delayText(null), bytesText(undefined)]) assert.equal(said, NOT_KNOWN);
  });

  test("of a delay say no more than the clocks allow", () => {
    assert.deepEqual([delayText(14.24, 2), delayText(0.4, 2), delayText(-9, 2)], ["14.2 ms", "≤ 3 ms", NOT_KNOWN]);
  });

  test("a message's cost is of the messages that crossed the port, whoever read them", () => {
    const crossed = { up: { http_headers: 600, payload: 0 }, down: { http_headers: 200, payload: 100 } };
    const cost = perMessage({ bytes: crossed, messages: 10, received: 2, requests: 25 });
    assert.deepEqual([cost.up, cost.down, cost.total, cost.requests, cost.messages], [60, 30, 90, 2.5, 10]);
    assert.deepEqual([cost.accounts.http_headers, cost.accounts.payload, cost.accounts.heartbeat], [80, 10, 0]);
    assert.equal(perMessage({ bytes: crossed, received: 2, requests: null }).total, 450); // a recording of before
    assert.equal(perMessage({ bytes: crossed, messages: 0, received: 0, requests: 3 }), null);
    assert.equal(perMessage({ bytes: null, messages: null, received: 4, requests: null }), null);
  });
});

describe("tables", () => {
  const row = { group: "A", technique: "sse", interval_ms: 2000, delay_ms: 0, measured: 4, theory: null, samples: 3 };

  test("an experiment's has a column for what its groups differ in, and none for what is the same", () => {
    const kinds = (rows) => columnsOf({ name: "gap", phase: "explained", results: rows, row_unit: "ms" }).map(({ label }) => label);
    assert.ok(!kinds([row, row]).includes("One way"));
    assert.ok(!kinds([row, row]).includes("Technique"));
    assert.ok(kinds([row, { ...row, technique: "websocket" }]).includes("Technique"));
    assert.ok(kinds([row, { ...row, delay_ms: 25 }]).includes("One way"));
    assert.ok(kinds([row, { ...row, interval_ms: 500 }]).includes("Interval"));
    assert.ok(!kinds([row]).includes("Theory"));
    assert.ok(kinds([{ ...row, theory: 5 }]).includes("Theory"));
  });

  test("a fault's sums up who told of it, technique by technique", () => {
    const person = { technique: "sse", told: true, noticed_ms: 3000, back_ms: 5000, late: 2, lost: 0 };
    const rows = rowsOfOutcome([
      person, { ...person, noticed_ms: null, back_ms: null, late: 1, lost: 1 }, { ...person, told: false, lost: 50 }, { ...person, technique: "short-poll", noticed_ms: 9000 },
    ]);
    assert.deepEqual(rows.map(({ name, people, noticed, noticedMs, late, lost }) => [name, people, noticed, noticedMs, late, lost]),
      [["short-poll", 1, 1, 9000, 2, 0], ["sse", 2, 1, 3000, 3, 1]]);
  });
});

test("the foot says what networks are like, each phrase once, and nothing of those that are as they are", () => {
  const group = (name, network = {}, more = {}) => (
    { name, network: { ...PLAIN, ...network }, vanished: false, stalled_until: null, refusing_until: null, ...more });
  assert.equal(networksInWords([group("A"), group("B")]), "");
  assert.equal(networksInWords([group("A", { delay_ms: 50 }), group("B"), group("C", { delay_ms: 50 })]), "A C: 50 ms each way");
  assert.equal(networksInWords([group("A", {}, { vanished: true }), group("B", {}, { vanished: true })]), "vanished: nothing passes");
});

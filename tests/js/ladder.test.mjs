import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { createTrafficStore } from "../../static/js/lab/traffic-store.js";
import { arrowsOf, columnsOf, lookOf, nearestArrow, onWholePixel, scaleOf } from "../../static/js/ladder/layout.js";
import { contrast, legible } from "../../static/js/ladder/palette.js";
import { fineness, withoutDoubles } from "../../static/js/ladder/pen.js";
import { sceneOf } from "../../static/js/ladder/scene.js";
import { createThinning, forgetOldest } from "../../static/js/ladder/thinning.js";
import { ticksOf } from "../../static/js/ladder/ticks.js";
import { createTimeWindow } from "../../static/js/ladder/time-window.js";
import { createTimeline, firstArrivedAfter } from "../../static/js/ladder/timeline.js";
import { nameOf, sentenceOf, sizeOf } from "../../static/js/ladder/words.js";
import { newsOf, START_MS, syntheticTraffic } from "./synthetic-traffic.mjs";

const ALL = () => true;
const COLUMNS = columnsOf(960, 16);

/** One second is a hundred pixels high. */
function scaleUntil(ms, spanMs = 6000) {
  return scaleOf({ heightPx: 40 + spanMs / 10, remPx: 16, endMs: START_MS + ms, spanMs });
}

function unit(more) {
  return {
    key: "1/1", connection: 1, number: 1, direction: "up", kind: "request", label: "GET long-poll?after=e-1", technique: "long-poll", size: 412,
    sent_at: 0, arrived_at: 0, answers: null, status: null, messages: [], empty: false, whole: true, accounts: { http_headers: 412 }, ...more,
  };
}

/** What a ladder knows when all of `traffic` has been told, until `ms` after the start. */
function told(traffic, ms, remarks = []) {
  const store = createTrafficStore(() => START_MS + ms);
  const timeline = createTimeline();
  store.subscribe(({ units, connections }) => {
    for (const each of units) timeline.add(each);
    for (const each of connections) timeline.tell(each);
  });
  for (const [id, at] of traffic.births) store.noteBirth({ id, sent_at: at });
  store.take(newsOf(traffic, 0, START_MS + ms, remarks));
  return { store, timeline };
}

function sceneAt(traffic, ms, remarks = []) {
  const { store, timeline } = told(traffic, ms, remarks);
  return sceneOf({ timeline, store, columns: COLUMNS, scale: scaleUntil(ms), now: START_MS + ms, isShown: ALL, arranging: {} });
}

describe("layout", () => {
  test("an arrow falls by its transit, from the sender's line to the receiver's", () => {
    const scale = scaleUntil(1000);
    const [up, down] = arrowsOf([
      unit({ key: "up", sent_at: START_MS, arrived_at: START_MS + 200 }),
      unit({ key: "down", direction: "down", sent_at: START_MS + 300, arrived_at: START_MS + 500 }),
    ], COLUMNS, scale);
    assert.deepEqual([up.x1, up.x2, up.y2 - up.y1], [COLUMNS.client, COLUMNS.server, 20]);
    assert.deepEqual([down.x1, down.x2, down.y2 - down.y1], [COLUMNS.server, COLUMNS.client, 20]);
    assert.equal(scale.bottom - down.y2, 50);
  });

  test("arrows that would cover each other stand aside, others do not", () => {
    const at = (ms, more) => unit({ sent_at: START_MS + ms, arrived_at: START_MS + ms, ...more });
    const units = [at(0, { key: "a" }), at(1, { key: "b", direction: "down" }), at(2, { key: "c" }), at(500, { key: "d" })];
    const arrows = arrowsOf(units, COLUMNS, scaleUntil(1000));
    const gaps = arrows.slice(1).map((arrow, index) => arrow.y1 - arrows[index].y1);
    assert.deepEqual(gaps.slice(0, 2).map(Math.round), [6, 6]);
    assert.equal(arrows[3].y1, scaleUntil(1000).y(START_MS + 500));
  });

  test("arrows to and fro with a delay do not cover each other", () => {
    const arrows = arrowsOf([
      unit({ key: "a", sent_at: START_MS, arrived_at: START_MS + 200 }),
      unit({ key: "b", direction: "down", sent_at: START_MS + 201, arrived_at: START_MS + 401 }),
    ], COLUMNS, scaleUntil(1000));
    assert.equal(Math.round(arrows[1].y1 - arrows[0].y2), 0);
  });

  test("where it is too dense for standing aside, an arrow stands where it belongs", () => {
    const asides = new Map();
    const units = Array.from({ length: 50 }, (_, index) => unit({ key: `${index}`, sent_at: START_MS + index, arrived_at: START_MS + index }));
    arrowsOf(units, COLUMNS, scaleUntil(1000), { asides });
    assert.ok(Math.max(...asides.values()) <= 18);
  });

  test("the nearest arrow is picked within 12 pixels", () => {
    const arrows = [{ x1: 0, y1: 0, x2: 100, y2: 0 }, { x1: 0, y1: 20, x2: 100, y2: 40 }];
    assert.equal(nearestArrow(arrows, 50, 9), arrows[0]);
    assert.equal(nearestArrow(arrows, 50, 24), arrows[1]);
    assert.equal(nearestArrow(arrows, 50, 45), null);
    assert.equal(nearestArrow(arrows, 113, 0), null);
  });

  test("columns fill any width in order, and words get room where there is any", () => {
    for (const width of [240, 390, 800, 1280, 1920]) {
      const { timeRight, client, server, births, left, right } = columnsOf(width, 16);
      assert.ok(0 < timeRight && timeRight < left.at - left.width && left.at < client && client < server && server < births && births < right.at, `${width}`);
      assert.ok(right.at + right.width <= width, `${width}`);
    }
    const compact = columnsOf(160, 16, { compact: true });
    assert.ok(compact.client >= 10 && compact.births <= 155 && compact.server - compact.client >= 90);
  });

  test("the drawing moves on by whole device pixels", () => {
    const view = { heightPx: 540, remPx: 16, spanMs: 10_000, pixelRatio: 2 }; // 500 pixels under the heads, a thousand on the screen
    assert.deepEqual([10_009, 10_010, 10_019].map((now) => onWholePixel(now, view)), [10_000, 10_010, 10_010]);
  });

  test("a look says what a unit brings", () => {
    assert.equal(lookOf(unit()), "plain");
    assert.equal(lookOf(unit({ direction: "down", messages: ["e-1"] })), "message");
    assert.equal(lookOf(unit({ direction: "down", messages: ["e-1"], technique: "publish" })), "plain");
    assert.equal(lookOf(unit({ direction: "down", empty: true })), "empty");
    assert.equal(lookOf(unit({ accounts: { heartbeat: 6 } })), "heartbeat");
  });
});

describe("timeline", () => {
  test("units come in the order of arrival, however they are told", () => {
    const timeline = createTimeline();
    for (const at of [10, 30, 20, 40]) timeline.add(unit({ key: `${at}`, arrived_at: at }));
    assert.deepEqual(timeline.units.map(({ key }) => key), ["10", "20", "30", "40"]);
    assert.equal(firstArrivedAfter(timeline.units, 20), 1);
    assert.equal(firstArrivedAfter(timeline.units, 41), 4);
  });

  test("an arrow that is longer than the view is in view", () => {
    const timeline = createTimeline();
    timeline.add(unit({ key: "before", sent_at: 0, arrived_at: 10 }));
    timeline.add(unit({ key: "short", sent_at: 500, arrived_at: 510 }));
    timeline.add(unit({ key: "long", sent_at: 0, arrived_at: 1000 }));
    timeline.add(unit({ key: "after", sent_at: 995, arrived_at: 1005 }));
    assert.deepEqual(timeline.between(400, 600, ALL).map(({ key }) => key), ["short", "long"]);
    assert.deepEqual(timeline.between(400, 600, ({ key }) => key === "long").map(({ key }) => key), ["long"]);
  });

  test("a poll is held from its arrival until its answer is sent, and still if there is none", () => {
    const traffic = syntheticTraffic("long-poll", { delayMs: 200, born: [1000], publishes: false });
    const { timeline } = told(traffic, 5000);
    assert.deepEqual(timeline.holds.map(({ from, until }) => [from - START_MS, until && until - START_MS]), [[240, 1001], [1403, null]]);
    timeline.tell({ ...traffic.connections[0], closed_at: START_MS + 4000, end: "reset" });
    assert.equal(timeline.holds[1].until, START_MS + 4000);
  });

  test("polls that are held at the same time stand beside each other", () => {
    const timeline = createTimeline();
    const request = (connection) => unit({ key: `${connection}/1`, connection });
    for (const connection of [1, 2]) timeline.add(request(connection));
    timeline.add(unit({ key: "1/2", number: 2, kind: "response", direction: "down", answers: 1 }));
    timeline.add(request(3));
    assert.deepEqual(timeline.holds.map(({ slot }) => slot), [0, 1, 0]);
  });

  test("a stream is open until its connection ends, or carries another request", () => {
    for (const technique of ["sse", "websocket"]) {
      const traffic = syntheticTraffic(technique, { delayMs: 10, publishes: false });
      const { timeline } = told(traffic, 3000);
      assert.deepEqual(timeline.streams.map(({ from, until }) => [from - START_MS, until]), [[51, null]], technique);
      timeline.add(unit({ key: "1/9", number: 9, sent_at: START_MS + 2000, arrived_at: START_MS + 2010 }));
      assert.equal(timeline.streams[0].until, START_MS + 2000, technique);
    }
  });

  test("who looks back keeps what is let go while live", () => {
    const timeline = createTimeline();
    for (let at = 0; at < 5000; at += 1) timeline.add(unit({ key: `1/${at}`, number: at, sent_at: at, arrived_at: at }));
    timeline.trim(true);
    assert.equal(timeline.units.length, 5000);
    timeline.trim(false);
    assert.deepEqual([timeline.units.length, timeline.units[0].arrived_at], [4000, 1000]);
  });
});

describe("scene", () => {
  const waits = (technique, delayMs) => sceneAt(syntheticTraffic(technique, { delayMs, born: [1000, 1100], pollEveryMs: 500 }), 5000).births.map(({ text }) => text());

  test("a message that is born while no poll is held waits until the next one is there", () => {
    assert.deepEqual(waits("long-poll", 200), ["waits 1 ms", "waits 304 ms"]);
    assert.deepEqual(waits("long-poll", 0), ["waits 1 ms", "waits 1 ms"]);
  });

  test("under short polling each message waits for the next poll, in a stream none does", () => {
    assert.deepEqual(waits("short-poll", 200), ["waits 241 ms", "waits 141 ms"]);
    assert.deepEqual(waits("sse", 200), ["waits 1 ms", "waits 1 ms"]);
    assert.deepEqual(waits("websocket", 200), ["waits 1 ms", "waits 1 ms"]);
  });

  test("what was born before anything crossed has not waited", () => {
    const traffic = syntheticTraffic("short-poll", { born: [-5000, 1000], publishes: false });
    assert.equal(sceneAt(traffic, 3000).births.length, 1);
  });

  test("a held poll grows, and is sure only as far as an answer would have been heard of", () => {
    const { holds } = sceneAt(syntheticTraffic("long-poll", { delayMs: 200 }), 3000);
    const scale = scaleUntil(3000);
    assert.deepEqual([holds[0].y1, holds[0].y2, holds[0].sureY], [240, 3000, 3000 - 200 - 150].map((ms) => scale.y(START_MS + ms)));
    assert.equal(sceneAt(syntheticTraffic("long-poll", { delayMs: 200 }), 500).holds.length, 0);
  });

  test("openings, ends and remarks have their marks", () => {
    const traffic = syntheticTraffic("sse", { delayMs: 20, publishes: false });
    Object.assign(traffic.connections[0], { closed_at: START_MS + 2000, end: "reset" });
    const remarks = [{ connection: null, at: START_MS + 1500, text: "Stalled 5 s" }, { connection: 7, at: START_MS + 1600, text: "of another page" }];
    const scene = sceneAt(traffic, 3000, remarks);
    assert.deepEqual(scene.connections.map(({ what }) => what), ["opened", "reset"]);
    assert.deepEqual(scene.remarks.map(({ text }) => text), ["Stalled 5 s"]);
  });
});

describe("time window", () => {
  test("is live until it is paused, and does not move then", () => {
    const view = createTimeWindow();
    assert.equal(view.end(1000), 1000);
    view.pause(1000);
    assert.deepEqual([view.end(5000), view.paused], [1000, true]);
    view.goOn();
    assert.equal(view.end(5000), 5000);
  });

  test("zooms in steps from 2 to 60 seconds, around a moment that stays where it is", () => {
    const view = createTimeWindow({ spanMs: 10_000 });
    const spans = Array.from({ length: 6 }, () => (view.zoomIn(), view.span));
    assert.deepEqual(spans, [5000, 3000, 2000, 2000, 2000, 2000]);
    for (let step = 0; step < 9; step += 1) view.zoomOut();
    assert.equal(view.span, 60_000);
    view.pause(100_000);
    view.zoomTo(30_000, { around: 70_000 });
    assert.equal(view.end(0), 85_000);
  });

  test("looks back as far as there is something, and not beyond now", () => {
    const view = createTimeWindow({ spanMs: 5000 });
    view.pause(20_000);
    const bounds = { oldest: 10_000, newest: 21_000 };
    assert.equal(view.lookAt(12_000, bounds), true);
    assert.equal(view.end(0), 15_000);
    assert.equal(view.lookAt(1000, bounds), false);
    view.lookAt(99_000, bounds);
    assert.equal(view.end(0), 21_000);
  });

  test("tells who shares it", () => {
    const view = createTimeWindow();
    let told = 0;
    const unsubscribe = view.subscribe(() => (told += 1));
    view.pause(1);
    view.pause(2);
    unsubscribe();
    view.goOn();
    assert.equal(told, 1);
  });
});

describe("words", () => {
  test("a unit is told of in one sentence", () => {
    const request = unit({ sent_at: 1000, arrived_at: 1200 });
    assert.equal(sentenceOf(request, { isHeld: true }), "GET long-poll, 412 B up, 200 ms, unanswered");
    assert.equal(sentenceOf(request, { answer: unit({ sent_at: 1700 }) }), "GET long-poll, 412 B up, 200 ms, answered after 500 ms");
    assert.equal(sentenceOf(request), "GET long-poll, 412 B up, 200 ms, never answered");
    const event = unit({ kind: "event", direction: "down", label: "message e-1", technique: "sse", messages: ["e-1"], sent_at: 1250, arrived_at: 1252, size: 98 });
    assert.equal(sentenceOf(event, { births: new Map([["e-1", 1000]]) }), "message e-1, 98 B down, 2.0 ms, brings e-1, which waited 250 ms");
    assert.equal(sentenceOf({ ...event, messages: [], accounts: { heartbeat: 98 }, whole: false }), "message e-1, 98 B down, 2.0 ms, cut off, heartbeat");
  });

  test("a size has its payload first, which is set in bold", () => {
    const size = (payload, framing) => sizeOf(unit({ size: payload + framing, accounts: payload ? { payload, framing } : { framing } }));
    assert.deepEqual([size(83, 37), size(0, 120), size(83, 0), size(9000, 9000)], [["83", " + 37 B"], ["", "120 B"], ["83 B", ""], ["", "17.6 KiB"]]);
  });

  test("an address is shown without its query", () => {
    assert.equal(nameOf(unit()), "GET long-poll");
    assert.equal(nameOf(unit({ label: "x".repeat(80) })).length, 32);
  });
});

describe("ticks", () => {
  test("stand at round moments, no closer than there is room", () => {
    const ticks = ticksOf({ from: START_MS + 100, to: START_MS + 1100, leastMs: 210 });
    assert.deepEqual(ticks.map(({ moment }) => moment - START_MS), [500, 1000]);
    assert.equal(ticks[0].label, "34.500");
    assert.match(ticks[1].label, /^\d\d:\d\d:35$/);
    assert.match(ticksOf({ from: START_MS, to: START_MS + 10_000, leastMs: 3000, showsHours: false })[0].label, /^\d\d:35$/);
  });
});

describe("thinning", () => {
  const words = (...ys) => ys.map((y) => ({ key: `${y}`, y, weight: y === 102 ? 2 : 1 }));

  test("one whose place is taken may stand a little aside", () => {
    const thinning = createThinning();
    thinning.begin("5 s");
    assert.deepEqual(thinning.choose(words(100, 110), 16).map(({ y }) => y), [100, 116.4]);
    const [first, second] = words(200, 201);
    assert.deepEqual(thinning.choose([first, { ...second, shifts: [30] }], 16).map(({ y }) => y), [200, 231]);
  });

  test("no two words touch, and the weightier come first", () => {
    const thinning = createThinning();
    thinning.begin("5 s");
    const shown = thinning.choose(words(0, 5, 100, 102, 120), 16);
    assert.deepEqual(shown.map(({ key }) => key).sort(), ["0", "102", "120"]);
  });

  test("what was decided stays so while all moves, and is decided anew with the zoom", () => {
    const thinning = createThinning();
    thinning.begin("5 s");
    thinning.choose(words(101), 16);
    const both = words(100, 101).map((each) => ({ ...each, y: each.y - 7 }));
    assert.deepEqual(thinning.choose(both, 16).map(({ key, y }) => [key, y]), [["101", 94]]);
    thinning.begin("10 s");
    assert.deepEqual(thinning.choose(both, 16).map(({ key }) => key), ["100"]);
  });

  test("what weighs more takes the place of what is there, even when it comes later, and for good", () => {
    const thinning = createThinning();
    thinning.begin("5 s");
    thinning.choose(words(100), 16);
    for (const all of [words(100, 102), words(100, 102)]) assert.deepEqual(thinning.choose(all, 16).map(({ key }) => key), ["102"]);
    assert.deepEqual(thinning.choose(words(100), 16), []);
  });
});

test("of decisions the oldest are forgotten first", () => {
  const map = new Map(Array.from({ length: 11 }, (_, index) => [index, true]));
  forgetOldest(map, 11);
  assert.equal(map.size, 11);
  forgetOldest(map, 10);
  assert.deepEqual([...map.keys()], [6, 7, 8, 9, 10]);
});

test("what falls on the same pixels is drawn once, and what is dense is drawn finer", () => {
  assert.deepEqual(withoutDoubles([1, 1.2, 1.6, 3], (y) => [y, y]), [1, 1.6, 3]);
  const scale = { top: 0, bottom: 500 };
  assert.deepEqual([10, 100, 200, 5000].map((count) => fineness(scale, count)), [1, 1, 0.5, 0.35]);
});

test("an accent that is too pale for its ground is darkened until it has a contrast of 3:1", () => {
  const [white, dark, black] = [[255, 255, 255], [27, 29, 32], [27, 28, 30]];
  const [orange, green] = [[230, 159, 0], [0, 158, 115]];
  assert.ok(contrast(orange, white) < 3 && contrast(legible(orange, white, black), white) >= 3);
  assert.deepEqual(legible(green, white, black), green);
  assert.deepEqual(legible(orange, dark, white), orange);
  assert.equal(contrast([0, 0, 0], white), 21);
});

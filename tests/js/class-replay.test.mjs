/** A recorded class, played again. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createPlayer, follow, readRecording } from "../../static/js/class/replay.js";

const FIRST = { rate: 0, fault: null, experiment: null, figures: { sse: { median: null, max: null } } };
const TEXT = [
  { pushdemo_recording: 1, made_at: 1000, seed: 7 },
  { at: 0, state: FIRST },
  { at: 1000, set: [["rate", 2], ["figures/sse/median", 12.5]] },
  { at: 1500, message: { id: "a-1", text: "hi" } },
  { at: 3000, set: [["fault", { number: 1, fault: "cut" }]] },
  { at: 4000, set: [["experiment", { name: "gap", phase: "running" }]] },
  { at: 5000, set: [["experiment/phase", "explained"]] },
  { at: 6000, capture: { group: "A", pcapng: "Cg0NCg==" } },
].map((line) => JSON.stringify(line)).join("\n");

let now;
let steps;
let told;

beforeEach(() => {
  [now, steps, told] = [0, new Set(), []];
});

function player(text = TEXT) {
  return createPlayer(readRecording(text), {
    clock: () => now,
    timers: { setInterval: (step) => { steps.add(step); return step; }, clearInterval: (step) => steps.delete(step) },
    onState: (state) => told.push(state),
    onMessages: (messages, isAnew) => told.push([messages.map(({ id }) => id), isAnew]),
    onChange: () => {},
  });
}

function pass(ms) {
  now += ms;
  for (const step of [...steps]) step();
}

test("a recording tells when experiments and faults began, how long it is, and what crossed", () => {
  const { head, marks, captures, lengthMs } = readRecording(TEXT);
  assert.equal(head.seed, 7);
  assert.deepEqual(marks, [{ at: 3000, what: "fault", name: "cut" }, { at: 4000, what: "experiment", name: "gap" }]);
  assert.deepEqual(captures, [{ group: "A", pcapng: "Cg0NCg==" }]);
  assert.equal(lengthMs, 5000);
});

test("a last line that was cut off is passed over, and what is no recording is refused", () => {
  assert.equal(readRecording(`${TEXT}\n{"at": 70`).lengthMs, 5000);
  for (const text of ["", "hello", "{}", '{"pushdemo_recording": 2}']) assert.throws(() => readRecording(text), TypeError);
});

test("what was written down first was so from the beginning", () => {
  const it = player(TEXT.replace('"at":0', '"at":3'));
  it.seek(0);
  assert.deepEqual(told.at(-1), { ...FIRST, role: "projector", now: 1000 });
});

test("a change leaves the state before as it was", () => {
  const after = follow(FIRST, { set: [["figures/sse/median", 3]] });
  assert.deepEqual(after.figures.sse, { median: 3, max: null });
  assert.equal(FIRST.figures.sse.median, null);
});

test("states and messages come when their time has come", () => {
  const it = player();
  it.play();
  pass(500);
  assert.deepEqual(told, [{ ...FIRST, role: "projector", now: 1500 }]);
  pass(1200);
  assert.deepEqual(told[1], [["a-1"], false]);
  assert.deepEqual([told[2].rate, told[2].figures.sse.median, told[2].now], [2, 12.5, 2700]);
});

test("it ends at its end, and begins again from there", () => {
  const it = player();
  it.play();
  pass(60_000);
  assert.deepEqual([it.isPlaying, it.at], [false, 5000]);
  it.play();
  assert.deepEqual([it.isPlaying, it.at], [true, 0]);
});

test("at twice the speed it takes half the time, and paused none passes", () => {
  const it = player();
  it.setSpeed(2);
  it.play();
  pass(1000);
  assert.equal(it.at, 2000);
  it.pause();
  pass(1000);
  assert.equal(it.at, 2000);
});

test("a jump, in either direction, tells all that there is by then", () => {
  const it = player();
  it.seek(4500);
  assert.deepEqual(told[0], [["a-1"], true]);
  assert.equal(told[1].experiment.phase, "running");
  it.seek(0);
  assert.deepEqual(told[2], [[], true]);
  assert.deepEqual(told[3], { ...FIRST, role: "projector", now: 1000 });
});

test("a jump in a long recording is to what going through it all comes to", () => {
  const lines = [{ pushdemo_recording: 1, made_at: 0 }, { at: 0, state: FIRST }];
  for (let at = 1; at <= 450; at += 1) lines.push(at % 3 === 0 ? { at, message: { id: `a-${at}` } } : { at, set: [["rate", at]] });
  const recording = readRecording(lines.map((line) => JSON.stringify(line)).join("\n"));
  assert.equal(recording.stops.length, 5);
  const it = player(lines.map((line) => JSON.stringify(line)).join("\n"));
  for (const ms of [449, 0, 99, 100, 101, 250, 450]) {
    it.seek(ms);
    const [[ids, isAnew], state] = told.slice(-2);
    const before = recording.lines.filter((line) => line.at <= ms);
    assert.deepEqual(ids, before.filter(({ message }) => message).map(({ message }) => message.id));
    assert.equal(isAnew, true);
    assert.equal(state.rate, before.reduce(follow, null).rate);
  }
});

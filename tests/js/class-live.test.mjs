/** The live socket of the class's pages: who it says it is, what it tells, and when it tries again. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createLive } from "../../static/js/class/live.js";

let sockets;
let due;
let told;

class Socket {
  constructor(url) {
    this.url = url;
    this.sent = [];
    this.readyState = 0;
    sockets.push(this);
  }
  send(text) { this.sent.push(JSON.parse(text)); }
  open() { this.readyState = 1; this.onopen(); }
  say(content) { this.onmessage({ data: JSON.stringify(content) }); }
  close() { this.readyState = 3; this.isClosed = true; }
  drop(code) { this.readyState = 3; this.onclose({ code }); }
}

const timers = {
  setTimeout: (action, delayMs) => due.push({ action, delayMs }),
  clearTimeout: (number) => { if (number) due[number - 1] = null; },
};

/** Runs what is due, the retry or the word that the server is away. */
function pass(least, most) {
  const ripe = due.filter((each) => each && each.delayMs >= least && each.delayMs <= most);
  due = due.map((each) => (ripe.includes(each) ? null : each));
  for (const { action } of ripe) action();
}

beforeEach(() => {
  [sockets, due, told] = [[], [], []];
});

function live() {
  return createLive({
    hello: { role: "projector" }, WebSocket: Socket, timers,
    onState: (state) => told.push(state), onProblem: (problem) => told.push(problem.status), onLink: (link) => told.push(link),
  });
}

test("it says first who it is, and tells each state", () => {
  live();
  sockets[0].open();
  assert.deepEqual(sockets[0].sent, [{ role: "projector" }]);
  assert.match(String(sockets[0].url), /\/api\/class\/live$/);
  sockets[0].say({ state: { now: 1 } });
  sockets[0].say({ state: { now: 2 } });
  assert.deepEqual(told, ["connecting", "live", { now: 1 }, { now: 2 }]);
});

test("what is lost is tried again, and only a long absence is told", () => {
  live();
  sockets[0].open();
  sockets[0].say({ state: {} });
  sockets[0].drop(1006);
  pass(0, 1000);
  assert.equal(sockets.length, 2);
  sockets[1].drop(1006);
  pass(1500, 1500);
  pass(0, 1000);
  sockets[2].open();
  sockets[2].say({ state: {} });
  assert.deepEqual(told, ["connecting", "live", {}, "connecting", "away", "live", {}]);
});

for (const [what, end, last] of [
  ["a refusal", (socket) => socket.say({ problem: { status: 403 } }), 403],
  ["the end of the class", (socket) => socket.drop(1000), "over"],
]) {
  test(`after ${what} there is no next try`, () => {
    live();
    sockets[0].open();
    end(sockets[0]);
    pass(0, Infinity);
    assert.equal(sockets.length, 1);
    assert.equal(told.at(-1), last);
  });
}

for (const [when, problem] of [["what may pass", 503], ["too many reports", 429], ["a first word that came late", 408]]) {
  test(`after ${when} it tries again`, () => {
    live();
    sockets[0].open();
    sockets[0].say({ problem: { status: problem } });
    sockets[0].drop(1013);
    pass(0, 1000);
    assert.equal(sockets.length, 2);
    assert.ok(!told.includes(problem));
  });
}

test("a report that was not understood ends nothing; that the seat is gone does", () => {
  const it = live();
  sockets[0].open();
  sockets[0].say({ state: {} });
  sockets[0].say({ problem: { status: 422 } });
  assert.ok(it.send({ report: {} }));
  sockets[0].say({ problem: { status: 403 } });
  assert.equal(it.send({ report: {} }), false);
  assert.equal(told.at(-1), 403);
});

test("nothing can be said while there is nobody to hear it", () => {
  const it = live();
  assert.equal(it.send({ report: {} }), false);
  sockets[0].open();
  sockets[0].say({ state: {} });
  assert.equal(it.send({ report: {} }), true);
  assert.deepEqual(sockets[0].sent.at(-1), { report: {} });
  it.close();
  assert.equal(it.send({ report: {} }), false);
  assert.ok(sockets[0].isClosed);
});

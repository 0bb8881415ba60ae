import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as lab from "../../static/js/labs/experiments/stream.js";
import { connect } from "../../static/js/labs/toys/many-streams.js";

const OWN = { rate: 2.5, textBytes: 60, streams: 8, cutS: 6 };
const asked = (label = "GET sse?after=ab-0") => ({ kind: "request", technique: "sse", label, messages: [], accounts: {} });
const event = (framing, messages = ["ab-1"]) => ({ kind: "event", technique: "sse", label: "message", messages, accounts: { payload: 150, framing } });
const laneOf = (key, units, delay = { count: 0, max: null }) => ({ key, store: { units }, delay });

describe("what crossed", () => {
  test("streams are the requests for one, and not a poll beside them", () => {
    assert.equal(lab.streamsOf({ store: { units: [asked(), asked(), asked("GET short-poll?after=latest"), { ...asked(), kind: "response" }] } }), 2);
  });

  test("an event's framing is of those with a message", () => {
    assert.deepEqual(lab.eventsOf({ store: { units: [event(30), event(34), event(12, [])] } }), { count: 2, framing: 64 });
  });

  test("the last event ID is the browser's own, on its second request", () => {
    const units = [asked(), asked("GET sse?after=ab-0, Last-Event-ID ab-15")];
    assert.equal(lab.lastEventId({ store: { units } }), 15);
    assert.equal(lab.lastEventId({ store: { units: [asked()] } }), null);
  });
});

test("a run's figures, and nothing is nothing", () => {
  const own = laneOf("own", [asked(), event(30), asked("GET sse, Last-Event-ID ab-15")], { count: 40, max: 2050 });
  const many = laneOf("many", Array.from({ length: 6 }, () => asked()));
  const { open, framing, id, late } = lab.measure({ lanes: [own, many] });
  assert.deepEqual([open.value, framing.value, id.value, late.value], [6, 30, 15, 2.05]);
  assert.deepEqual(lab.measure({ lanes: [laneOf("own", []), laneOf("many", [])] }), { open: null, framing: null, id: null, late: null });
});

test("the one page is cut, the other sends while it has no connection, and closes streams", async () => {
  const done = [];
  const many = { key: "many", command: (name, { settings }) => done.push(`${name} ${settings.streams}`) };
  const bench = { lanes: [many], breakBy: (key, fault) => done.push(`${fault} ${key}`), sendBy: (key) => done.push(`send ${key}`) };
  for (const { act } of lab.plan(OWN).acts) await act(bench);
  assert.deepEqual(done, ["cut own", "send many", "configure 3"]);
});

test("many streams are as many EventSources; the first one's messages are passed on, and the others are closed when told", () => {
  const made = [];
  class FakeSource {
    readyState = 0;

    constructor(url) {
      this.url = url;
      made.push(this);
    }

    close() {
      this.readyState = 2;
    }
  }
  const [messages, states] = [[], []];
  const toy = connect({
    room: "r", after: "ab-0", settings: { streams: 8 }, environment: { EventSource: FakeSource, base: "http://class.example/", now: () => 5 },
    onMessage: ({ id }) => messages.push(id), onStatus: ({ state, detail }) => states.push(`${state} ${detail}`),
  });
  assert.equal(new Set(made.map(({ url }) => url)).size, 8);
  for (const source of made.slice(0, 6)) {
    source.readyState = 1;
    source.onopen();
    source.onmessage?.({ data: '{"id":"ab-1"}' });
  }
  toy.configure({ streams: 3 });
  toy.close();
  assert.deepEqual(messages, ["ab-1"]);
  assert.deepEqual(states.slice(-3), ["open 6 / 8", "open 3 / 3", "closed "]);
  assert.ok(made.every(({ readyState }) => readyState === 2));
});

test("theory: six connections to a host; the messages until the cut", () => {
  const theory = Object.fromEntries(lab.questions(OWN).map((question) => [question.key, question.theory]));
  assert.deepEqual([theory.open, theory.id, theory.late], [6, 15, 2]);
});

import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as lab from "../../static/js/labs/experiments/talking-back.js";

const OWN = { delayMs: 100, textBytes: 20, burst: 7 };
const START = 100_000;
const BURST = START + 25_500;
const RESULTS = { startedAt: START };

const unit = (more) => ({ technique: "publish", kind: "request", direction: "up", sent_at: START + 2000, size: 700, connection: 1, messages: [], accounts: {}, ...more });
const send = (at, number, ackMs = 200) => ({ at, ackMs, id: `a-${number}` });

function laneOf(key, units, sends) {
  return { key, technique: lab.LANES.find((each) => each.key === key).technique, store: { units }, sends };
}

describe("what crossed for sending", () => {
  test("is a POST with its answer, before the burst", () => {
    const units = [
      unit({ sent_at: START - 1 }), unit(), unit({ kind: "response", direction: "down", size: 400 }), unit({ technique: "sse", kind: "event", direction: "down" }),
      unit({ sent_at: BURST }),
    ];
    assert.deepEqual(lab.bytesOf(laneOf("kept", units, [send(START + 2000, 1), send(BURST, 2)]), RESULTS), { up: 700, down: 400, messages: 1, requests: 1 });
  });

  test("is a frame and its acknowledgement, and no message to the page, heartbeat or handshake", () => {
    const frame = (more) => unit({ technique: "websocket", kind: "frame", size: 90, ...more });
    const units = [
      frame(), frame({ direction: "down", size: 60 }), frame({ direction: "down", messages: ["a-1"] }),
      frame({ accounts: { heartbeat: 6 } }), frame({ accounts: { handshake: 90 } }), frame({ kind: "request" }),
    ];
    assert.deepEqual(lab.bytesOf(laneOf("websocket", units, [send(START + 2000, 1)]), RESULTS), { up: 90, down: 60, messages: 1, requests: 0 });
  });

  test("of the burst: connections, order, and the last one's time", () => {
    const units = [1, 2, 3, 3].map((connection) => unit({ sent_at: BURST + 5, connection }));
    const sends = [send(START + 2000, 1), send(BURST, 2), send(BURST + 1, 4, 420), send(BURST + 2, 3)];
    assert.deepEqual(lab.burstOf(laneOf("kept", units, sends), RESULTS), { count: 3, connections: 3, isInOrder: false, lastMs: 420 });
    assert.equal(lab.burstOf(laneOf("kept", [], []), RESULTS).lastMs, null);
  });
});

test("a run's figures, and nothing is nothing", () => {
  const post = [unit(), unit({ sent_at: BURST + 1, connection: 2 }), unit({ sent_at: BURST + 1, connection: 3 })];
  const lanes = [
    laneOf("kept", post, [send(START + 2000, 1), send(BURST, 2), send(BURST, 3)]),
    laneOf("fresh", [unit()], [send(START + 6500, 4, 410), send(START + 13_000, 5, 400)]),
    laneOf("websocket", [unit({ technique: "websocket", kind: "frame", size: 90 })], [send(START + 2000, 6)]),
    laneOf("socket-io", [], []),
  ];
  const { post: up, frame, fresh, connections } = lab.measure({ ...RESULTS, lanes });
  assert.deepEqual([up.value, frame.value, fresh.value, connections.value], [700, 90, 405, 3]);
  const empty = lab.LANES.map(({ key }) => laneOf(key, [], []));
  assert.deepEqual(lab.measure({ startedAt: null, lanes: empty }), { post: null, frame: null, fresh: null, connections: null });
});

test("drafts are as long as they are said to be, whatever the lane", async () => {
  const sent = [];
  const { acts } = lab.plan(OWN);
  for (const { act } of acts) await act({ sendBy: (key, draft) => sent.push({ key, ...draft }) });
  assert.equal(sent.length, 3 + 3 * (12 + 7));
  for (const { text, sender, client_message_id } of sent) {
    assert.equal(text.length, OWN.textBytes);
    assert.equal(JSON.stringify({ text, sender, client_message_id }).length, lab.jsonUp(OWN));
  }
});

test("theory: a mask and a header around the JSON, six connections to a host, a handshake more on a new one", () => {
  assert.equal(lab.frameUp(OWN), lab.jsonUp(OWN) + 6);
  assert.equal(lab.frameUp({ textBytes: 100 }), lab.jsonUp({ textBytes: 100 }) + 8);
  assert.deepEqual([1, 3, 5, 8].map(lab.connectionsOf), [2, 4, 6, 6]);
  assert.deepEqual(["kept", "fresh"].map((key) => lab.ackTheoryMs({ key }, OWN)), [200, 400]);
});

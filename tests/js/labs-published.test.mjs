import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { test } from "node:test";

import { measure, overheads, parameters, questions } from "../../static/js/labs/experiments/published.js";
import { CLIENTS, FRAME_BYTES, HEADS_BYTES, HEADS_BYTES_ON_THE_WIRE, MEGABITS, megabits } from "../../static/js/labs/published/arithmetic.js";

test("their arithmetic gives their figures, as far as they printed them", () => {
  const digits = { poll: [1, 0, 0], socket: [3, 3, 3] };
  for (const [way, bytes] of [["poll", HEADS_BYTES], ["socket", FRAME_BYTES]]) {
    CLIENTS.forEach((clients, index) => {
      const printed = MEGABITS[way][index];
      assert.ok(Math.abs(megabits(bytes, clients) - printed) <= 10 ** -digits[way][index], `${way} ${clients}: ${megabits(bytes, clients)}`);
    });
  }
  assert.equal(HEADS_BYTES_ON_THE_WIRE, 716 + 193);
  assert.equal(((HEADS_BYTES_ON_THE_WIRE * 8 * 1000) / 1e6).toFixed(1), "7.3");
});

const crossed = (technique, kind, direction, accounts, messages = []) => ({ technique, kind, direction, accounts, messages });
const LANES = [
  { key: "poll", store: { units: [
    crossed("short-poll", "request", "up", { http_headers: 600 }),
    crossed("short-poll", "response", "down", { http_headers: 160, payload: 116, framing: 40 }, ["a-1"]),
    crossed("short-poll", "request", "up", { http_headers: 620 }),
    crossed("short-poll", "response", "down", { http_headers: 140 }),
    crossed("page", "request", "up", { page: 900 }),
  ] } },
  { key: "socket", store: { units: [
    crossed("websocket", "request", "up", { handshake: 700 }),
    crossed("websocket", "frame", "down", { framing: 50 }), // says that it has joined
    crossed("websocket", "frame", "down", { framing: 2, payload: 116 }, ["a-1"]),
    crossed("websocket", "frame", "up", { heartbeat: 10 }),
  ] } },
];

test("heads are those of question and answer, a frame's are those of one with a message", () => {
  const { question, answer, heads, frame } = overheads({ lanes: LANES });
  assert.deepEqual([question.value, answer.value, heads.value, frame.value, frame.samples], [610, 150, 760, 2, 1]);
});

test("factor and megabits are of the own figures; nothing measured is nothing", () => {
  const { factor, mbit } = measure({ lanes: LANES }, { clients: 1000 });
  assert.equal(factor.value, 380);
  assert.ok(Math.abs(mbit.value - (760 * 8000) / 2 ** 20) < 1e-9);
  assert.deepEqual(measure({ lanes: [] }, { clients: 1000 }), { heads: null, frame: null, factor: null, mbit: null });
});

test("a frame has 2 bytes of header for short texts and 4 for longer ones, and some student has each", () => {
  assert.deepEqual([24, 40].map((textBytes) => questions({ textBytes })[1].theory), [2, 4]);
  const seeds = Array.from({ length: 60 }, (_, index) => index + 1);
  assert.deepEqual(new Set(seeds.map((seed) => questions(parameters(seed))[1].theory)), new Set([2, 4]));
});

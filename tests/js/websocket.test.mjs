import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as websocket from "../../static/js/transports/websocket.js";
import { FakeWebSocket, message, problem, run, settle } from "./fakes.mjs";

const DRAFT = { sender: "li", text: "hi", client_message_id: "c-1" };

describe("WebSocket", () => {
  async function connected(options) {
    const world = run(websocket, options);
    await settle();
    return { world, socket: () => FakeWebSocket.made.at(-1) };
  }

  async function joined(options) {
    const { world, socket } = await connected(options);
    socket().open();
    socket().frame({ control: "joined", cursor: "e-0" });
    return { world, socket };
  }

  test("offers the subprotocol below the address the application is mounted at", async () => {
    const { socket } = await connected({ after: "e-3" });
    assert.equal(socket().url.href, "ws://class.example/push/api/rooms/lobby/ws?after=e-3");
    assert.deepEqual(socket().protocols, ["pushdemo.v1"]);
  });

  test("over https it is wss", async () => {
    const { socket } = await connected({ environment: { base: "https://class.example/" } });
    assert.equal(socket().url.protocol, "wss:");
  });

  test("is open when it is joined, not before", async () => {
    const { world, socket } = await connected();
    socket().open();
    assert.deepEqual(world.states(), ["connecting"]);
  });

  test("a publish ends with the ack of its client_message_id", async () => {
    const { world, socket } = await joined();
    const [first, second] = ["c-1", "c-2"].map((id) => world.connection.send({ ...DRAFT, client_message_id: id }));
    assert.deepEqual(socket().sent, [DRAFT, { ...DRAFT, client_message_id: "c-2" }]);
    socket().frame({ control: "ack", id: "e-1", client_message_id: "c-2" });
    socket().frame({ control: "ack", id: "e-2", client_message_id: "c-1" });
    assert.deepEqual([await first, await second], [{ id: "e-2" }, { id: "e-1" }]);
  });

  test("a publish that is refused has the server's problem", async () => {
    const { world, socket } = await joined();
    const outcome = world.connection.send(DRAFT);
    socket().frame({ control: "error", problem: problem(422, "Too long."), client_message_id: "c-1" });
    await assert.rejects(outcome, (error) => error.problem.status === 422 && error.message === "Too long.");
    assert.equal(world.status().state, "open");
  });

  test("a publish that comes too fast can be tried again, when the server says", async () => {
    const { world, socket } = await joined();
    const outcome = world.connection.send(DRAFT);
    socket().frame({ control: "error", problem: { ...problem(429, "Slow down."), retry_after: 2 }, client_message_id: "c-1" });
    await assert.rejects(outcome, { retryable: true, retryAfterMs: 2000 });
  });

  test("a publish without an ack for ten seconds can be tried again", async () => {
    const { world } = await joined();
    const outcome = world.connection.send(DRAFT);
    const expected = assert.rejects(outcome, { retryable: true, message: "No ack within 10 s." });
    await world.clock.advance(10_000);
    await expected;
  });

  test("every publish on its way can be tried again when the connection goes", async () => {
    const { world, socket } = await joined();
    const outcomes = ["c-1", "c-2"].map((id) => world.connection.send({ ...DRAFT, client_message_id: id }));
    const expected = outcomes.map((outcome) => assert.rejects(outcome, { retryable: true }));
    socket().breakOff(1006);
    await Promise.all(expected);
  });

  test("a publish before the connection stands waits for it", async () => {
    const { world, socket } = await connected();
    const outcome = world.connection.send(DRAFT);
    assert.deepEqual(socket().sent, []);
    socket().open();
    socket().frame({ control: "joined", cursor: "e-0" });
    assert.deepEqual(socket().sent, [DRAFT]);
    socket().frame({ control: "ack", id: "e-1", client_message_id: "c-1" });
    assert.deepEqual(await outcome, { id: "e-1" });
  });

  test("a publish while broken is sent by the next connection", async () => {
    const { world, socket } = await joined();
    socket().breakOff(1012);
    world.connection.send(DRAFT).catch(() => {});
    await world.clock.advance(250);
    socket().open();
    socket().frame({ control: "joined", cursor: "e-0" });
    assert.deepEqual(socket().sent, [DRAFT]);
  });

  test("a publish waits ten seconds for a connection and no longer", async () => {
    const { world } = await connected();
    const expected = assert.rejects(world.connection.send(DRAFT), { retryable: true });
    await world.clock.advance(10_000);
    await expected;
  });

  test("a publish on its way when we close can be tried again, by another technique", async () => {
    const { world } = await joined();
    const expected = assert.rejects(world.connection.send(DRAFT), { retryable: true });
    world.connection.close();
    await expected;
    await assert.rejects(world.connection.send(DRAFT), { retryable: true });
    assert.equal(world.clock.pending, 0);
  });

  test("the same publish twice is one frame", async () => {
    const { world, socket } = await joined();
    const outcomes = [world.connection.send(DRAFT), world.connection.send(DRAFT)];
    socket().frame({ control: "ack", id: "e-1", client_message_id: "c-1" });
    assert.deepEqual(await Promise.all(outcomes), [{ id: "e-1" }, { id: "e-1" }]);
    assert.equal(socket().sent.length, 1);
  });

  for (const [code, reason, detail] of [
    [1012, "", "The server restarts. (1012)"],
    [1013, "too slow", "The server is too busy, or this reader too slow. (1013: too slow)"],
    [1008, "", "The server refused by its policy. (1008)"],
    [4000, "", "The connection was closed. (4000)"],
  ]) {
    test(`close code ${code} is explained`, async () => {
      const { world, socket } = await joined();
      socket().breakOff(code, reason);
      assert.equal(world.status().detail, detail);
    });
  }

  test("a refused handshake is explained by a poll from the same place", async () => {
    const { world, socket } = await connected({ after: "UGLY" });
    socket().breakOff(1006);
    await settle();
    world.http.last.answer(400, problem(400, "A cursor is <epoch>-<number>."));
    await settle();
    assert.deepEqual(world.states(), ["connecting", "broken", "gap"]);
    await world.clock.advance(10_000);
    assert.equal(socket().url.searchParams.get("after"), null);
  });

  test("the server's word that it is full comes before it has joined us, and we wait longer each time", async () => {
    const { world, socket } = await connected();
    for (const expectedMs of [250, 500, 1000]) {
      socket().open();
      socket().breakOff(1013);
      assert.equal(world.status().retryInMs, expectedMs);
      await world.clock.advance(expectedMs);
    }
  });

  test("a frame that is no JSON breaks the connection, which then resumes", async () => {
    const { world, socket } = await joined();
    socket().frame(message(1));
    socket().frame("{");
    assert.equal(world.status().state, "broken");
    await world.clock.advance(250);
    assert.equal(socket().url.searchParams.get("after"), "e-1");
  });

  test("frames of both directions, the handshake and the close code are seen", async () => {
    const { world, socket } = await joined();
    world.connection.send(DRAFT).catch(() => {});
    socket().frame(message(1));
    socket().breakOff(1012, "restart");
    const seen = world.traffic.filter((exchange) => exchange.done).map(({ direction, kind, label, status }) => [direction, kind, label, status]);
    assert.deepEqual(seen, [
      ["both", "handshake", "GET ws, Upgrade: websocket", 101],
      ["in", "frame", "joined", null],
      ["out", "frame", "publish", null],
      ["in", "frame", "message", null],
      ["in", "frame", "close 1012", null],
    ]);
  });

  test("of the handshake is told what a script knows: the address and the subprotocol", async () => {
    const { world } = await joined();
    const { about } = world.traffic.find(({ kind, done }) => kind === "handshake" && done);
    assert.match(about, /^ws:.*\/api\/rooms\/lobby\/ws.*\nsubprotocol asked for: pushdemo\.v1\nsubprotocol chosen: /);
  });

  test("closes normally", async () => {
    const { world, socket } = await joined();
    world.connection.close();
    assert.equal(socket().closedWith, 1000);
  });
});

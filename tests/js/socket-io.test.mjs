import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as socketIo from "../../static/js/transports/socket-io.js";
import { message, problem, run, settle } from "./fakes.mjs";

const DRAFT = { sender: "li", text: "hi", client_message_id: "c-1" };

describe("Socket.IO", () => {
  async function connecting(options) {
    const world = run(socketIo, options);
    await settle();
    return { world, socket: world.sockets[0] };
  }

  async function joined(options) {
    const { world, socket } = await connecting(options);
    socket.accept();
    socket.emitted("join").at(-1).ack(null, { cursor: "e-0" });
    return { world, socket };
  }

  test("connects to the path below which the application is mounted", async () => {
    const { socket } = await connecting();
    assert.equal(socket.origin, "http://class.example");
    assert.equal(socket.options.path, "/push/socket.io/");
  });

  test("begins with polling and upgrades, unless told otherwise", async () => {
    const { socket } = await connecting();
    assert.deepEqual(socket.options.transports, ["polling", "websocket"]);
    const told = await connecting({ settings: { transports: ["websocket"] } });
    assert.deepEqual(told.socket.options.transports, ["websocket"]);
  });

  test("joins with the room and the cursor", async () => {
    const { socket } = await connecting({ after: "e-3" });
    socket.accept();
    assert.deepEqual(socket.emitted("join")[0].payload, { room: "lobby", after: "e-3" });
  });

  test("joins anew on each connection the library makes, with the newest cursor", async () => {
    const { world, socket } = await joined();
    socket.fire("message", message(1));
    socket.breakOff("transport close");
    assert.deepEqual(world.states(), ["connecting", "open", "broken"]);
    assert.equal(world.status().retryInMs, null);
    socket.io.fire("reconnect_attempt", 1);
    assert.equal(world.status().state, "connecting");
    socket.accept();
    assert.equal(socket.emitted("join").at(-1).payload.after, "e-1");
    socket.emitted("join").at(-1).ack(null, { cursor: "e-1" });
    assert.equal(world.status().state, "open");
  });

  test("leaves the trying again to the library while it does", async () => {
    const { world, socket } = await joined();
    socket.breakOff("ping timeout");
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      socket.io.fire("reconnect_attempt", attempt);
      socket.fire("connect_error", new Error("xhr poll error"));
    }
    assert.deepEqual(world.states().slice(2), ["broken", "connecting", "broken", "connecting", "broken", "connecting", "broken"]);
    assert.ok(world.statuses.every((status) => status.retryInMs === null));
    assert.ok(socket.active);
  });

  test("comes back by itself when the server disconnects it", async () => {
    const { world, socket } = await joined();
    socket.breakOff("io server disconnect");
    assert.equal(world.status().retryInMs, 250);
    assert.equal(socket.active, false);
    await world.clock.advance(250);
    assert.equal(socket.active, true);
  });

  test("comes back by itself when the server refuses the connection", async () => {
    const { world, socket } = await connecting();
    socket.active = false;
    socket.fire("connect_error", new Error("This server is full"));
    assert.match(world.status().detail, /This server is full/);
    await world.clock.advance(250);
    assert.equal(socket.active, true);
  });

  test("a cursor that is refused is told, and it joins without one after a gap", async () => {
    const { world, socket } = await connecting({ after: "UGLY" });
    socket.accept();
    socket.emitted("join")[0].ack(null, { error: problem(400, "A cursor is <epoch>-<number>.") });
    assert.deepEqual(world.states(), ["connecting", "broken", "gap"]);
    await world.clock.advance(250);
    socket.accept();
    assert.deepEqual(socket.emitted("join").at(-1).payload, { room: "lobby" });
  });

  test("a join that is not answered is tried again", async () => {
    const { world, socket } = await connecting();
    socket.accept();
    await world.clock.advance(15_000);
    assert.equal(world.status().state, "broken");
    await world.clock.advance(250);
    assert.equal(socket.active, true);
  });

  test("a publish is an event whose ack is the message", async () => {
    const { world, socket } = await joined();
    const outcome = world.connection.send(DRAFT);
    await settle();
    const { payload, ack, limitMs } = socket.emitted("publish")[0];
    assert.deepEqual(payload, { room: "lobby", ...DRAFT });
    assert.equal(limitMs, 10_000);
    ack(null, message(1));
    assert.deepEqual(await outcome, message(1));
  });

  test("a publish that is refused has the server's problem", async () => {
    const { world, socket } = await joined();
    const outcome = world.connection.send(DRAFT);
    await settle();
    socket.emitted("publish")[0].ack(null, { error: problem(409, "Another text.") });
    await assert.rejects(outcome, (error) => error.problem.status === 409);
  });

  test("a publish that comes too fast can be tried again, when the server says", async () => {
    const { world, socket } = await joined();
    const outcome = world.connection.send(DRAFT);
    await settle();
    socket.emitted("publish")[0].ack(null, { error: { ...problem(429, "Slow down."), retry_after: 2 } });
    await assert.rejects(outcome, { retryable: true, retryAfterMs: 2000 });
  });

  test("a publish without an ack, or whose connection went, can be tried again", async () => {
    const { world, socket } = await joined();
    const outcome = world.connection.send(DRAFT);
    await settle();
    socket.emitted("publish")[0].ack(new Error("operation has timed out"));
    await assert.rejects(outcome, { retryable: true });
  });

  test("after close a publish can be tried again, by another technique", async () => {
    const { world, socket } = await joined();
    world.connection.close();
    await assert.rejects(world.connection.send(DRAFT), { retryable: true });
    assert.equal(socket.active, false);
  });

  test("Engine.IO's packets are seen: handshake, heartbeat, message, probe and upgrade", async () => {
    const { world, socket } = await connecting();
    const { engine } = socket.io;
    engine.fire("packet", { type: "open", data: '{"sid":"x"}' });
    engine.fire("packet", { type: "ping" });
    engine.fire("packetCreate", { type: "pong" });
    engine.fire("upgrading", {});
    engine.fire("upgrade", {});
    engine.fire("packet", { type: "message", data: '2["message",{}]' });
    const seen = world.traffic.filter((exchange) => exchange.done).map((each) => [each.direction, each.kind, each.sent || each.received, each.messages]);
    assert.deepEqual(seen, [
      ["in", "handshake", '0{"sid":"x"}', 0],
      ["in", "heartbeat", "2", 0],
      ["out", "heartbeat", "3", 0],
      ["out", "handshake", "", 0],
      ["out", "packet", "2probe", 0],
      ["in", "packet", "3probe", 0],
      ["out", "packet", "5", 0],
      ["in", "packet", '42["message",{}]', 1],
    ]);
  });

  test("the packets of Socket.IO inside are called what they are", async () => {
    const { world, socket } = await connecting();
    const { engine } = socket.io;
    engine.fire("packetCreate", { type: "message", data: "0" });
    engine.fire("packetCreate", { type: "message", data: '20["join",{}]' });
    engine.fire("packet", { type: "message", data: '30[{"cursor":"e-0"}]' });
    engine.fire("packet", { type: "message", data: '2["message",{}]' });
    const names = world.traffic.filter(({ kind }) => kind === "packet").map(({ label }) => label.replace(/ \(.*/, ""));
    assert.deepEqual(names, ["CONNECT", "EVENT join", "ACK", "EVENT message"]);
  });

  const handshakes = (world) =>
    world.traffic.filter(({ label }) => label === "GET socket.io, Upgrade: websocket").map(({ status, done }) => [status, done]);

  test("an upgrade is a request, whether it succeeds or fails, and counts once", async () => {
    const { world, socket } = await connecting();
    assert.deepEqual(handshakes(world), []);
    socket.io.engine.fire("upgrading", {});
    socket.io.engine.fire("upgradeError", new Error("probe error: transport closed"));
    assert.deepEqual(handshakes(world), [[101, true]]);
    const blocked = await connecting();
    blocked.socket.io.engine.fire("upgradeError", new Error("probe error: websocket error"));
    assert.deepEqual(handshakes(blocked.world), [["failed", true]]);
  });

  test("a connection that begins as WebSocket begins with that request", async () => {
    const settings = { transports: ["websocket"] };
    const { world, socket } = await connecting({ settings });
    assert.deepEqual(handshakes(world), [[null, false]]);
    socket.io.engine.transport.fire("open");
    socket.io.engine.fire("close", "transport close");
    assert.deepEqual(handshakes(world), [[null, false], [101, true]]);
    const refused = await connecting({ settings });
    refused.socket.io.engine.fire("close", "transport error");
    assert.deepEqual(handshakes(refused.world), [[null, false], ["failed", true]]);
  });

  test("the engine of a new connection is watched too, and each only once", async () => {
    const { world, socket } = await joined();
    socket.breakOff("transport close");
    socket.io.fire("reconnect_attempt", 1);
    socket.connect(); // the library makes its new engine right after that event
    await settle();
    const told = world.traffic.length;
    socket.io.engine.fire("packet", { type: "ping" });
    assert.equal(world.traffic.length, told + 1);
  });
});

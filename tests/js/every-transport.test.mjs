import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { message, messages, run, settle, START_MS } from "./fakes.mjs";
import { TECHNIQUES } from "./servers.mjs";

for (const { transport, Server } of TECHNIQUES) {
  describe(transport.technique, () => {
    async function connected(options) {
      const world = run(transport, options);
      const server = new Server(world);
      await server.begin();
      return { world, server };
    }

    async function opened(options) {
      const { world, server } = await connected(options);
      await server.open(options?.after ?? "e-0");
      return { world, server };
    }

    test("it says nothing before connect has returned", () => {
      assert.deepEqual(run(transport).statuses, []);
    });

    test("it is connecting until the server has answered", async () => {
      const { world, server } = await connected();
      assert.deepEqual(world.states(), ["connecting"]);
      await server.open("e-0");
      assert.deepEqual(world.states(), ["connecting", "open"]);
    });

    test("it starts reading where it is told to", async () => {
      const { server } = await connected({ after: "e-41" });
      assert.equal(server.askedAfter(), "e-41");
    });

    test("without a place it starts with the last messages", async () => {
      const { server } = await connected();
      assert.equal(server.askedAfter(), null);
    });

    test("messages arrive in order with the time of their arrival", async () => {
      const { world, server } = await opened();
      await server.deliver(...messages(1, 3, { ageMs: -60_000 }));
      assert.deepEqual(world.ids(), ["e-1", "e-2", "e-3"]);
      assert.ok(world.arrivals.every((arrival) => arrival.receivedAt >= START_MS && !arrival.delayed));
    });

    test("a message that was sent before the connection stood counts as delayed", async () => {
      const { world, server } = await opened();
      await server.deliver(message(1, { ageMs: 1 }));
      assert.equal(world.arrivals[0].delayed, true);
    });

    test("whether a message is delayed is judged by the server's clock", async () => {
      const { world, server } = await opened({ settings: { clockOffsetMs: -60_000 } });
      await server.deliver(message(1, { ageMs: 30_000 }), message(2, { ageMs: 90_000 }));
      assert.deepEqual(world.arrivals.map((arrival) => arrival.delayed ?? false), [false, true]);
    });

    test("the clock offset can be put right while connected", async () => {
      const { world, server } = await opened();
      world.connection.configure({ clockOffsetMs: -60_000 });
      await server.deliver(message(1, { ageMs: 30_000 }));
      assert.equal(world.arrivals[0].delayed, undefined);
    });

    test("a message it has had already is dropped", async () => {
      const { world, server } = await opened();
      await server.deliver(...messages(1, 2));
      await server.deliver(...messages(1, 3));
      assert.deepEqual(world.ids(), ["e-1", "e-2", "e-3"]);
    });

    test("after a break it resumes by the newest cursor", async () => {
      const { world, server } = await opened();
      await server.deliver(...messages(1, 2));
      await server.lose();
      assert.equal(world.status().state, "broken");
      assert.equal(world.status().cursor, "e-2");
      await server.again();
      assert.equal(server.askedAfter(), "e-2");
      await server.open("e-2");
      await server.deliver(message(3));
      assert.deepEqual(world.ids(), ["e-1", "e-2", "e-3"]);
      assert.deepEqual(world.states(), ["connecting", "open", "broken", "connecting", "open"]);
    });

    test("a break before any message resumes where the server said reading starts", async (t) => {
      if (transport.technique === "sse") return t.skip("an EventSource does not show that cursor");
      const { world, server } = await connected();
      await server.open("e-7");
      await server.lose();
      await server.again();
      assert.equal(server.askedAfter(), "e-7");
      assert.equal(world.status().cursor, "e-7");
    });

    test("a gap is told, and reading goes on after it", async () => {
      const { world, server } = await opened({ after: "old-9" });
      await server.gap("new-4", ...messages(5, 6, { epoch: "new" }));
      assert.deepEqual(world.states(), ["connecting", "open", "gap", "open"]);
      assert.equal(world.statuses[2].cursor, "new-4");
      assert.deepEqual(world.ids(), ["new-5", "new-6"]);
    });

    test("a gap that leads back does not give a message twice", async () => {
      const { world, server } = await opened();
      await server.deliver(...messages(1, 3));
      await server.gap("e-0", ...messages(1, 4));
      assert.deepEqual(world.ids(), ["e-1", "e-2", "e-3", "e-4"]);
    });

    test("a hole makes it ask again from the last message before", async () => {
      const { world, server } = await opened();
      await server.deliver(message(1));
      await server.deliver(message(3));
      assert.equal(world.status().state, "broken");
      await server.again();
      assert.equal(server.askedAfter(), "e-1");
      await server.open("e-1");
      await server.deliver(...messages(2, 3));
      assert.deepEqual(world.ids(), ["e-1", "e-2", "e-3"]);
    });

    test("a hole that stays is told as a gap", async () => {
      const { world, server } = await opened();
      await server.deliver(message(1));
      await server.deliver(message(3));
      await server.again();
      await server.open("e-1");
      await server.deliver(message(3));
      assert.deepEqual(world.ids(), ["e-1", "e-3"]);
      assert.deepEqual(world.states().slice(2), ["broken", "connecting", "open", "gap", "open"]);
    });

    test("it tries again for ever, waiting longer each time and never more than ten seconds", async (t) => {
      if (transport.technique === "socket-io") return t.skip("socket.io-client has its own back-off");
      const { world, server } = await opened();
      for (let round = 0; round < 8; round += 1) {
        await server.lose();
        if (world.status().state === "connecting") world.http.last.fail(); // the poll that asks why
        await settle();
        await world.clock.advance(world.status().retryInMs);
      }
      const waits = world.statuses.filter((status) => status.state === "broken").map((status) => status.retryInMs);
      assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
    });

    test("after success the waiting begins anew", async () => {
      const { world, server } = await opened();
      for (let round = 0; round < 3; round += 1) {
        await server.lose();
        assert.equal(world.status().retryInMs, 250);
        await server.again();
        await server.open("e-0");
      }
    });

    test("when the network is back it tries at once", async () => {
      const { world, server } = await opened();
      await server.lose();
      world.window.dispatchEvent(new Event("online"));
      await settle();
      assert.equal(world.status().state, "connecting");
    });

    test("the network coming back does not disturb a connection that stands", async () => {
      const { world, server } = await opened();
      const attempts = server.attempts();
      world.window.dispatchEvent(new Event("online"));
      await settle();
      assert.equal(server.attempts(), attempts);
      assert.equal(world.status().state, "open");
    });

    test("a server that never answers is given up and tried again", async () => {
      const { world } = await connected();
      await world.clock.advance(15_000);
      assert.equal(world.statuses[1].state, "broken");
    });

    test("after close there is the closed status and nothing more", async () => {
      const { world, server } = await opened();
      await server.deliver(message(1));
      const told = world.traffic.length;
      world.connection.close();
      await server.deliver(message(2));
      await world.clock.advance(60_000);
      world.window.dispatchEvent(new Event("online"));
      await settle();
      assert.deepEqual(world.states(), ["connecting", "open", "closed"]);
      assert.equal(world.status().cursor, "e-1");
      assert.deepEqual(world.ids(), ["e-1"]);
      assert.equal(world.traffic.length, told);
    });

    test("closing twice says so once", async () => {
      const { world } = await opened();
      world.connection.close();
      world.connection.close();
      assert.deepEqual(world.states(), ["connecting", "open", "closed"]);
    });

    test("closed while broken, it does not try again", async () => {
      const { world, server } = await opened();
      await server.lose();
      const attempts = server.attempts();
      world.connection.close();
      await world.clock.advance(60_000);
      assert.equal(server.attempts(), attempts);
      assert.equal(world.status().state, "closed");
    });

    test("closed before it began, it never asks", async () => {
      const world = run(transport);
      world.connection.close();
      await world.clock.advance(60_000);
      assert.deepEqual(world.states(), ["closed"]);
      assert.equal(world.http.requests.length, 0);
    });

    test("closed by the page from within a message, it hands over no other", async () => {
      const world = run(transport, { onMessage: (each) => (world.messages.push(each), world.connection.close()) });
      const server = new Server(world);
      await settle();
      await server.open("e-0");
      await server.deliver(...messages(1, 3));
      assert.deepEqual(world.ids(), ["e-1"]);
      assert.deepEqual(world.states(), ["connecting", "open", "closed"]);
    });

    test("an exchange ends under the id it began with, and ids are not used twice", async () => {
      const { world, server } = await opened();
      await server.deliver(...messages(1, 2));
      const done = world.traffic.filter((exchange) => exchange.done).map((exchange) => exchange.id);
      assert.equal(new Set(done).size, done.length);
      assert.ok(world.traffic.every(({ at, bytesUp, bytesDown }) => at >= START_MS && bytesUp >= 0 && bytesDown >= 0));
    });

    test("bytes are counted in UTF-8", async (t) => {
      if (transport.technique === "socket-io") return t.skip("counted from Engine.IO's packets");
      const { world, server } = await opened();
      await server.deliver({ ...message(1), text: "自习室" });
      const exchange = world.traffic.filter((each) => each.done && each.messages === 1).at(-1);
      assert.ok(exchange.received.includes("自习室"));
      assert.equal(exchange.bytesDown, Buffer.byteLength(exchange.received));
    });

    test("a long text is shortened for display but counted whole", async (t) => {
      if (transport.technique === "socket-io") return t.skip("counted from Engine.IO's packets");
      const { world, server } = await opened();
      await server.deliver({ ...message(1), text: "x".repeat(5000) });
      const exchange = world.traffic.filter((each) => each.done && each.messages === 1).at(-1);
      assert.ok(exchange.bytesDown > 5000);
      assert.equal(exchange.received.length, 4097);
    });
  });
}

import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as sse from "../../static/js/transports/sse.js";
import { BASE, FakeEventSource, message, problem, run, settle } from "./fakes.mjs";

describe("SSE", () => {
  async function streaming(options) {
    const world = run(sse, options);
    await settle();
    return { world, source: () => FakeEventSource.made.at(-1) };
  }

  const tell = (source, number) => source.event("message", JSON.stringify(message(number)), `e-${number}`);

  test("asks for the stream below the address the application is mounted at", async () => {
    const { source } = await streaming({ after: "e-3" });
    assert.equal(source().url.href, `${BASE}api/rooms/lobby/sse?after=e-3`);
  });

  test("lets the browser reconnect by itself while it does", async () => {
    const { world, source } = await streaming();
    source().open();
    tell(source(), 1);
    source().breakOff();
    source().breakOff(); // its first try fails
    assert.deepEqual(world.states(), ["connecting", "open", "broken"]);
    assert.equal(world.statuses[2].retryInMs, null);
    source().open();
    tell(source(), 2);
    assert.deepEqual(world.states(), ["connecting", "open", "broken", "connecting", "open"]);
    assert.deepEqual(world.ids(), ["e-1", "e-2"]);
    assert.equal(FakeEventSource.made.length, 1);
  });

  test("makes a new stream after the cursor when the browser has given up", async () => {
    const { world, source } = await streaming();
    source().open();
    tell(source(), 1);
    source().breakOff({ givenUp: true });
    await world.clock.advance(250);
    assert.equal(FakeEventSource.made.length, 2);
    assert.equal(source().url.searchParams.get("after"), "e-1");
  });

  test("does not wait for the browser when the network is back", async () => {
    const { world, source } = await streaming();
    source().open();
    tell(source(), 1);
    source().breakOff();
    const first = source();
    world.window.dispatchEvent(new Event("online"));
    await settle();
    assert.ok(first.closed);
    assert.equal(source().url.searchParams.get("after"), "e-1");
  });

  test("a browser that reconnects without end is helped after fifteen seconds", async () => {
    const { world, source } = await streaming();
    source().open();
    source().breakOff();
    const first = source();
    await world.clock.advance(14_999);
    assert.equal(world.status().state, "broken");
    await world.clock.advance(1);
    assert.equal(world.status().state, "connecting");
    assert.equal(FakeEventSource.made.length, 2);
    assert.ok(first.closed);
  });

  test("a browser that reconnects and is refused gives up, and a poll tells why", async () => {
    const { world, source } = await streaming();
    source().open();
    tell(source(), 1);
    source().breakOff();
    source().breakOff({ givenUp: true });
    await settle();
    assert.equal(world.http.last.url.href, `${BASE}api/rooms/lobby/short-poll?after=e-1`);
    assert.equal(world.traffic.at(-1).label, "GET short-poll, to ask why");
    world.http.last.answer(503, problem(503, "This server is full."));
    await settle();
    assert.deepEqual(world.states(), ["connecting", "open", "broken", "connecting", "broken"]);
    assert.equal(world.status().detail, "This server is full.");
    await world.clock.advance(10_000);
    assert.equal(source().url.searchParams.get("after"), "e-1");
  });

  test("a refused stream is explained by a poll from the same place", async () => {
    const { world, source } = await streaming({ after: "UGLY" });
    source().breakOff({ givenUp: true });
    await settle();
    assert.equal(world.http.last.url.href, `${BASE}api/rooms/lobby/short-poll?after=UGLY`);
    world.http.last.answer(400, problem(400, "A cursor is <epoch>-<number>."));
    await settle();
    assert.deepEqual(world.states(), ["connecting", "broken", "gap"]);
    assert.equal(world.statuses[1].detail, "A cursor is <epoch>-<number>.");
    await world.clock.advance(10_000);
    assert.equal(source().url.searchParams.get("after"), null);
  });

  test("a refused stream is tried again where a poll is not refused", async () => {
    const { world, source } = await streaming();
    source().breakOff({ givenUp: true });
    await settle();
    world.http.last.answer(200, { cursor: "e-0", messages: [] });
    await settle();
    assert.equal(world.status().detail, "The event stream was refused.");
    await world.clock.advance(10_000);
    assert.equal(FakeEventSource.made.length, 2);
  });

  test("latest is turned into a cursor first, so that a new stream misses nothing", async () => {
    const { world, source } = await streaming({ after: "latest" });
    assert.equal(FakeEventSource.made.length, 0);
    world.http.last.answer(200, { cursor: "e-9", messages: [] });
    await settle();
    assert.equal(source().url.searchParams.get("after"), "e-9");
  });

  test("closed while it looks for the latest place, it opens no stream", async () => {
    const { world } = await streaming({ after: "latest" });
    world.connection.close();
    world.http.last.answer(200, { cursor: "e-9", messages: [] });
    await settle();
    assert.equal(FakeEventSource.made.length, 0);
  });

  test("an event that is no message breaks the stream, which then resumes", async () => {
    const { world, source } = await streaming();
    source().open();
    tell(source(), 1);
    source().event("message", "not JSON");
    assert.match(world.status().detail, /could not be understood/);
    await world.clock.advance(250);
    assert.equal(source().url.searchParams.get("after"), "e-1");
  });

  test("the response that stays open is one exchange per connection, each event another", async () => {
    const { world, source } = await streaming();
    source().open();
    tell(source(), 1);
    source().breakOff();
    source().open();
    const requests = world.traffic.filter((exchange) => exchange.kind === "request");
    assert.equal(new Set(requests.map((exchange) => exchange.id)).size, 2);
    assert.deepEqual(requests.map(({ status, done }) => [status, done]), [[null, false], [200, false], [200, true], [null, false], [200, false]]);
    assert.deepEqual(world.traffic.filter((exchange) => exchange.kind === "event").map((exchange) => exchange.messages), [1]);
  });

  test("closes its EventSource", async () => {
    const { world, source } = await streaming();
    source().open();
    world.connection.close();
    assert.ok(source().closed);
  });
});

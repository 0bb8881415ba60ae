import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as longPoll from "../../static/js/transports/long-poll.js";
import * as shortPoll from "../../static/js/transports/short-poll.js";
import { BASE, message, messages, problem, run, settle, START_MS } from "./fakes.mjs";

const EMPTY = { cursor: "e-0", messages: [] };

async function polling(transport, options) {
  const world = run(transport, options);
  await settle();
  world.polls = () => world.http.asked(transport.technique);
  world.answer = async (...answer) => {
    world.http.last.answer(...answer);
    await settle();
  };
  return world;
}

for (const transport of [shortPoll, longPoll]) {
  describe(`${transport.technique}, as every poll`, () => {
    test("asks below the address the application is mounted at", async () => {
      const world = await polling(transport, { room: "room_1" });
      assert.ok(world.http.last.url.href.startsWith(`${BASE}api/rooms/room_1/${transport.technique}`));
      assert.equal(world.http.last.cache, "no-store");
    });

    test("an answer that has more is followed by the next poll at once", async () => {
      const world = await polling(transport);
      await world.answer(200, { cursor: "e-500", messages: messages(1, 500), more: true });
      assert.equal(world.polls().length, 2);
      assert.equal(world.http.last.url.searchParams.get("after"), "e-500");
    });

    test("latest is asked for once, and then the cursor that came", async () => {
      const world = await polling(transport, { after: "latest" });
      assert.equal(world.http.last.url.searchParams.get("after"), "latest");
      await world.answer(200, { cursor: "e-9", messages: [] });
      await world.clock.advance(2000);
      assert.equal(world.http.last.url.searchParams.get("after"), "e-9");
    });

    test("an empty answer counts as empty, one with messages does not", async () => {
      const world = await polling(transport);
      await world.answer(200, { cursor: "e-1", messages: [message(1)] });
      await world.clock.advance(2000);
      await world.answer(200, { cursor: "e-1", messages: [] });
      const done = world.traffic.filter((exchange) => exchange.done);
      assert.deepEqual(done.map(({ status, messages: count, empty }) => [status, count, empty]), [[200, 1, false], [200, 0, true]]);
    });

    test("a gap without messages goes on from the cursor of the answer", async () => {
      const world = await polling(transport, { after: "old-9" });
      await world.answer(200, { cursor: "new-0", messages: [], gap: true });
      assert.deepEqual(world.states(), ["connecting", "open", "gap", "open"]);
      assert.equal(world.status().cursor, "new-0");
    });

    test("a malformed cursor is told with the server's words, and reading starts over after a gap", async () => {
      const world = await polling(transport, { after: "UGLY" });
      await world.answer(400, problem(400, "A cursor is <epoch>-<number>."));
      assert.deepEqual(world.states(), ["connecting", "broken", "gap"]);
      assert.equal(world.statuses[1].detail, "A cursor is <epoch>-<number>.");
      await world.clock.advance(10_000);
      assert.equal(world.http.last.url.searchParams.get("after"), null);
    });

    test("any other refusal is final", async () => {
      const world = await polling(transport);
      await world.answer(400, problem(400, "A room's name is shorter."));
      await world.clock.advance(60_000);
      assert.deepEqual(world.states(), ["connecting", "broken"]);
      assert.equal(world.status().retryInMs, null);
      assert.equal(world.polls().length, 1);
    });

    for (const status of [429, 503]) {
      test(`${status} is tried again when the server says`, async () => {
        const world = await polling(transport);
        await world.answer(status, problem(status, "Not now."), { "Retry-After": "7" });
        assert.equal(world.status().retryInMs, 7000);
        await world.clock.advance(7000);
        assert.equal(world.polls().length, 2);
      });
    }

    test("a date as Retry-After is understood", async () => {
      const world = await polling(transport);
      const date = new Date(Math.ceil(START_MS / 1000) * 1000 + 9000);
      await world.answer(503, problem(503, "Not now."), { "Retry-After": date.toUTCString() });
      assert.equal(world.status().retryInMs, date.getTime() - START_MS);
    });

    test("an answer that is not JSON is a captive portal: broken, and tried again", async () => {
      const world = await polling(transport);
      await world.answer(200, "<html>Welcome to our WLAN</html>");
      assert.equal(world.status().state, "broken");
      assert.match(world.status().detail, /sign-in page/);
      await world.clock.advance(10_000);
      assert.equal(world.polls().length, 2);
    });

    test("JSON of another shape is broken too", async () => {
      const world = await polling(transport);
      await world.answer(200, { hello: "world" });
      assert.equal(world.status().state, "broken");
    });

    test("a callback that throws is reported and does not stop the polling", async () => {
      const world = await polling(transport, { onMessage: () => { throw new Error("the page's fault"); } });
      await world.answer(200, { cursor: "e-1", messages: [message(1)] });
      assert.equal(world.reports[0].message, "the page's fault");
      await world.clock.advance(2000);
      assert.equal(world.polls().length, 2);
    });
  });
}

describe("short polling", () => {
  test("says where it stands as an entity tag, and takes 304 for an empty answer", async () => {
    const world = await polling(shortPoll, { after: "e-4" });
    assert.equal(world.http.last.headers["If-None-Match"], '"e-4"');
    await world.answer(304);
    assert.deepEqual(world.states(), ["connecting", "open"]);
    const { status, empty, bytesDown, done } = world.traffic.at(-1);
    assert.deepEqual({ status, empty, bytesDown, done }, { status: 304, empty: true, bytesDown: 0, done: true });
  });

  test("without a place it sends no entity tag", async () => {
    const world = await polling(shortPoll);
    assert.equal(world.http.last.headers["If-None-Match"], undefined);
  });

  async function pollTimes(world, answerAfterMs, endMs) {
    const asked = [];
    while (world.clock.now() < START_MS + endMs) {
      if (world.polls().length > asked.length) {
        asked.push(world.clock.now() - START_MS);
        const request = world.http.last;
        world.clock.setTimeout(() => request.answer(200, EMPTY), answerAfterMs(asked.length));
      }
      await world.clock.advance(100);
    }
    return asked;
  }

  test("asks every T from the start, however long the answers take", async () => {
    const world = await polling(shortPoll, { settings: { intervalMs: 1000 } });
    assert.deepEqual(await pollTimes(world, () => 300, 4500), [0, 1000, 2000, 3000, 4000]);
  });

  test("an answer slower than T delays the next poll, which follows at once; then the rhythm is the old one", async () => {
    const world = await polling(shortPoll, { settings: { intervalMs: 1000 } });
    const times = await pollTimes(world, (count) => (count === 2 ? 1500 : 100), 5500);
    assert.deepEqual(times, [0, 1000, 2500, 3000, 4000, 5000]);
  });

  test("a timer that fires a little early does not make two polls of one beat", async () => {
    let lead = 0;
    const world = await polling(shortPoll, {
      settings: { intervalMs: 1000 },
      environment: { now: () => START_MS + lead },
    });
    await world.answer(200, EMPTY);
    lead = 999.6;
    await world.clock.advance(1000);
    await world.answer(200, EMPTY);
    await world.clock.advance(900);
    assert.equal(world.polls().length, 2);
  });

  test("a new interval holds at once", async () => {
    const world = await polling(shortPoll, { settings: { intervalMs: 60_000 } });
    await world.answer(200, EMPTY);
    await world.clock.advance(3000);
    world.connection.configure({ intervalMs: 5000 });
    await world.clock.advance(1999);
    assert.equal(world.polls().length, 1);
    await world.clock.advance(1);
    assert.equal(world.polls().length, 2);
  });

  test("a new interval while a poll is under way does not make a second one", async () => {
    const world = await polling(shortPoll);
    world.connection.configure({ intervalMs: 100 });
    await world.clock.advance(1000);
    assert.equal(world.polls().length, 1);
  });

  test("an interval that is no number is not taken, one of nothing does not make it spin", async () => {
    const world = await polling(shortPoll, { settings: { intervalMs: undefined } });
    await world.answer(200, EMPTY);
    world.connection.configure({ intervalMs: Number.NaN });
    await world.clock.advance(1999);
    assert.equal(world.polls().length, 1);
    world.connection.configure({ intervalMs: 0 });
    await settle();
    assert.equal(world.polls().length, 2);
    await world.answer(200, EMPTY);
    assert.equal(world.polls().length, 2);
  });

  test("a poll that is not answered in ten seconds is given up", async () => {
    const world = await polling(shortPoll);
    await world.clock.advance(10_000);
    assert.equal(world.status().detail, "No answer within 10 s.");
    assert.equal(world.traffic.at(-1).status, "failed");
  });
});

describe("long polling", () => {
  const timeouts = (world) => world.polls().map((poll) => poll.url.searchParams.get("timeout"));

  test("asks again right after each answer, without a timer", async () => {
    const world = await polling(longPoll);
    await world.answer(200, { cursor: "e-1", messages: [message(1)] });
    assert.equal(world.polls().length, 2);
  });

  test("the first poll is short so that the server soon shows it is there, the others are long", async () => {
    const world = await polling(longPoll);
    await world.answer(200, { cursor: "e-1", messages: [message(1)] });
    assert.deepEqual(timeouts(world), ["1", "25"]);
  });

  test("the timeout is kept within what the server takes", async () => {
    const world = await polling(longPoll, { settings: { timeoutS: 300 } });
    await world.answer(200, { cursor: "e-1", messages: [message(1)] });
    assert.equal(timeouts(world)[1], "55");
  });

  test("a new timeout takes the place of the held poll at once", async () => {
    const world = await polling(longPoll);
    await world.answer(200, { cursor: "e-1", messages: [message(1)] });
    world.connection.configure({ timeoutS: 5 });
    await settle();
    assert.deepEqual(timeouts(world), ["1", "25", "5"]);
    assert.ok(world.polls()[1].signal.aborted);
    assert.equal(world.status().state, "open");
    assert.deepEqual(world.traffic.filter((each) => each.status === "cancelled").length, 1);
  });

  test("an empty answer when the timeout is up is followed at once", async () => {
    const world = await polling(longPoll, { after: "e-0" });
    await world.clock.advance(1000);
    await world.answer(200, EMPTY);
    await world.clock.advance(25_000);
    await world.answer(200, EMPTY);
    assert.equal(world.polls().length, 3);
  });

  test("empty answers that come too soon slow it down", async () => {
    const world = await polling(longPoll, { after: "e-0" });
    for (let round = 0; round < 200; round += 1) {
      if (world.polls().at(-1).answered) await world.clock.advance(100);
      else (world.polls().at(-1).answered = true), await world.answer(200, EMPTY);
    }
    assert.ok(world.polls().length < 12, `${world.polls().length} polls in ${world.clock.now() - START_MS} ms`);
    assert.equal(world.status().state, "open");
  });

  test("a held poll is given the timeout and ten seconds more", async () => {
    const world = await polling(longPoll);
    await world.answer(200, { cursor: "e-1", messages: [message(1)] });
    await world.clock.advance(34_999);
    assert.equal(world.status().state, "open");
    await world.clock.advance(1);
    assert.equal(world.status().state, "broken");
  });
});

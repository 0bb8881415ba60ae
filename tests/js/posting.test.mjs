import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import * as longPoll from "../../static/js/transports/long-poll.js";
import * as shortPoll from "../../static/js/transports/short-poll.js";
import * as sse from "../../static/js/transports/sse.js";
import { message, problem, run, settle } from "./fakes.mjs";

const DRAFT = { sender: "li", text: "hi", client_message_id: "c-1" };

for (const transport of [shortPoll, longPoll, sse]) {
  describe(`publishing beside ${transport.technique}`, () => {
    async function sending() {
      const world = run(transport);
      await settle();
      const outcome = world.connection.send(DRAFT);
      outcome.catch(() => {});
      await settle();
      return { world, outcome, request: world.http.asked("messages")[0] };
    }

    test("is one POST of JSON", async () => {
      const { world, request } = await sending();
      assert.equal(request.method, "POST");
      assert.equal(request.headers["Content-Type"], "application/json");
      assert.deepEqual(JSON.parse(request.body), DRAFT);
      assert.equal(request.url.search, "");
      assert.equal(world.traffic.at(-1).kind, "publish");
      assert.equal(world.traffic.at(-1).bytesUp, request.body.length);
    });

    for (const status of [200, 201]) {
      test(`gives the message when it is answered ${status}`, async () => {
        const { outcome, request } = await sending();
        request.answer(status, message(1));
        assert.deepEqual(await outcome, message(1));
      });
    }

    for (const status of [400, 403, 409, 413, 415, 422]) {
      test(`is refused for good by ${status}`, async () => {
        const { outcome, request } = await sending();
        request.answer(status, problem(status, "No."));
        const error = await outcome.catch((reason) => reason);
        assert.equal(error.message, "No.");
        assert.equal(error.problem.status, status);
        assert.equal(error.retryable, undefined);
      });
    }

    for (const status of [429, 503]) {
      test(`can be tried again after ${status}, when the server says`, async () => {
        const { outcome, request } = await sending();
        request.answer(status, problem(status, "Not now."), { "Retry-After": "3" });
        const error = await outcome.catch((reason) => reason);
        assert.equal(error.retryable, true);
        assert.equal(error.retryAfterMs, 3000);
        assert.equal(error.problem, undefined);
      });
    }

    test("can be tried again when there is no network", async () => {
      const { outcome, request } = await sending();
      request.fail();
      await assert.rejects(outcome, { retryable: true });
    });

    test("can be tried again when no answer comes in ten seconds", async () => {
      const { world, outcome } = await sending();
      await world.clock.advance(10_000);
      await assert.rejects(outcome, { retryable: true, message: "No answer within 10 s." });
    });

    test("can be tried again when the answer is a page of something else", async () => {
      const { outcome, request } = await sending();
      request.answer(200, "<html></html>");
      await assert.rejects(outcome, { retryable: true });
    });

    test("a refusal without a problem is told by its status", async () => {
      const { outcome, request } = await sending();
      request.answer(404, "<html></html>");
      const error = await outcome.catch((reason) => reason);
      assert.equal(error.problem.status, 404);
      assert.equal(error.message, "The server answered 404.");
    });

    test("does not break the reading when it fails", async () => {
      const { world, request } = await sending();
      const before = world.states();
      request.fail();
      await settle();
      assert.deepEqual(world.states(), before);
    });
  });
}

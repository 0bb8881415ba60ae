import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { createBackoff } from "../../static/js/backoff.js";
import { completeEnvironment } from "../../static/js/environment.js";
import { createInbox, cursorBefore, parseCursor } from "../../static/js/inbox.js";
import { createDelays } from "../../static/js/instruments/delays.js";
import { delay, joined } from "../../static/js/shell/format.js";
import { byteLength } from "../../static/js/traffic.js";

describe("back-off", () => {
  const limits = (random) => {
    const backoff = createBackoff(random);
    return Array.from({ length: 7 }, () => backoff.next());
  };

  test("doubles from half a second to ten", () => {
    assert.deepEqual(limits(() => 1), [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  test("is any time between nothing and the limit", () => {
    assert.deepEqual(limits(() => 0), [0, 0, 0, 0, 0, 0, 0]);
  });
});

describe("inbox", () => {
  test("a cursor is an epoch and a number", () => {
    assert.deepEqual(parseCursor("k3f9-42"), { epoch: "k3f9", number: 42 });
    for (const text of ["", "k3f9", "k3f9-", "-42", "K3F9-42", "k3f9-4 2", null]) assert.equal(parseCursor(text), null);
  });

  test("the place before a message is one less", () => {
    assert.equal(cursorBefore("k3f9-1"), "k3f9-0");
  });

  test("takes what follows, drops what is known, asks again for what is missing", () => {
    const inbox = createInbox("e-4");
    assert.deepEqual(["e-4", "e-5", "e-5", "e-7", "e-6", "e-7"].map(inbox.accept), ["known", "next", "known", "hole", "next", "next"]);
    assert.equal(inbox.cursor, "e-7");
  });

  test("a message of another epoch does not follow without a gap", () => {
    const inbox = createInbox("e-4");
    assert.equal(inbox.accept("f-5"), "hole");
    inbox.moveTo("f-4");
    assert.equal(inbox.accept("f-5"), "next");
  });

  test("numbers are compared as numbers", () => {
    const inbox = createInbox("e-9");
    assert.deepEqual(["e-10", "e-9"].map(inbox.accept), ["next", "known"]);
  });

  test("without a place it takes what comes first", () => {
    for (const start of [null, "latest"]) {
      const inbox = createInbox(start);
      assert.equal(inbox.after, start);
      assert.equal(inbox.accept("e-17"), "next");
      assert.equal(inbox.after, "e-17");
    }
  });

  test("what is no cursor is no message", () => {
    assert.throws(() => createInbox(null).accept(undefined), /expected a message with a cursor as id, found undefined/);
  });
});

describe("environment", () => {
  test("the application's base is two levels above the scripts", () => {
    assert.equal(completeEnvironment().base.href, new URL("../../", import.meta.url).href);
  });

  test("the clock is that of the wall", () => {
    assert.ok(Math.abs(completeEnvironment().now() - Date.now()) < 1000);
  });
});

describe("delays", () => {
  const shown = (ms, errorMs) => joined(delay(ms, errorMs));

  test("a delay that the clocks are good enough for is a figure", () => {
    assert.equal(shown(2.24, 0.4), "2.2 ms");
    assert.equal(shown(1234, 3), "1234 ms");
    assert.equal(shown(2.24, null), "2.2 ms");
  });

  test("of one below the clocks' error is said how long it was at most", () => {
    assert.equal(shown(-2.2, 3.1), "≤ 1 ms");
    assert.equal(shown(0.1, 0.4), "≤ 1 ms");
    assert.equal(shown(20, 50), "≤ 70 ms");
  });

  test("no message arrives before it was sent", () => {
    assert.equal(shown(-5, 3), "n/a");
    assert.equal(shown(-5, null), "n/a");
    assert.equal(shown(null, 3), "n/a");
  });

  test("they are put right when the clocks have been compared", () => {
    const delays = createDelays();
    delays.add({ sent_at: 1000 }, { receivedAt: 990 });
    assert.deepEqual([delays.all(), delays.errorMs], [[-10], null]);
    delays.setClock({ offsetMs: 13, uncertaintyMs: 1 });
    assert.deepEqual([delays.all(), delays.errorMs], [[3], 1]);
    assert.deepEqual(delays.of({ sent_at: 1000 }, { receivedAt: 995 }), { ms: 8, errorMs: 1 });
  });
});

test("bytes are counted in UTF-8", () => {
  assert.deepEqual(["", "hi", "ü", "自", "👍"].map(byteLength), [0, 2, 2, 3, 4]);
});

import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { measure, outcomes } from "../../static/js/labs/experiments/whose-page.js";
import { door, DOORS, requestBy } from "../../static/js/labs/whose-page/doors.js";

const FOREIGN = "http://127.0.0.1:8001";
const OWN = "http://127.0.0.1:8000";
const by = (origin) => (what) => ({ what, origin });
const DONE = {
  state: "done", foreign: FOREIGN, statuses: { get: 200, post: 403, unchecked: 101, checked: 403 },
  tried: {
    get: { read: false, said: "TypeError" }, post: { read: false, said: "TypeError" },
    unchecked: { read: true, said: "li, 0042" }, checked: { read: false, said: "error, close code 1006" },
  },
  account: {
    asked: [FOREIGN, OWN],
    bookings: [...["my room 1", "my room 2"].map(by(OWN)), ...["101a unchecked", "101b unchecked"].map(by(FOREIGN))],
  },
};
const NOTHING = { state: "running", foreign: FOREIGN, statuses: {}, tried: {}, account: null };

describe("whose page this is", () => {
  test("of four doors one let the other page in, and two gave out data", () => {
    const values = Object.fromEntries(Object.entries(measure(DONE)).map(([key, { value }]) => [key, value]));
    assert.deepEqual(values, { doors: 1, answered: 2, bookings: 4, status: 403 });
  });

  test("each door is told apart by what was booked there", () => {
    assert.deepEqual(outcomes(DONE).map(({ key, booked, isThrough, isAnswered }) => [key, booked, isThrough, isAnswered]),
      [["get", 0, false, true], ["post", 0, false, false], ["unchecked", 2, true, true], ["checked", 0, false, false]]);
  });

  test("a door that lets nothing be read, but books, let it in", () => {
    const account = { ...DONE.account, bookings: [by(FOREIGN)("101a post")] };
    assert.equal(outcomes({ ...DONE, account }).find(({ key }) => key === "post").isThrough, true);
  });

  test("a booking that the own page made by the same door is nobody else's", () => {
    const account = { ...DONE.account, bookings: [by(OWN)("101a post")] };
    assert.equal(outcomes({ ...DONE, account }).find(({ key }) => key === "post").booked, 0);
  });

  test("a GET of the own page alone gave out nothing to another", () => {
    const account = { ...DONE.account, asked: [OWN] };
    assert.equal(measure({ ...DONE, account }).answered.value, 1);
  });

  test("before anything was tried nothing is known, nor measured before the end", () => {
    for (const { key, ...rest } of outcomes(NOTHING)) {
      assert.deepEqual(rest, { booked: null, said: null, status: null, isRead: null, isAnswered: null, isThrough: null }, key);
    }
    assert.deepEqual(measure({ ...DONE, state: "running" }), { doors: null, answered: null, bookings: null, status: null });
  });

  test("by hand a WebSocket's door is knocked at by a whole handshake, and POST without asking first", () => {
    const here = { host: "127.0.0.1:8000", origin: FOREIGN, base: "/" };
    const handshake = requestBy(door("checked"), here);
    assert.ok(handshake.startsWith("GET /api/labs/whose-page/account HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nOrigin: http://127.0.0.1:8001\r\nUpgrade: websocket\r\n"));
    assert.match(requestBy(door("post"), here), /^POST .*\r\nContent-Type: text\/plain\r\n/s);
    for (const each of DOORS) assert.ok(requestBy(each, here).endsWith("\r\n\r\n"));
  });
});

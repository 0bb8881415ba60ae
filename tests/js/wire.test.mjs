import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { bitParts, cutIntoRows, edges, fromBase64, hexOf, shades, textOf, valueOf } from "../../static/js/wire/byte-rows.js";
import { bringsNothing, classOf, countByClass, newest } from "../../static/js/wire/filters.js";
import { addsUp, statement } from "../../static/js/wire/sums.js";

const bytesOf = (text) => new TextEncoder().encode(text);
const field = (offset, length, account = "framing") => ({ offset, length, account, value: "", bits: [] });
const sums = (up, down) => ({ up, down });

describe("totals", () => {
  const connection = (number, size, waiting, parts) => [number, { number, size, waiting, ...parts }];
  const traffic = (counted = { up: 1060, down: 545 }) => ({
    techniques: {
      sse: sums({ http_headers: 400 }, { http_headers: 100, payload: 300, framing: 40 }),
      publish: sums({ http_headers: 90, payload: 10 }, { payload: 5 }),
      page: sums({ page: 560 }, { page: 60 }),
    },
    connections: new Map([
      connection(1, { up: 960, down: 540 }, { up: 0, down: 40 }, sums({ http_headers: 400, page: 560 }, { http_headers: 100, payload: 300, framing: 40, page: 60 })),
      connection(2, { up: 100, down: 5 }, { up: 0, down: 0 }, sums({ http_headers: 90, payload: 10 }, { payload: 5 })),
    ]),
    size: counted,
  });

  test("of all are what the relay counted, with the bytes whose unit has not ended", () => {
    const found = statement(traffic(), "all", "sse");
    assert.deepEqual(found.total, { up: 1060, down: 505, both: 1565 });
    assert.deepEqual(found.waiting, { up: 0, down: 40, both: 40 });
    assert.deepEqual(found.rest, { up: 0, down: 0, both: 0 });
    assert.deepEqual(found.counted, { up: 1060, down: 545, both: 1605 });
    assert.ok(addsUp(found));
  });

  test("of a technique have publishing with them, and say what else there was", () => {
    const found = statement(traffic(), "technique", "sse");
    assert.deepEqual(found.total, { up: 500, down: 445, both: 945 });
    assert.deepEqual(found.rest, { up: 560, down: 60, both: 620 });
    assert.ok(addsUp(found));
  });

  test("of one connection are held against its own bytes", () => {
    const found = statement(traffic(), 1, "sse");
    assert.deepEqual(found.total, { up: 960, down: 500, both: 1460 });
    assert.deepEqual(found.counted, { up: 960, down: 540, both: 1500 });
    assert.ok(addsUp(found));
  });

  test("of a connection that nobody knows are nothing", () => {
    assert.deepEqual(statement(traffic(), 99, "sse").counted, { up: 0, down: 0, both: 0 });
  });

  test("stand in the order of the accounts, with their shares", () => {
    const { rows } = statement(traffic(), 2, "sse");
    assert.deepEqual(rows.map(({ account }) => account.name), ["payload", "framing", "http_headers", "handshake", "heartbeat", "page", "unknown"]);
    assert.deepEqual(rows.map(({ both }) => both), [15, 0, 90, 0, 0, 0, 0]);
    assert.equal(rows[0].share, 15 / 105);
  });

  test("have no shares of nothing", () => {
    const nothing = { techniques: {}, connections: new Map(), size: { up: 0, down: 0 } };
    const found = statement(nothing, "technique", "sse");
    assert.deepEqual(new Set(found.rows.map(({ share }) => share)), new Set([null]));
    assert.ok(addsUp(found));
  });

  test("that do not add up say by how much, each way for itself", () => {
    const found = statement(traffic({ up: 1072, down: 533 }), "all", "sse");
    assert.deepEqual(found.differs, { up: 12, down: -12, both: 0 });
    assert.ok(!addsUp(found));
  });
});

describe("units", () => {
  const unit = (technique, kind, accounts, empty = false) => ({ technique, kind, accounts, empty });
  const event = unit("sse", "event", { payload: 80, framing: 40 });
  const comment = unit("sse", "comment", { heartbeat: 21 });
  const file = unit("page", "response", { page: 9000 });
  const noise = unit("page", "unknown", { unknown: 7 });
  const emptyPoll = unit("short-poll", "response", { http_headers: 200, framing: 38 }, true);
  const pollWithPing = unit("socket-io", "response", { http_headers: 150, heartbeat: 1 });
  const pingBesideMessage = unit("socket-io", "response", { http_headers: 150, heartbeat: 1, payload: 90 });

  test("are the technique's own, the page's files, or heartbeats", () => {
    assert.deepEqual([event, file, comment, emptyPoll].map(classOf), ["own", "page", "heartbeat", "own"]);
    assert.deepEqual([pollWithPing, pingBesideMessage].map(classOf), ["heartbeat", "own"]);
  });

  test("that could not be read are never among the page's files", () => {
    assert.equal(classOf(noise), "own");
  });

  test("that bring nothing are empty answers and heartbeats", () => {
    assert.deepEqual([event, comment, file, emptyPoll].map(bringsNothing), [false, true, false, true]);
  });

  test("are listed newest first, so many of those chosen", () => {
    const units = [event, file, comment, emptyPoll, noise];
    assert.deepEqual(newest(units, new Set(["own"]), 2), [noise, emptyPoll]);
    assert.deepEqual(newest(units, new Set(["own", "heartbeat"]), 9), [noise, emptyPoll, comment, event]);
    assert.deepEqual(newest(units, new Set(), 9), []);
    assert.deepEqual(countByClass(units), { own: 3, page: 1, heartbeat: 1 });
  });
});

describe("rows of bytes", () => {
  const parts = (rows) => rows.map((row) => row.parts.map(({ field: index, start, end }) => [index, start, end]));

  test("are cut where a row or a field ends", () => {
    const rows = cutIntoRows([field(0, 2), field(2, 9), field(11, 1)], 0, 12, 8);
    assert.deepEqual(rows.map(({ offset }) => offset), [0, 8]);
    assert.deepEqual(parts(rows), [[[0, 0, 2], [1, 2, 8]], [[1, 8, 11], [2, 11, 12]]]);
  });

  test("can begin in the middle of a field", () => {
    assert.deepEqual(parts(cutIntoRows([field(0, 3), field(3, 40)], 16, 40, 16)), [[[1, 16, 32]], [[1, 32, 40]]]);
  });

  test("pass over fields of no bytes, and show bytes of no field", () => {
    assert.deepEqual(parts(cutIntoRows([field(0, 2), field(2, 0), field(2, 1)], 0, 3, 16)), [[[0, 0, 2], [2, 2, 3]]]);
    assert.deepEqual(parts(cutIntoRows([field(1, 1)], 0, 3, 16)), [[[-1, 0, 1], [0, 1, 2], [-1, 2, 3]]]);
    assert.deepEqual(parts(cutIntoRows([], 0, 3, 2)), [[[-1, 0, 2]], [[-1, 2, 3]]]);
  });

  test("of any width have every byte once", () => {
    const fields = [field(0, 7), field(7, 1), field(8, 30), field(38, 26)];
    for (const across of [8, 16]) {
      const all = cutIntoRows(fields, 0, 64, across).flatMap((row) => row.parts);
      let at = 0;
      for (const { start, end } of all) {
        assert.equal(start, at);
        at = end;
      }
      assert.equal(at, 64);
    }
  });

  test("have edges above and below only where the field does not go on", () => {
    const edgesOf = (offset, length) => cutIntoRows([field(offset, length)], 0, 32, 8).flatMap(({ parts: inRow }) =>
      inRow.filter((part) => part.field === 0).map((part) => edges(field(offset, length), part, 8))).map(({ top, bottom }) => [top, bottom]);
    assert.deepEqual(edgesOf(0, 8), [[1, 1]]);
    assert.deepEqual(edgesOf(9, 3), [[1, 1]]);
    assert.deepEqual(edgesOf(0, 24), [[1, 0], [0, 0], [0, 1]]);
    assert.deepEqual(edgesOf(2, 16), [[1, 0], [0.25, 0.75], [0, 1]]); // from column 2, to column 1
    assert.deepEqual(edgesOf(6, 4), [[1, 1], [1, 1]]); // two parts that do not touch
    assert.deepEqual(edgesOf(4, 10), [[1, 0.5], [4 / 6, 1]]);
  });

  test("alternate in shade where neighbours have one account", () => {
    const accounts = ["framing", "framing", "framing", "payload", "framing"];
    assert.deepEqual(shades(accounts.map((account) => field(0, 1, account))), [0, 1, 0, 0, 0]);
  });

  test("are in hex, and as text where that is printable ASCII", () => {
    const bytes = fromBase64("SGkKw7z/fg==");
    assert.equal(hexOf(bytes), "48 69 0a c3 bc ff 7e");
    assert.equal(hexOf(bytes, 1, 3), "69 0a");
    assert.equal(textOf(bytes, 0, 7), "Hi····~");
  });
});

describe("a field", () => {
  test("says what the server says of it, or else its own text with its line ends seen", () => {
    const bytes = bytesOf("GET ü\r\n");
    assert.equal(valueOf({ ...field(0, 3), value: "a method" }, bytes), "a method");
    assert.equal(valueOf(field(0, 8), bytes), "GET ü\\r\\n");
    assert.equal(valueOf(field(0, 8), null), "");
    assert.equal(valueOf(field(0, 900), bytesOf("x".repeat(900))), `${"x".repeat(400)}…`);
  });

  test("has its bits from the most significant one on", () => {
    const bits = [{ width: 1, name: "FIN", value: "1" }, { width: 3, name: "RSV", value: "0" }, { width: 4, name: "opcode", value: "text" }];
    const parts = bitParts({ bits, offset: 1 }, Uint8Array.of(0xff, 0x81));
    assert.deepEqual(parts.map(({ name, digits }) => [name, digits.join("")]), [["FIN", "1"], ["RSV", "000"], ["opcode", "0001"]]);
  });

  test("has bits over several bytes, and none to show where the bytes are gone", () => {
    const bits = [{ width: 4, name: "a", value: "" }, { width: 12, name: "b", value: "" }];
    assert.deepEqual(bitParts({ bits, offset: 0 }, Uint8Array.of(0x12, 0x34)).map(({ digits }) => digits.join("")), ["0001", "001000110100"]);
    assert.deepEqual(bitParts({ bits, offset: 0 }, null).map(({ digits }) => digits), [[], []]);
  });
});

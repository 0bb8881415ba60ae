import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { keyOfRequest, readAnswer } from "../../static/js/handshake/answers.js";
import { createConsole } from "../../static/js/handshake/console.js";
import { close, closeAndNothingElse, frame, response, switched } from "../../static/js/handshake/expectations.js";
import { closePayload, frameBytes, masked } from "../../static/js/handshake/frame-bytes.js";
import { handshakeText } from "../../static/js/handshake/lesson-steps.js";
import { createRun } from "../../static/js/handshake/lesson-run.js";
import { GROUPS } from "../../static/js/handshake/lessons.js";
import { linesToBytes, parseHex, shownLines, toHex, utf8 } from "../../static/js/handshake/octets.js";

const HERE = { host: "127.0.0.1:8000", origin: "http://127.0.0.1:8000", base: "/push/" };
const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
const down = (kind, bytes) => readAnswer({ direction: "down", kind }, bytes);
const answered = (text) => down("response", utf8(text.replaceAll("\n", "\r\n")));
const framed = (hex) => down("frame", parseHex(hex).bytes);

describe("bytes that are typed", () => {
  test("lines end in CRLF, or by mistake in LF, and a browser's own CRLF is not doubled", () => {
    assert.equal(toHex(linesToBytes("a\nb")), "61 0d 0a 62");
    assert.equal(toHex(linesToBytes("a\r\nb")), "61 0d 0a 62");
    assert.equal(toHex(linesToBytes("a\r\nb", { bareLf: true })), "61 0a 62");
    assert.equal(toHex(linesToBytes("é")), "c3 a9");
  });

  test("the ends of lines are shown, also that of an empty one, and what has none", () => {
    assert.deepEqual(shownLines("a\n\n40"), [{ text: "a", end: "CRLF" }, { text: "", end: "CRLF" }, { text: "40", end: "" }]);
    assert.deepEqual(shownLines("a\n", { bareLf: true }), [{ text: "a", end: "LF" }]);
  });

  test("hex is read with any space in it, and what is none is said", () => {
    assert.deepEqual([...parseHex(" 81 85\n37FA").bytes], [0x81, 0x85, 0x37, 0xfa]);
    assert.match(parseHex("8g").problem, /“g”/);
    assert.match(parseHex("818").problem, /left over/);
    assert.equal(parseHex("").bytes.length, 0);
  });
});

describe("frames", () => {
  const hello = (spec) => toHex(frameBytes({ opcode: 1, payload: utf8("Hello"), ...spec }));

  test("are those of RFC 6455 section 5.7", () => {
    assert.equal(hello({ key: null }), "81 05 48 65 6c 6c 6f");
    assert.equal(hello({ key: KEY }), "81 85 37 fa 21 3d 7f 9f 4d 51 58");
    assert.equal(toHex(frameBytes({ fin: false, opcode: 1, key: null, payload: utf8("Hel") })), "01 03 48 65 6c");
    assert.equal(toHex(frameBytes({ opcode: 0, key: null, payload: utf8("lo") })), "80 02 6c 6f");
    assert.equal(toHex(frameBytes({ opcode: 2, key: null, payload: new Uint8Array(256) }).subarray(0, 5)), "82 7e 01 00 00");
    assert.equal(toHex(frameBytes({ opcode: 2, key: null, payload: new Uint8Array(65_536) }).subarray(0, 11)), "82 7f 00 00 00 00 00 01 00 00 00");
  });

  test("have their bits, their lengths at the borders, and a mask that comes off", () => {
    assert.equal(hello({ rsv1: true, fin: false }).slice(0, 5), "41 85");
    const lengths = [125, 126, 65_535, 65_536].map((size) => frameBytes({ opcode: 2, payload: new Uint8Array(size) })[1] & 0x7f);
    assert.deepEqual(lengths, [125, 126, 126, 127]);
    assert.deepEqual(masked(masked(utf8("Hello"), KEY), KEY), utf8("Hello"));
    assert.equal(toHex(closePayload(1000, "bye")), "03 e8 62 79 65");
  });
});

describe("answers", () => {
  test("are read as far as a lesson has to know them", () => {
    const { status, reason, fields, text } = answered("HTTP/1.1 426 Upgrade Required\nUPGRADE: websocket\n\n{}");
    assert.deepEqual([status, reason, fields, text], [426, "Upgrade Required", { upgrade: "websocket" }, "{}"]);
    assert.deepEqual(framed("88 05 03 e8 62 79 65"), { kind: "frame", opcode: 8, text: "bye", code: 1000 });
    assert.equal(framed("88 00").code, null);
    assert.equal(framed(`81 7e 00 7e ${"78 ".repeat(126)}`).text, "x".repeat(126));
    assert.equal(readAnswer({ direction: "up", kind: "frame" }, utf8("")), null);
    assert.equal(down("unknown", utf8("?")), null);
  });

  test("belong to the key that stands in the request, however its name is written", () => {
    assert.equal(keyOfRequest(utf8("GET / HTTP/1.1\r\nsec-websocket-KEY:  abc \r\n\r\n")), "abc");
    assert.equal(keyOfRequest(utf8("GET / HTTP/1.1\nX: Sec-WebSocket-Key: abc\n\n")), null);
  });
});

describe("what is expected", () => {
  const check = (expectation, answers, isOver = false) => expectation.check(answers, { isOver });
  const forbidden = answered("HTTP/1.1 403 Forbidden\n\n");
  const closed = framed("88 02 03 ea");

  test("is undecided until something comes, and the end of the connection decides", () => {
    assert.equal(check(response(403, ""), []), null);
    assert.deepEqual(check(response(403, ""), [], true), { good: false, came: "the end of the connection, without such an answer" });
    assert.deepEqual(check(response(403, ""), [forbidden]), { good: true, came: "403 Forbidden" });
    assert.equal(check(response(400, ""), [forbidden]).good, false);
  });

  test("of 101 is the right accept value, too", () => {
    const accept = (value) => answered(`HTTP/1.1 101 Switching Protocols\nSec-WebSocket-Accept: ${value}\n\n`);
    assert.equal(check(switched("dGhlIHNhbXBsZSBub25jZQ=="), [accept("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")]).good, true);
    assert.equal(check(switched("dGhlIHNhbXBsZSBub25jZQ=="), [accept("AAAA")]).good, false);
  });

  test("of a frame may come after others, and a Close is none", () => {
    const echo = frame(1, "Hello", "");
    assert.equal(check(echo, [framed("81 02 7b 7d")]), null);
    assert.equal(check(echo, [framed("81 02 7b 7d"), framed("81 05 48 65 6c 6c 6f")]).good, true);
    assert.deepEqual(check(echo, [closed]), { good: false, came: "Close 1002" });
    assert.equal(check(close(1002, ""), [closed]).good, true);
    assert.equal(check(close(1000, ""), [closed]).good, false);
  });

  test("of nothing behind a Close is decided at the end", () => {
    const alone = closeAndNothingElse(1002, "");
    assert.equal(check(alone, [closed]), null);
    assert.equal(check(alone, [closed], true).good, true);
    assert.equal(check(alone, [closed, framed("81 01 78")], true).good, false);
  });
});

describe("lessons", () => {
  const all = GROUPS.flatMap(({ lessons }) => lessons);
  const expected = (name) => all.find((lesson) => lesson.name === name).steps[0].expect;
  const judged = (name, message) => expected(name).check([answered(message)], { isOver: false });

  test("about a version and about no Upgrade look at the fields that the standard demands", () => {
    assert.equal(judged("version", "HTTP/1.1 400 Bad Request\n\n").good, true);
    assert.equal(judged("version", "HTTP/1.1 400 Bad Request\nSec-WebSocket-Version: 13\n\n").good, false);
    assert.equal(judged("no-upgrade", "HTTP/1.1 426 Upgrade Required\nUpgrade: WebSocket\n\n").good, true);
    assert.equal(judged("no-upgrade", "HTTP/1.1 426 Upgrade Required\n\n").good, false);
  });

  test("have names of their own, and each step says what it does, where that stands, and what to expect", () => {
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
    for (const step of all.flatMap(({ steps }) => steps)) {
      assert.ok(step.does && /RFC|protocol, revision/.test(step.source) && step.expect.says, step.does);
      const { text, frame: spec, hex } = step.send(HERE);
      assert.ok(text ?? spec ?? parseHex(hex).bytes.length);
    }
  });

  test("begin a WebSocket before they send a frame", () => {
    for (const { name, steps } of all) {
      const first = steps.findIndex(({ needsWebSocket }) => needsWebSocket);
      if (first < 0) continue;
      assert.match(steps[first - 1].send(HERE).text, /^Upgrade: websocket$/m, name);
      assert.equal(steps[first - 1].on, steps[first].on);
    }
  });

  test("send a handshake to where the server is mounted, with its own Host and Origin", () => {
    const text = handshakeText(HERE, { "Sec-WebSocket-Key": null });
    assert.ok(text.startsWith("GET /push/api/handshake/ws HTTP/1.1\nHost: 127.0.0.1:8000\n") && text.endsWith("13\n\n"));
    assert.ok(text.includes("\nOrigin: http://127.0.0.1:8000\n") && !text.includes("Key"));
  });

  test("go from step to step, with what the answers taught", () => {
    const run = createRun(all.find(({ name }) => name === "engine-io"), HERE);
    run.heard(answered("HTTP/1.1 200 OK\n\n0{\"sid\":\"early\"}")); // before anything was sent
    assert.equal(run.verdict, null);
    run.sent();
    assert.equal(run.isWaiting, true);
    run.heard(answered("HTTP/1.1 200 OK\n\n61\r\n0{\"sid\":\"abc-1\",\"upgrades\":[]}\r\n0"));
    assert.equal(run.verdict.good, true);
    run.next();
    assert.deepEqual([run.index, run.verdict, run.isLast], [1, null, false]);
    assert.match(run.content().text, /^POST \/push\/socket\.io\/\?EIO=4&transport=polling&sid=abc-1 HTTP\/1\.1\n/);
    run.sent();
    run.ended();
    assert.equal(run.verdict.good, false);
  });
});

describe("the console", () => {
  class FakeSocket extends EventTarget {
    static CONNECTING = 0;
    static all = [];
    constructor(url) {
      super();
      Object.assign(this, { url, readyState: 0, sent: [] });
      FakeSocket.all.push(this);
    }
    send(data) { this.sent.push(data); }
    close() { this.isClosed = true; }
    open() {
      this.readyState = 1;
      this.dispatchEvent(new Event("open"));
    }
    tell(end, units = []) {
      const news = { units, waiting: { up: 0, down: 3 }, end };
      this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(news) }));
    }
    lose(code, reason = "") { this.dispatchEvent(Object.assign(new Event("close"), { code, reason })); }
  }

  function begun() {
    FakeSocket.all = [];
    const units = [];
    const events = [];
    const made = createConsole({
      url: new URL("http://127.0.0.1:8000/api/handshake/by-hand"), WebSocket: FakeSocket,
      onUnit: (full) => units.push(full), onEvent: ({ what, text }) => what !== "waiting" && events.push(`${what}: ${text}`),
    });
    made.send(utf8("a"));
    return { made, units, events, socket: FakeSocket.all[0] };
  }

  test("opens with the first bytes, which wait for it, and again with the first after the end", () => {
    const { made, units, events, socket } = begun();
    assert.equal(socket.url, "ws://127.0.0.1:8000/api/handshake/by-hand");
    made.send(utf8("b"));
    assert.deepEqual(socket.sent, []);
    socket.open();
    assert.deepEqual(socket.sent, [utf8("a"), utf8("b")]);
    socket.tell("ended", [1, 2]);
    socket.lose(1000);
    assert.deepEqual([units, made.isThere], [[1, 2], false]);
    assert.deepEqual(events, ["opened: A new TCP connection.", "ended: The connection has ended in peace (FIN)."]);
    made.send(utf8("c"));
    assert.equal(FakeSocket.all.length, 2);
  });

  test("says why it was not let in, or that nobody answers", () => {
    const { events, socket } = begun();
    socket.lose(1013, "32 connections are made by hand already");
    assert.equal(events[1], "ended: The server ended it: 32 connections are made by hand already (1013).");
    const other = begun();
    other.socket.lose(1006);
    assert.equal(other.events[1], "ended: No way to the server (1006).");
  });

  test("takes no more bytes after its end, and what is abandoned says nothing more", () => {
    const { made, units, socket } = begun();
    socket.open();
    made.finish();
    assert.deepEqual([made.isThere, made.takesMore, socket.sent[1]], [true, false, "{\"end\":true}"]);
    made.abandon();
    assert.equal(socket.sent[2], "{\"reset\":true}");
    socket.tell(null, [1]);
    assert.deepEqual([units, made.isThere], [[], false]);
  });

  test("says that it was closed with its page, once", () => {
    const { made, events, socket } = begun();
    socket.open();
    made.close();
    socket.lose(1005);
    made.close();
    assert.deepEqual([socket.isClosed, made.isThere], [true, false]);
    assert.deepEqual(events.slice(1), ["ended: Broken off, as the page was left."]);
  });
});

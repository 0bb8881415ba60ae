import "./texts.mjs"; // first
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";

import { keyProblem } from "../../static/js/handshake/accept.js";
import { frameBytes } from "../../static/js/handshake/frame-bytes.js";
import { linesToBytes, utf8 } from "../../static/js/handshake/octets.js";
import { answerBytes, headBytes, measure, parameters, questions } from "../../static/js/labs/experiments/handshake.js";
import { acceptMark, linesOf, requestText, textOf } from "../../static/js/labs/handshake/by-hand.js";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="; // RFC 6455 section 1.3
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const HEAD = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${ACCEPT}\r\n\r\n`;

describe("the handshake by hand", () => {
  test("every student's key is one, of 16 bytes", () => {
    for (let seed = 1; seed < 9999; seed += 97) assert.equal(keyProblem(parameters(seed).key), null, seed);
  });

  test("the bytes of the answer are those of RFC 6455's own, and of the subprotocol's line", () => {
    assert.equal(answerBytes({ protocol: null }), HEAD.length);
    assert.equal(answerBytes({ protocol: "chat" }), HEAD.length + "Sec-WebSocket-Protocol: chat\r\n".length);
  });

  test("the theory of a frame's head is what a frame has", () => {
    for (const textBytes of [1, 125, 126, 240]) {
      const payload = utf8(textOf(textBytes));
      assert.equal(payload.length, textBytes);
      assert.equal(headBytes(textBytes), frameBytes({ opcode: 1, key: null, payload }).length - textBytes);
      const up = questions({ protocol: null, textBytes }).find(({ key }) => key === "up");
      assert.equal(up.theory, frameBytes({ opcode: 1, payload }).length - textBytes);
    }
  });

  test("the request is whole, and offers a subprotocol only where there is one", () => {
    const here = { host: "127.0.0.1:8000", origin: "http://127.0.0.1:8000", base: "/" };
    const bytes = linesToBytes(requestText({ key: KEY, protocol: "chat" }, here));
    const text = new TextDecoder().decode(bytes);
    assert.ok(text.startsWith("GET /api/handshake/ws HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n"));
    assert.ok(text.endsWith("Sec-WebSocket-Protocol: chat\r\n\r\n"));
    assert.doesNotMatch(requestText({ key: KEY, protocol: null }, here), /Protocol/);
  });

  test("an accept value is marked with what it is instead", () => {
    const digest = (text, form) => createHash("sha1").update(text).digest(form);
    const marks = { [` ${ACCEPT} `]: "right", [KEY]: "key", [digest(KEY + GUID, "hex")]: "hex", [digest(KEY, "base64")]: "no-guid", [ACCEPT.toUpperCase()]: "case", none: "other" };
    for (const [typed, expected] of Object.entries(marks)) assert.equal(acceptMark(typed, KEY, ACCEPT), expected);
  });

  test("the lines of an answer add up to its size", () => {
    const lines = linesOf(HEAD);
    assert.deepEqual(lines.map(({ name }) => name), ["", "upgrade", "connection", "sec-websocket-accept", ""]);
    assert.equal(lines.reduce((sum, { bytes }) => sum + bytes, 0), HEAD.length);
  });

  test("what was measured leaves out the text, and before the end there is nothing", () => {
    const done = { state: "done", accept: ACCEPT, sizes: { answer: 166, up: 46, down: 42 } };
    const values = Object.fromEntries(Object.entries(measure(done, { textBytes: 40 })).map(([key, { value }]) => [key, value]));
    assert.deepEqual(values, { accept: 28, answer: 166, up: 6, down: 2 });
    assert.deepEqual(measure({ state: "refused", accept: null, sizes: {} }, { textBytes: 40 }), { accept: null, answer: null, up: null, down: null });
  });
});

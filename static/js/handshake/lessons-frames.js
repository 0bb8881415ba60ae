/** Frames with one mistake each, on an open WebSocket: what a server has to do, and what this one does. */

import { close, closeAndNothingElse, frame } from "./expectations.js";
import { closePayload, frameBytes } from "./frame-bytes.js";
import { onWebSocket, opening } from "./lesson-steps.js";
import { joinedBytes, toHex, utf8 } from "./octets.js";

const LONGER_THAN_ALL = "82 ff 80 00 00 00 00 00 00 00 37 fa 21 3d";
const HELLO_IN_LONG_FORM = "81 ff 00 00 00 00 00 00 00 05 37 fa 21 3d 7f 9f 4d 51 58";
const TOO_LONG = 126;

function mistake(name, title, sent, step) {
  return { name, title, steps: [opening(), onWebSocket(sent, step)] };
}

export const FRAMES = [
  mistake("unmasked", "No mask", { frame: { opcode: 0x1, text: "Hello", isMasked: false } }, {
    does: "A client must mask every frame: else a page could have a proxy between them read chosen bytes as HTTP, and put lies into its cache. The server must close the connection.",
    source: "RFC 6455 sections 5.1 and 10.3", expect: close(1002, "Close 1002, protocol error"),
  }),
  mistake("opcode", "A reserved opcode", { frame: { opcode: 0x3, text: "Hello" } }, {
    does: "Opcodes 3 to 7 and B to F are kept for later.",
    source: "RFC 6455 section 5.2", expect: close(1002, "Close 1002, protocol error"),
  }),
  mistake("rsv1", "RSV1 without an extension", { frame: { rsv1: true, opcode: 0x1, text: "Hello" } }, {
    does: "permessage-deflate would mark a compressed message by this bit; but no extension has been agreed on.",
    source: "RFC 6455 section 5.2; RFC 7692 section 6", expect: close(1002, "Close 1002, protocol error"),
  }),
  mistake("fragmented-ping", "A Ping in fragments", { frame: { fin: false, opcode: 0x9, text: "Hello" } }, {
    does: "Control frames come between the fragments of a long message, so they are never fragmented themselves.",
    source: "RFC 6455 sections 5.4 and 5.5", expect: close(1002, "Close 1002, protocol error"),
  }),
  mistake("long-ping", "A Ping of 126 bytes", { frame: { opcode: 0x9, text: "x".repeat(TOO_LONG) } }, {
    does: "A control frame has 125 bytes at most, so that its length always fits into the header's seven bits.",
    source: "RFC 6455 section 5.5", expect: close(1002, "Close 1002, protocol error"),
  }),
  mistake("utf-8", "Text that is no UTF-8", { frame: { opcode: 0x1, hex: "c3 28" } }, {
    does: "c3 begins a character of two bytes, and 28 does not end it.",
    source: "RFC 6455 sections 8.1 and 7.4.1", expect: close(1007, "Close 1007, invalid payload data"),
  }),
  mistake("length", "A length of 2⁶³", { hex: LONGER_THAN_ALL }, {
    does: "The length in eight bytes, with its first bit set. That bit must be 0, so this is no frame at all. None of those 2⁶³ bytes is sent.",
    source: "RFC 6455 section 5.2", expect: close(1009, "Close 1009, message too big"),
    differs: "The RFC would have it a protocol error (1002); this server only sees a number that is more than the 65,536 bytes it takes. Either way the connection is closed at once.",
  }),
  mistake("long-form", "A length in too many bytes", { hex: HELLO_IN_LONG_FORM }, {
    does: "“Hello” again, but its length, 5, stands in eight bytes. The shortest form must be used.",
    source: "RFC 6455 section 5.2", expect: frame(0x1, "Hello", "the same text back"),
    differs: "This server does not mind: the RFC demands the shortest form of who sends, but does not say what to do with a longer one.",
  }),
  mistake("continuation", "A continuation of nothing", { frame: { opcode: 0x0, text: "lo" } }, {
    does: "A continuation frame, and no message has begun.",
    source: "RFC 6455 section 5.4", expect: close(1002, "Close 1002, protocol error"),
  }),
  mistake("after-close", "Text after Close",
    { hex: toHex(joinedBytes(frameBytes({ opcode: 0x8, payload: closePayload(1000) }), frameBytes({ opcode: 0x1, payload: utf8("Hello") }))) }, {
      does: "Both frames go at once. After a Close frame nobody may send data, and who got it throws away what comes behind it.",
      source: "RFC 6455 sections 1.4 and 5.5.1", expect: closeAndNothingElse(1000, "Close 1000, and no echo"),
    }),
  mistake("close-1005", "Close with code 1005", { frame: { opcode: 0x8, hex: toHex(closePayload(1005)) } }, {
    does: "1005 means that no code came, and 1006 that no Close frame came: both are for a script to read, and never cross the wire.",
    source: "RFC 6455 section 7.4.1", expect: close(1002, "Close 1002, protocol error"),
  }),
];

/** Frames with one mistake each, on an open WebSocket: what a server has to do, and what this one does. */

import { t } from "../shell/language.js";
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
  mistake("unmasked", t("lesson-frame.unmasked"), { frame: { opcode: 0x1, text: "Hello", isMasked: false } }, {
    does: t("lesson-frame.text.1"),
    source: "RFC 6455 sections 5.1 and 10.3", expect: close(1002, t("expect.1002")),
  }),
  mistake("opcode", t("lesson-frame.opcode"), { frame: { opcode: 0x3, text: "Hello" } }, {
    does: t("lesson-frame.text.2"),
    source: "RFC 6455 section 5.2", expect: close(1002, t("expect.1002")),
  }),
  mistake("rsv1", t("lesson-frame.rsv1"), { frame: { rsv1: true, opcode: 0x1, text: "Hello" } }, {
    does: t("lesson-frame.text.3"),
    source: "RFC 6455 section 5.2; RFC 7692 section 6", expect: close(1002, t("expect.1002")),
  }),
  mistake("fragmented-ping", t("lesson-frame.fragmented-ping"), { frame: { fin: false, opcode: 0x9, text: "Hello" } }, {
    does: t("lesson-frame.text.4"),
    source: "RFC 6455 sections 5.4 and 5.5", expect: close(1002, t("expect.1002")),
  }),
  mistake("long-ping", t("lesson-frame.long-ping"), { frame: { opcode: 0x9, text: "x".repeat(TOO_LONG) } }, {
    does: t("lesson-frame.text.5"),
    source: "RFC 6455 section 5.5", expect: close(1002, t("expect.1002")),
  }),
  mistake("utf-8", t("lesson-frame.utf-8"), { frame: { opcode: 0x1, hex: "c3 28" } }, {
    does: t("lesson-frame.text.6"),
    source: "RFC 6455 sections 8.1 and 7.4.1", expect: close(1007, t("expect.1007")),
  }),
  mistake("length", t("lesson-frame.length"), { hex: LONGER_THAN_ALL }, {
    does: t("lesson-frame.text.7"),
    source: "RFC 6455 section 5.2", expect: close(1009, t("expect.1009")),
    differs: t("lesson-frame.text.8"),
  }),
  mistake("long-form", t("lesson-frame.long-form"), { hex: HELLO_IN_LONG_FORM }, {
    does: t("lesson-frame.text.9"),
    source: "RFC 6455 section 5.2", expect: frame(0x1, "Hello", t("expect.same")),
    differs: t("lesson-frame.text.10"),
  }),
  mistake("continuation", t("lesson-frame.continuation"), { frame: { opcode: 0x0, text: "lo" } }, {
    does: t("lesson-frame.text.11"),
    source: "RFC 6455 section 5.4", expect: close(1002, t("expect.1002")),
  }),
  mistake("after-close", t("lesson-frame.after-close"),
    { hex: toHex(joinedBytes(frameBytes({ opcode: 0x8, payload: closePayload(1000) }), frameBytes({ opcode: 0x1, payload: utf8("Hello") }))) }, {
      does: t("lesson-frame.text.12"),
      source: "RFC 6455 sections 1.4 and 5.5.1", expect: closeAndNothingElse(1000, t("expect.no-echo")),
    }),
  mistake("close-1005", t("lesson-frame.close-1005"), { frame: { opcode: 0x8, hex: toHex(closePayload(1005)) } }, {
    does: t("lesson-frame.text.13"),
    source: "RFC 6455 section 7.4.1", expect: close(1002, t("expect.1002")),
  }),
];

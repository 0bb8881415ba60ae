/** What works: the handshake and an echo, Ping and Pong, a message in two fragments, the closing handshake. */

import { close, frame, mismatch, response, switched } from "./expectations.js";
import { t } from "../shell/language.js";
import { closePayload, frameBytes } from "./frame-bytes.js";
import { changedHandshake, handshakeText, onWebSocket, opening, RFC_KEY } from "./lesson-steps.js";
import { joinedBytes, toHex, utf8 } from "./octets.js";

const ANOTHER_KEY = "x3JJHMbDL1EzLkh9GBhXDw==";

export const RIGHT = [
  {
    name: "echo", title: t("lesson-right.1"),
    steps: [
      {
        on: 1, title: t("lesson-right.2"), source: "RFC 6455 sections 1.3 and 4.1", send: (here) => ({ text: handshakeText(here) }), expect: switched(RFC_KEY),
        does: t("lesson-right.3"),
      },
      onWebSocket({ frame: { opcode: 0x1, text: "Hello" } }, {
        title: t("lesson-right.4"),
        does: t("lesson-right.5"),
        source: "RFC 6455 sections 5.3 and 5.7", expect: frame(0x1, "Hello", t("expect.same-unmasked")),
      }),
    ],
  },
  {
    name: "fragments", title: t("lesson-right.6"),
    steps: [
      opening(),
      onWebSocket({ hex: toHex(joinedBytes(frameBytes({ fin: false, opcode: 0x1, payload: utf8("Hel") }), frameBytes({ opcode: 0x0, payload: utf8("lo") }))) }, {
        does: t("lesson-right.7"),
        source: "RFC 6455 sections 5.4 and 5.7", expect: frame(0x1, "Hello", t("expect.one-message")),
      }),
    ],
  },
  {
    name: "ping", title: t("lesson-right.8"),
    steps: [
      opening(),
      onWebSocket({ frame: { opcode: 0x9, text: "Hello" } }, {
        does: t("lesson-right.9"),
        source: "RFC 6455 sections 5.5.2 and 5.5.3", expect: frame(0xa, "Hello", t("expect.pong")),
      }),
    ],
  },
  {
    name: "close", title: t("lesson-right.10"),
    steps: [
      opening(),
      onWebSocket({ frame: { opcode: 0x8, hex: toHex(closePayload(1000, "bye")) } }, {
        does: t("lesson-right.11"),
        source: "RFC 6455 sections 5.5.1, 7.1.1 and 7.4.1", expect: close(1000, t("expect.same-code")),
      }),
    ],
  },
  {
    name: "wrong-accept", title: t("lesson-right.12"),
    steps: [
      changedHandshake({}, {
        compareKey: ANOTHER_KEY, expect: mismatch(ANOTHER_KEY),
        does: t("lesson-right.13"),
        source: "RFC 6455 section 4.1, response 4; section 7.1.7",
      }),
    ],
  },
  {
    name: "plain", title: t("lesson-right.14"),
    steps: [
      {
        on: 1, source: "RFC 9112 section 2.1", expect: response(200, t("expect.clock")),
        does: t("lesson-right.15"),
        send: ({ host, base }) => ({ text: `GET ${base}api/time HTTP/1.1\nHost: ${host}\n\n` }),
      },
    ],
  },
];

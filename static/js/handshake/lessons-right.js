/** What works: the handshake and an echo, Ping and Pong, a message in two fragments, the closing handshake. */

import { close, frame, mismatch, response, switched } from "./expectations.js";
import { closePayload, frameBytes } from "./frame-bytes.js";
import { changedHandshake, handshakeText, onWebSocket, opening, RFC_KEY } from "./lesson-steps.js";
import { joinedBytes, toHex, utf8 } from "./octets.js";

const ANOTHER_KEY = "x3JJHMbDL1EzLkh9GBhXDw==";

export const RIGHT = [
  {
    name: "echo", title: "Handshake, text, echo",
    steps: [
      {
        on: 1, title: "The handshake", source: "RFC 6455 sections 1.3 and 4.1", send: (here) => ({ text: handshakeText(here) }), expect: switched(RFC_KEY),
        does: "The example of the RFC, but for path, Host and Origin, which are this server's. The client now has to wait for the answer.",
      },
      onWebSocket({ frame: { opcode: 0x1, text: "Hello" } }, {
        title: "A text frame",
        does: "The masked “Hello” that the RFC prints byte for byte: a client masks every frame it sends, a server none.",
        source: "RFC 6455 sections 5.3 and 5.7", expect: frame(0x1, "Hello", "the same text back, in a frame without a mask"),
      }),
    ],
  },
  {
    name: "fragments", title: "One message in two frames",
    steps: [
      opening(),
      onWebSocket({ hex: toHex(joinedBytes(frameBytes({ fin: false, opcode: 0x1, payload: utf8("Hel") }), frameBytes({ opcode: 0x0, payload: utf8("lo") }))) }, {
        does: "A text frame without FIN, and a continuation frame with it: one message. Who gets it need not notice.",
        source: "RFC 6455 sections 5.4 and 5.7", expect: frame(0x1, "Hello", "one message, “Hello”, back"),
      }),
    ],
  },
  {
    name: "ping", title: "Ping, Pong",
    steps: [
      opening(),
      onWebSocket({ frame: { opcode: 0x9, text: "Hello" } }, {
        does: "Who gets a Ping has to answer with a Pong that carries the same bytes. A browser does so by itself, and lets no script send a Ping. "
          + "This server pings too, every 20 s.",
        source: "RFC 6455 sections 5.5.2 and 5.5.3", expect: frame(0xa, "Hello", "a Pong with “Hello”"),
      }),
    ],
  },
  {
    name: "close", title: "Close, Close",
    steps: [
      opening(),
      onWebSocket({ frame: { opcode: 0x8, hex: toHex(closePayload(1000, "bye")) } }, {
        does: "The closing handshake: a Close frame with code 1000 (03 e8) and a reason. The other side answers with a Close frame, and the server ends the TCP connection first.",
        source: "RFC 6455 sections 5.5.1, 7.1.1 and 7.4.1", expect: close(1000, "a Close frame with the same code"),
      }),
    ],
  },
  {
    name: "wrong-accept", title: "A wrong accept value",
    steps: [
      changedHandshake({}, {
        compareKey: ANOTHER_KEY, expect: mismatch(ANOTHER_KEY),
        does: "Now you are the browser, and have to check the answer. The request carries one key, but below the answer is compared with another, "
          + "as if it were an old one out of a cache, or from a server that computed wrongly. Then the client must fail the connection: it sends no frame, "
          + "ends the connection (press End or Break off), and a browser tells its script nothing but error and 1006.",
        source: "RFC 6455 section 4.1, response 4; section 7.1.7",
      }),
    ],
  },
  {
    name: "plain", title: "No WebSocket: GET /api/time",
    steps: [
      {
        on: 1, source: "RFC 9112 section 2.1", expect: response(200, "200 OK with the server's clock as JSON"),
        does: "The same connection speaks HTTP as long as nobody asks for another protocol; within 5 s a second request may follow on it.",
        send: ({ host, base }) => ({ text: `GET ${base}api/time HTTP/1.1\nHost: ${host}\n\n` }),
      },
    ],
  },
];

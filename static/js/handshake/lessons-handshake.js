/** Handshakes with one mistake each, and what this server makes of them. */

import { response } from "./expectations.js";
import { changedHandshake, handshakeText } from "./lesson-steps.js";

function mistake(name, title, changed, step) {
  return { name, title, steps: [changedHandshake(changed, step)] };
}

function hasNot(name) {
  return ({ fields }) => (fields[name] === undefined ? null : `but with ${name}: ${fields[name]}`);
}

function upgradesTo(protocol) {
  return ({ fields }) => (fields.upgrade?.toLowerCase() === protocol ? null : `but without Upgrade: ${protocol}`);
}

export const HANDSHAKES = [
  mistake("version", "Another version", { "Sec-WebSocket-Version": "8" }, {
    does: "A draft's version. The server has to answer with an error such as 426, and with a Sec-WebSocket-Version that names those it knows, so that the client can try again.",
    source: "RFC 6455 sections 4.2.2 and 4.4",
    expect: response(400, "400 Bad Request", hasNot("sec-websocket-version")),
    differs: "This server refuses, but without the Sec-WebSocket-Version field that the RFC demands; what was wrong stands only in the text, for a human.",
  }),
  mistake("no-key", "No key", { "Sec-WebSocket-Key": null }, {
    does: "Without a key there is nothing to compute an accept value from.",
    source: "RFC 6455 section 4.2.1, 5", expect: response(400, "400 Bad Request"),
  }),
  mistake("short-key", "A key of 5 bytes", { "Sec-WebSocket-Key": "c2hvcnQ=" }, {
    does: "“short” in base64. A key must be 16 bytes; what they are does not matter.",
    source: "RFC 6455 section 4.2.1, 5", expect: response(400, "400 Bad Request"),
  }),
  mistake("no-upgrade", "No Upgrade", { Upgrade: null }, {
    does: "So it is a plain GET, such as a proxy leaves behind that knows nothing of WebSocket. It is answered as HTTP, and the connection goes on with HTTP.",
    source: "RFC 6455 section 4.2.1, 3; RFC 9110 section 15.5.22", expect: response(426, "426 Upgrade Required, with Upgrade: websocket", upgradesTo("websocket")),
  }),
  mistake("http-1-0", "HTTP/1.0", ({ base }) => ({ "": `GET ${base}api/handshake/ws HTTP/1.0` }), {
    does: "HTTP/1.0 has no Upgrade. The RFC wants HTTP/1.1 or higher, and an error such as 400 for anything else.",
    source: "RFC 6455 section 4.2.1, 1", expect: response(101, "101 Switching Protocols"),
    differs: "This server does not look at the version, and switches all the same.",
  }),
  mistake("post", "POST", ({ base }) => ({ "": `POST ${base}api/handshake/ws HTTP/1.1` }), {
    does: "A handshake is a GET.",
    source: "RFC 6455 section 4.2.1, 1", expect: response(405, "405 Method Not Allowed"),
  }),
  mistake("origin", "A foreign Origin", { Origin: "http://evil.example" }, {
    does: "As if a script of another site had opened the WebSocket, with its visitor's cookies. Only the server can refuse that: browsers have no same-origin policy for WebSocket.",
    source: "RFC 6455 section 4.2.2, 4; section 10.2", expect: response(403, "403 Forbidden"),
  }),
  mistake("host", "The RFC's Host", { Host: "server.example.com", Origin: "http://example.com" }, {
    does: "The example of the RFC as it is printed. That is no name of this server; it refuses, so that a foreign name made to point at this machine opens nothing (DNS rebinding).",
    source: "RFC 6455 section 4.2.1, 2", expect: response(403, "403 Forbidden"),
  }),
  {
    name: "bare-lf", title: "Bare LF",
    steps: [{
      on: 1, send: (here) => ({ text: handshakeText(here), bareLf: true }), expect: response(400, "400 Bad Request"),
      does: "A line ends in CR LF. A server may take a lone LF for it, or refuse; two that differ here, a proxy and a server, can be played off against each other (request smuggling).",
      source: "RFC 9112 section 2.2",
    }],
  },
];

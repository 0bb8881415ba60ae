/** Handshakes with one mistake each, and what this server makes of them. */

import { t } from "../shell/language.js";
import { response } from "./expectations.js";
import { changedHandshake, handshakeText } from "./lesson-steps.js";

function mistake(name, title, changed, step) {
  return { name, title, steps: [changedHandshake(changed, step)] };
}

function hasNot(name) {
  return ({ fields }) => (fields[name] === undefined ? null : t("expect.but-with", { name, value: fields[name] }));
}

function upgradesTo(protocol) {
  return ({ fields }) => (fields.upgrade?.toLowerCase() === protocol ? null : t("expect.but-without", { protocol }));
}

export const HANDSHAKES = [
  mistake("version", t("lesson-handshake.version"), { "Sec-WebSocket-Version": "8" }, {
    does: t("lesson-handshake.text.1"),
    source: "RFC 6455 sections 4.2.2 and 4.4",
    expect: response(400, "400 Bad Request", hasNot("sec-websocket-version")),
    differs: t("lesson-handshake.text.2"),
  }),
  mistake("no-key", t("lesson-handshake.no-key"), { "Sec-WebSocket-Key": null }, {
    does: t("lesson-handshake.text.3"),
    source: "RFC 6455 section 4.2.1, 5", expect: response(400, "400 Bad Request"),
  }),
  mistake("short-key", t("lesson-handshake.short-key"), { "Sec-WebSocket-Key": "c2hvcnQ=" }, {
    does: t("lesson-handshake.text.4"),
    source: "RFC 6455 section 4.2.1, 5", expect: response(400, "400 Bad Request"),
  }),
  mistake("no-upgrade", t("lesson-handshake.no-upgrade"), { Upgrade: null }, {
    does: t("lesson-handshake.text.5"),
    source: "RFC 6455 section 4.2.1, 3; RFC 9110 section 15.5.22", expect: response(426, t("expect.426"), upgradesTo("websocket")),
  }),
  mistake("http-1-0", t("lesson-handshake.http-1-0"), ({ base }) => ({ "": `GET ${base}api/handshake/ws HTTP/1.0` }), {
    does: t("lesson-handshake.text.6"),
    source: "RFC 6455 section 4.2.1, 1", expect: response(101, "101 Switching Protocols"),
    differs: t("lesson-handshake.text.7"),
  }),
  mistake("post", t("lesson-handshake.post"), ({ base }) => ({ "": `POST ${base}api/handshake/ws HTTP/1.1` }), {
    does: t("lesson-handshake.text.8"),
    source: "RFC 6455 section 4.2.1, 1", expect: response(405, "405 Method Not Allowed"),
  }),
  mistake("origin", t("lesson-handshake.origin"), { Origin: "http://evil.example" }, {
    does: t("lesson-handshake.text.9"),
    source: "RFC 6455 section 4.2.2, 4; section 10.2", expect: response(403, "403 Forbidden"),
  }),
  mistake("host", t("lesson-handshake.host"), { Host: "server.example.com", Origin: "http://example.com" }, {
    does: t("lesson-handshake.text.10"),
    source: "RFC 6455 section 4.2.1, 2", expect: response(403, "403 Forbidden"),
  }),
  {
    name: "bare-lf", title: t("lesson-handshake.bare-lf"),
    steps: [{
      on: 1, send: (here) => ({ text: handshakeText(here), bareLf: true }), expect: response(400, "400 Bad Request"),
      does: t("lesson-handshake.text.11"),
      source: "RFC 9112 section 2.2",
    }],
  },
];

/**
 * Both messages of the handshake (those of RFC 6455 section 1.2, with another key), and what is to be said of each line.
 *
 * `pair` names what it has to do with in the other message. `gone` marks what older drafts sent and RFC 6455 does not.
 * What "here" says is what this server does; tests/server/test_handshake.py holds it to that.
 */

import { t } from "../shell/language.js";

const NO_SCRIPT = t("line.no-script");
const THE_SERVER = t("line.the-server");
const FAILS = t("line.fails");
const noScript = (moreover) => t("text.sentences", { first: NO_SCRIPT, second: moreover });

export const REQUEST = [
  {
    value: "GET /chat HTTP/1.1", pair: "start",
    meaning: t("line.1"),
    setBy: t("line.2"),
    otherwise: t("line.3"),
    source: "RFC 6455 section 4.1, request 1 to 3; section 4.2.1, 1",
  },
  {
    name: "Host", value: "server.example.com", pair: "address",
    meaning: t("line.4"),
    setBy: noScript(t("line.host.set")),
    otherwise: t("line.5"),
    source: "RFC 6455 section 1.3; section 4.1, request 4; section 4.2.1, 2",
  },
  {
    name: "Upgrade", value: "websocket", pair: "upgrade",
    meaning: t("line.6"),
    setBy: NO_SCRIPT,
    otherwise: t("line.7"),
    source: "RFC 6455 section 4.1, request 5; section 4.2.1, 3; RFC 9110 section 7.8",
  },
  {
    name: "Connection", value: "Upgrade", pair: "connection",
    meaning: t("line.8"),
    setBy: NO_SCRIPT,
    otherwise: t("line.9"),
    source: "RFC 6455 section 4.1, request 6; section 4.2.1, 4; RFC 9110 section 7.6.1",
  },
  {
    name: "Origin", value: "http://example.com", pair: "origin",
    meaning: t("line.10"),
    setBy: noScript(t("line.origin.set")),
    otherwise: t("line.11"),
    source: "RFC 6455 section 4.1, request 8; section 4.2.2, 4; section 10.2",
  },
  {
    name: "Sec-WebSocket-Key", value: "x3JJHMbDL1EzLkh9GBhXDw==", pair: "key",
    meaning: t("line.12"),
    setBy: noScript(t("line.key.set")),
    otherwise: t("line.13"),
    source: "RFC 6455 section 4.1, request 7; section 4.2.1, 5; section 1.6",
  },
  {
    name: "Sec-WebSocket-Protocol", value: "chat, superchat", pair: "protocol",
    meaning: t("line.14"),
    setBy: t("line.15"),
    otherwise: t("line.16"),
    source: "RFC 6455 section 1.9; section 4.1, request 10; section 4.2.1, 8",
  },
  {
    name: "Sec-WebSocket-Version", value: "13", pair: "version",
    meaning: t("line.17"),
    setBy: NO_SCRIPT,
    otherwise: t("line.18"),
    source: "RFC 6455 section 4.1, request 9; section 4.2.2, 4; section 4.4",
  },
  {
    value: "", pair: "end",
    meaning: t("line.19"),
    setBy: t("line.20"),
    otherwise: t("line.21"),
    source: "RFC 9112 section 2.1; RFC 6455 section 4.1",
  },
];

export const RESPONSE = [
  {
    value: "HTTP/1.1 101 Switching Protocols", pair: "start",
    meaning: t("line.22"),
    setBy: THE_SERVER,
    otherwise: t("line.23"),
    source: "RFC 6455 section 4.2.2, 5.1; section 4.1, response 1; RFC 9110 section 15.2.2",
  },
  {
    name: "Upgrade", value: "websocket", pair: "upgrade",
    meaning: t("line.24"),
    setBy: THE_SERVER, otherwise: FAILS,
    source: "RFC 6455 section 4.2.2, 5.2; section 4.1, response 2",
  },
  {
    name: "Connection", value: "Upgrade", pair: "connection",
    meaning: t("line.25"),
    setBy: THE_SERVER, otherwise: FAILS,
    source: "RFC 6455 section 4.2.2, 5.3; section 4.1, response 3",
  },
  {
    name: "Sec-WebSocket-Accept", value: "HSmrc0sMlYUkAGmm5OPpG2HaGWk=", pair: "key",
    meaning: t("line.26"),
    setBy: THE_SERVER, otherwise: FAILS,
    source: "RFC 6455 section 1.3; section 4.2.2, 5.4; section 4.1, response 4",
  },
  {
    name: "Sec-WebSocket-Protocol", value: "chat", pair: "protocol",
    meaning: t("line.27"),
    setBy: t("line.28"),
    otherwise: t("line.29"),
    source: "RFC 6455 section 4.2.2, 5.5; section 4.1, response 6",
  },
  {
    name: "Sec-WebSocket-Origin", value: "http://example.com", pair: "origin", gone: true,
    meaning: t("line.30"),
    setBy: t("line.31"),
    otherwise: t("line.32"),
    source: "draft-hixie-thewebsocketprotocol-76, the same as draft-ietf-hybi-thewebsocketprotocol-00; not in RFC 6455",
  },
  {
    name: "Sec-WebSocket-Location", value: "ws://server.example.com/chat", pair: "address", gone: true,
    meaning: t("line.33"),
    setBy: t("line.31"),
    otherwise: t("line.32"),
    source: "draft-hixie-thewebsocketprotocol-76, the same as draft-ietf-hybi-thewebsocketprotocol-00; not in RFC 6455",
  },
  {
    value: "", pair: "end",
    meaning: t("line.36"),
    setBy: THE_SERVER,
    otherwise: t("line.37"),
    source: "RFC 9112 section 2.1; RFC 6455 section 5.2",
  },
];

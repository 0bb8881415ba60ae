/**
 * Steps that many lessons share: the right handshake, with one thing changed, and a frame on the open WebSocket.
 */

import { t } from "../shell/language.js";
import { switched } from "./expectations.js";

/** The example's key of RFC 6455 section 1.3, and the accept value that belongs to it. */
export const RFC_KEY = "dGhlIHNhbXBsZSBub25jZQ==";

/** Returns a handshake's lines; `changed` replaces fields by name, null leaves one out, and "" is the request line. */
export function handshakeText({ host, origin, base }, changed = {}) {
  const fields = {
    "": `GET ${base}api/handshake/ws HTTP/1.1`,
    Host: host,
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": RFC_KEY,
    Origin: origin,
    "Sec-WebSocket-Protocol": "chat, superchat",
    "Sec-WebSocket-Version": "13",
    ...changed,
  };
  const lines = Object.entries(fields).filter(([, value]) => value !== null);
  return lines.map(([name, value]) => (name ? `${name}: ${value}\n` : `${value}\n`)).join("").concat("\n");
}

/** The step that opens a WebSocket, before anything else can be tried on it. */
export function opening(on = 1) {
  return {
    on, title: t("lesson-step.opening"), does: t("lesson-step.opening.does"), source: "RFC 6455 section 1.3",
    send: (here) => ({ text: handshakeText(here) }), expect: switched(RFC_KEY),
  };
}

/** A handshake with one thing changed. */
export function changedHandshake(changed, step) {
  return { on: 1, send: (here) => ({ text: handshakeText(here, typeof changed === "function" ? changed(here) : changed) }), ...step };
}

/** A frame on the open WebSocket. */
export function onWebSocket(sent, step) {
  return { on: 1, needsWebSocket: true, send: () => sent, ...step };
}

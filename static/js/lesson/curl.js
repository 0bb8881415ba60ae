/**
 * The same technique by hand: the `curl` lines with this server's address and this room in them.
 */

import { copyButton } from "../shell/copy.js";
import { address } from "../shell/base.js";
import { el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";

/** An example: any 16 random bytes in base64 will do. The server proves by its answer to them that it speaks WebSocket. */
const EXAMPLE_KEY = "x3JJHMbDL1EzLkh9GBhXDw==";

/** @returns {Record<string, (room: string, cursor: string|null) => string>} */
export const CURL_LINES = {
  "short-poll": (room, cursor) => `curl -i '${read(room, "short-poll", cursor)}'`,
  "long-poll": (room, cursor) => `curl -i '${read(room, "long-poll", cursor, "timeout=25")}'`,
  sse: (room) => `curl -iN '${read(room, "sse", "latest")}'`,
  websocket: (room) => "curl -iN --http1.1 -o - -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' "
    + `-H 'Sec-WebSocket-Key: ${EXAMPLE_KEY}' -H 'Sec-WebSocket-Protocol: pushdemo.v1' '${read(room, "ws", "latest")}'`,
  "socket-io": () => `curl -i '${address("socket.io/")}?EIO=4&transport=polling'`,
};

function read(room, path, after, more = null) {
  const query = [after && `after=${after}`, more].filter(Boolean).join("&");
  return `${address(`api/rooms/${room}/${path}`)}${query ? `?${query}` : ""}`;
}

export function publishLine(room) {
  return `curl -i -H 'Content-Type: application/json' -d '{"sender":"curl","text":"hello"}' '${address(`api/rooms/${room}/messages`)}'`;
}

/** Show both lines; `moveTo(cursor)` puts the newest cursor into the first. */
export function createCurlLines(place, { technique, room }) {
  const reading = line(technique === "socket-io" ? t("curl.handshake") : t("curl.read"), "curl");
  const publishing = line(t("curl.publish"), "curl-publish");
  place.append(el("h3", {}, t("curl.title")), reading.element, publishing.element);
  publishing.show(publishLine(room));
  const moveTo = (cursor) => reading.show(CURL_LINES[technique](room, cursor));
  moveTo(null);
  return { moveTo };
}

function line(label, testid) {
  const code = el("code", { testid });
  const copy = copyButton(() => code.textContent, t("copy.what", { what: label }));
  const element = el("div.line", {}, el("p.label", {}, label), el("pre", { tabindex: "0" }, code), copy);
  return { element, show: (text) => setText(code, text) };
}

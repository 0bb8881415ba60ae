/**
 * The word of warning before this browser's last connection to the server is taken.
 */

import { button, el } from "../shell/dom.js";
import { pageAddress } from "../shell/base.js";
import { CONNECTIONS_PER_HOST } from "./tabs.js";

/** Ask whether to connect all the same; calls `onAnyway` if so. Returns what takes the warning away. */
export function showConnectionWarning(place, { others, room, onAnyway }) {
  const element = el("section.warning", { testid: "connection-warning", role: "alert", "aria-label": "Connections" },
    el("p", {},
      el("strong", {}, `${others} other tabs of this browser each hold a connection to this server. `),
      `Over HTTP/1.1 a browser opens ${CONNECTIONS_PER_HOST} per host, for all tabs together. `,
      "If this page takes the last one, nothing else gets through: no message can be sent by POST and no page loads, ",
      "until one of these tabs lets go. A WebSocket does not count."),
    el("div.buttons", {},
      button("Open anyway", () => { element.remove(); onAnyway(); }, { testid: "connect-anyway" }),
      el("a.door", { href: pageAddress("websocket", room), data: { accent: "websocket" } }, "Go on by WebSocket")));
  place.prepend(element);
  return () => element.remove();
}

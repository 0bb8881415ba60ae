/**
 * The word of warning before this browser's last connection to the server is taken.
 */

import { button, el } from "../shell/dom.js";
import { pageAddress } from "../shell/base.js";
import { t } from "../shell/language.js";
import { CONNECTIONS_PER_HOST } from "./tabs.js";

/** Ask whether to connect all the same; calls `onAnyway` if so. Returns what takes the warning away. */
export function showConnectionWarning(place, { others, room, onAnyway }) {
  const element = el("section.warning", { testid: "connection-warning", role: "alert", "aria-label": t("warning.label") },
    el("p", {},
      el("strong", {}, t("warning.others", { others })), t("warning.what", { most: CONNECTIONS_PER_HOST })),
    el("div.buttons", {},
      button(t("warning.anyway"), () => { element.remove(); onAnyway(); }, { testid: "connect-anyway" }),
      el("a.door", { href: pageAddress("websocket", room), data: { accent: "websocket" } }, t("warning.websocket"))));
  place.prepend(element);
  return () => element.remove();
}

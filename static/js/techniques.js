/**
 * The five techniques: what each is called, where its page is, and whether it keeps one of the six
 * connections that a browser allows per host over HTTP/1.1.
 */

import { t } from "./shell/language.js";

export const TECHNIQUES = [
  { name: "short-poll", label: t("technique.short-poll"), page: "short-polling", holds: false },
  { name: "long-poll", label: t("technique.long-poll"), page: "long-polling", holds: true },
  { name: "sse", label: t("technique.sse"), page: "sse", holds: true },
  { name: "websocket", label: t("technique.websocket"), page: "websocket", holds: false },
  { name: "socket-io", label: t("technique.socket-io"), page: "socket-io", holds: false },
];

export function techniqueNamed(name) {
  return TECHNIQUES.find((technique) => technique.name === name);
}

/**
 * The way to the recorded class that ships with the project: where no class is on, there is still one to look at.
 */

import { address } from "../shell/base.js";
import { el } from "../shell/dom.js";
import { t } from "../shell/language.js";

export const SHIPPED = "recordings/class.jsonl"; // under static/

/** The address at which the projector's page plays a recording under static/. */
export function replayAddress(path = SHIPPED) {
  const url = address("class/projector");
  url.searchParams.set("replay", path);
  return url;
}

export function replayLink() {
  return el("a.replay-link", { href: replayAddress(), testid: "replay-link" }, t("replay.offer"));
}

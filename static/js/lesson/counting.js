/**
 * What each meter counts, and what a script cannot see.
 */

import { el } from "../shell/dom.js";
import { t } from "../shell/language.js";

const COUNTED = ["requests", "empty", "messages", "tcp", "payload", "delay"];

export function createCounting(place) {
  place.append(el("details.code.counting", {}, el("summary", {}, t("counting.title")),
    el("dl", {}, COUNTED.map((each) => el("div", {}, el("dt", {}, t(`counting.${each}`)), el("dd", {}, t(`counting.${each}.what`)))))));
}

/**
 * Telling a screen reader what came in, without chatter: one message is read out, many are counted, and
 * history is left to be read in the list.
 */

import { el } from "../shell/dom.js";
import { t } from "../shell/language.js";

const GATHER_MS = 1500;
const READ_OUT_AT_MOST = 2;

export function createAnnouncer(place, isOwn) {
  const region = el("div.offscreen", { "aria-live": "polite" });
  let waiting = [];
  let timer = null;
  place.append(region);

  function announce(entries) {
    waiting.push(...entries.filter((entry) => entry.message && !entry.delayed && !isOwn(entry.message)));
    if (waiting.length > 0) timer ??= setTimeout(speak, GATHER_MS);
  }

  function speak() {
    timer = null;
    const texts = waiting.map(({ message }) => `${message.sender}: ${message.text}`);
    region.textContent = texts.length > READ_OUT_AT_MOST ? t("chat.new", { count: texts.length }) : texts.join("\n");
    waiting = [];
  }

  return announce;
}

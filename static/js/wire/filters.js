/**
 * Which units stand in the list: those of the technique itself, the page's files and questions, and heartbeats.
 */

import { t } from "../shell/language.js";

export const CLASSES = [
  { name: "own", label: t("wire.class.own"), meaning: t("wire.class.own.what"), shown: true },
  { name: "page", label: t("wire.class.page"), meaning: t("wire.class.page.what"), shown: false },
  { name: "heartbeat", label: t("wire.class.heartbeat"), meaning: t("wire.class.heartbeat.what"), shown: false },
];

/** Each unit is in one class; what could not be read is never filtered out with the page's files. */
export function classOf(unit) {
  if (isHeartbeat(unit)) return "heartbeat";
  return unit.technique === "page" && unit.kind !== "unknown" ? "page" : "own";
}

function isHeartbeat({ accounts }) {
  return accounts.heartbeat > 0 && !accounts.payload && !accounts.handshake;
}

/** Whether it brings nothing: an empty answer, or a heartbeat. */
export function bringsNothing(unit) {
  return unit.empty || isHeartbeat(unit);
}

/** Returns at most `most` units of the chosen classes, newest first; `units` are oldest first. */
export function newest(units, chosen, most) {
  const found = [];
  for (let index = units.length - 1; index >= 0 && found.length < most; index -= 1) {
    if (chosen.has(classOf(units[index]))) found.push(units[index]);
  }
  return found;
}

/** Returns how many units there are of each class. */
export function countByClass(units) {
  const counts = Object.fromEntries(CLASSES.map(({ name }) => [name, 0]));
  for (const unit of units) counts[classOf(unit)] += 1;
  return counts;
}

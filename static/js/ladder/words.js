/**
 * What a ladder says of a unit: beside its arrow, and in a sentence for who does not see the arrow.
 */

import { bytes, duration, joined } from "../shell/format.js";
import { t } from "../shell/language.js";
import { lookOf } from "./layout.js";
import { carries } from "./timeline.js";

const LONGEST_LABEL = 32;

/** A unit's label without the query of its address, which is long and always the same. */
export function nameOf(unit) {
  const name = unit.label.replace(/\?\S*/, "");
  return name.length > LONGEST_LABEL ? `${name.slice(0, LONGEST_LABEL - 1)}…` : name;
}

/** A unit's size as [payload, the rest]: "83", " + 37 B". The payload is set in bold. */
export function sizeOf(unit) {
  const payload = unit.accounts.payload ?? 0;
  const [figure, name] = bytes(unit.size);
  if (payload === 0) return ["", `${figure} ${name}`];
  if (payload >= unit.size) return [`${figure} ${name}`, ""];
  if (name !== "B") return ["", `${figure} ${name}`];
  return [joined(bytes(payload)).slice(0, -2), ` + ${joined(bytes(unit.size - payload))}`];
}

/** Such as "GET long-poll, 412 B up, 200 ms, unanswered". */
export function sentenceOf(unit, { answer = null, isHeld = false, births = new Map() } = {}) {
  const parts = [
    nameOf(unit),
    t("ladder.size", { size: joined(bytes(unit.size)), direction: t(`wire.direction.${unit.direction}`) }),
    joined(duration(unit.arrived_at - unit.sent_at)),
  ];
  if (!unit.whole) parts.push(t("ladder.cut-off"));
  if (unit.kind === "request") parts.push(fateOf(unit, answer, isHeld));
  if (lookOf(unit) === "empty") parts.push(t("ladder.empty"));
  if (lookOf(unit) === "heartbeat") parts.push(t("ladder.heartbeat"));
  if (carries(unit)) parts.push(cargoOf(unit, births));
  return parts.join(t("ladder.comma"));
}

function fateOf(request, answer, isHeld) {
  if (answer) return t("ladder.answered", { time: joined(duration(answer.sent_at - request.arrived_at)) });
  return isHeld ? t("ladder.unanswered") : t("ladder.never-answered");
}

function cargoOf({ messages, sent_at: sentAt }, births) {
  const born = births.get(messages[0]);
  if (messages.length !== 1) return t("ladder.brings.many", { count: messages.length });
  const [id] = messages;
  return born === undefined ? t("ladder.brings", { id }) : t("ladder.brings.waited", { id, time: waitOf(born, sentAt) });
}

/** How long a message waited; births are told in whole milliseconds, so it may seem to have left before. */
export function waitOf(born, sentAt) {
  return joined(duration(Math.max(0, Math.round(sentAt - born)))).replace(".0 ", " ");
}

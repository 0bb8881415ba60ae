/**
 * What a ladder says of a unit: beside its arrow, and in a sentence for who does not see the arrow.
 */

import { bytes, duration, joined } from "../shell/format.js";
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
    `${joined(bytes(unit.size))} ${unit.direction}`,
    joined(duration(unit.arrived_at - unit.sent_at)),
  ];
  if (!unit.whole) parts.push("cut off");
  if (unit.kind === "request") parts.push(fateOf(unit, answer, isHeld));
  if (lookOf(unit) === "empty") parts.push("empty");
  if (lookOf(unit) === "heartbeat") parts.push("heartbeat");
  if (carries(unit)) parts.push(cargoOf(unit, births));
  return parts.join(", ");
}

function fateOf(request, answer, isHeld) {
  if (answer) return `answered after ${joined(duration(answer.sent_at - request.arrived_at))}`;
  return isHeld ? "unanswered" : "never answered";
}

function cargoOf({ messages, sent_at: sentAt }, births) {
  const born = births.get(messages[0]);
  const waited = born === undefined ? "" : `, which waited ${waitOf(born, sentAt)}`;
  return messages.length === 1 ? `brings ${messages[0]}${waited}` : `brings ${messages.length} messages`;
}

/** How long a message waited; births are told in whole milliseconds, so it may seem to have left before. */
export function waitOf(born, sentAt) {
  return joined(duration(Math.max(0, Math.round(sentAt - born)))).replace(".0 ", " ");
}

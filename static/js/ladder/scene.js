/**
 * All that a ladder shows at one moment, with where it stands: what is drawn, and what a click can hit.
 *
 * Without canvas, so that it can be tested by itself.
 */

import { t } from "../shell/language.js";
import { arrowsOf, lookOf } from "./layout.js";
import { waitOf } from "./words.js";

const MARGIN_PX = 40; // beyond the edges, so that nothing changes as it comes into view
const WEIGHTS = { message: 4, plain: 2, empty: 2, heartbeat: 1 }; // of words, by the look of their arrow
const WAIT_WEIGHT = 3;
const LEAST_WEIGHT = 1;
const SHORTEST_TIE_PX = 2;
const TOLD_WITHIN_MS = 150; // of its arrival, the page knows of a unit

/**
 * @param {object} timeline - what timeline.js made.
 * @param {object} store - births and remarks are read from it.
 * @param {(unit: object) => boolean} isShown
 * @param {object} arranging - how arrows stand aside: see arrowsOf in layout.js.
 */
export function sceneOf({ timeline, store, columns, scale, now, isShown, arranging }) {
  const margin = MARGIN_PX / scale.perMs;
  const [from, to] = [scale.from - margin, Math.min(now, scale.to + margin)];
  const isSeen = (moment) => moment >= from && moment <= to;
  const units = timeline.between(from, to, isShown);
  const bars = (list) => list.filter(({ opening, until }) => isShown(opening) && (until ?? now) >= from)
    .filter((each) => each.from <= to).map((each) => barOf(each, scale, now));
  const arrows = arrowsOf(units, columns, scale, arranging);
  return {
    arrows,
    holds: bars(timeline.holds).filter(({ isSure }) => isSure), // else each short poll would flash as a held one
    streams: bars(timeline.streams),
    births: birthsOf({ timeline, store, scale, arrows, isShown, from, isSeen }),
    connections: connectionsOf({ timeline, scale, isShown, isSeen }),
    remarks: store.remarks
      .filter(({ at, connection }) => isSeen(at) && (connection === null || timeline.hasShown(connection, isShown)))
      .map(({ at, text }) => ({ key: `remark/${at}/${text}`, y: scale.y(at), weight: 1, text })),
  };
}

/** Whether a request is still held is known only up to `sureY`: an answer may be on its way. */
function barOf({ opening, from, until, slot }, scale, now) {
  const heardOf = until ?? now - (opening.arrived_at - opening.sent_at) - TOLD_WITHIN_MS;
  return { unit: opening, slot, y1: scale.y(from), y2: scale.y(until ?? now), sureY: scale.y(heardOf), isSure: heardOf > from };
}

/**
 * Where messages were born, and how long each waited until something carried it away. What was born before the first
 * unit crossed has not waited: it is history.
 */
function birthsOf({ timeline, store, scale, arrows, isShown, from, isSeen }) {
  const begins = new Map(arrows.map(({ unit, y1 }) => [unit.key, y1]));
  const births = [];
  for (const [id, born] of store.births) {
    if (born > scale.to || born < timeline.startedAt) continue;
    const carrier = timeline.carriers.get(id);
    const left = carrier && isShown(carrier) ? carrier.sent_at : null;
    if (!isSeen(born) && !(left !== null && left >= from)) continue;
    const y = scale.y(born);
    const leftY = left === null ? null : begins.get(carrier.key) ?? scale.y(left);
    births.push({
      key: `birth/${id}`, y, technique: carrier?.technique,
      leftY: leftY !== null && scale.y(left) - y >= SHORTEST_TIE_PX ? leftY : null,
      text: () => t("ladder.waits", { time: waitOf(born, left) }),
    });
  }
  return births;
}

/** The opening and the end of each connection that has carried something that is shown. */
function connectionsOf({ timeline, scale, isShown, isSeen }) {
  const marks = [];
  const put = (number, what, at) => {
    if (at !== null && isSeen(at)) marks.push({ key: `${what}/${number}`, what, y: scale.y(at), text: () => t(`ladder.connection.${what}`, { number: String(number) }) });
  };
  for (const { number, opened_at: openedAt, closed_at: closedAt, end } of timeline.connections.values()) {
    if (!timeline.hasShown(number, isShown)) continue;
    put(number, "opened", openedAt);
    put(number, end === "reset" ? "reset" : "ended", closedAt);
  }
  return marks;
}

/** The words beside the lines that would like to be shown, by column: those of a unit, or a text (made only when needed). */
export function wordsOf(scene) {
  const left = [];
  const right = [];
  for (const arrow of scene.arrows) {
    const { unit, y1: y } = arrow;
    const isUp = unit.direction === "up";
    const weight = unit.technique === "publish" && !isUp ? LEAST_WEIGHT : WEIGHTS[lookOf(unit)];
    (isUp ? left : right).push({ key: unit.key, y, weight, unit });
  }
  for (const { key, y, leftY, text } of scene.births) {
    if (leftY !== null) right.push({ key, y, weight: WAIT_WEIGHT, text, shifts: [(leftY - y) / 2] });
  }
  for (const { key, y, what, text } of scene.connections) left.push({ key, y, weight: what === "reset" ? WAIT_WEIGHT : LEAST_WEIGHT, text, isFaint: true });
  return { left, right };
}

/**
 * Drawing a ladder's arrows: lines of one look are gathered into one path, for a minute at full speed has thousands.
 */

import { lookOf } from "./layout.js";
import { fineness, stroke, traceCross, withoutDoubles } from "./pen.js";

const LOOKS = {
  empty: { width: 1.5, head: 0.4, isOpen: true },
  heartbeat: { width: 1, head: 0.35, isOpen: true, dash: [0.3125, 0.25] },
  plain: { width: 1.5, head: 0.45 },
  message: { width: 2.75, head: 0.6 },
};
const BROKEN_AT = 0.6; // how far along its way an arrow ends that was cut off

export function drawArrows({ context, scale, palette, compact }, arrows) {
  const fine = fineness(scale, arrows.length) * (compact ? 0.8 : 1);
  const groups = new Map(); // look and colour -> arrows
  for (const arrow of arrows) {
    const look = lookOf(arrow.unit);
    const color = look === "empty" ? palette.edge : palette[arrow.unit.technique] ?? palette.muted;
    const key = `${look} ${color}`;
    if (!groups.has(key)) groups.set(key, { look, color, arrows: [] });
    groups.get(key).arrows.push(arrow);
  }
  for (const look of Object.keys(LOOKS)) {
    for (const group of groups.values()) {
      if (group.look === look) drawGroup(context, group, palette.remPx, fine);
    }
  }
}

function drawGroup(context, { look, color, arrows: all }, remPx, fine) {
  const arrows = withoutDoubles(all, ({ y1, y2 }) => [y1, y2]);
  const { head, dash, isOpen } = LOOKS[look];
  const width = widthOf(look, remPx) * fine;
  const size = head * remPx * Math.sqrt(fine);
  const whole = arrows.filter(({ unit }) => unit.whole);
  stroke(context, { color, width, dash: dash?.map((rem) => rem * remPx) }, (path) => traceShafts(path, arrows, isOpen ? 0 : size / 2));
  stroke(context, { color, width }, (path) => {
    for (const arrow of arrows) if (!arrow.unit.whole) traceBreak(path, arrow, size / 2);
    for (const arrow of isOpen ? whole : []) traceHead(path, arrow, size);
  });
  if (isOpen) return;
  context.fillStyle = color;
  for (const arrow of whole) {
    context.beginPath(); // one path of all heads would take longer to fill, where they overlap
    traceHead(context, arrow, size);
    context.fill();
  }
}

function widthOf(look, remPx) {
  return LOOKS[look].width * Math.sqrt(remPx / 16);
}

/** The shaft ends within a filled head, so that the head has a point. */
function traceShafts(path, arrows, short) {
  for (const { unit, x1, y1, x2, y2 } of arrows) {
    const share = unit.whole ? 1 - short / Math.hypot(x2 - x1, y2 - y1) : BROKEN_AT;
    path.moveTo(x1, y1);
    path.lineTo(x1 + share * (x2 - x1), y1 + share * (y2 - y1));
  }
}

function traceHead(path, { x1, y1, x2, y2 }, size) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [ux, uy] = [(size * (x2 - x1)) / length, (size * (y2 - y1)) / length];
  path.moveTo(x2 - ux + 0.45 * uy, y2 - uy - 0.45 * ux);
  path.lineTo(x2, y2);
  path.lineTo(x2 - ux - 0.45 * uy, y2 - uy + 0.45 * ux);
}

function traceBreak(path, { x1, y1, x2, y2 }, size) {
  traceCross(path, x1 + BROKEN_AT * (x2 - x1), y1 + BROKEN_AT * (y2 - y1), size);
}

/** The chosen arrow is drawn once more, over all others and with an edge. */
export function drawSelected({ context, palette, selected }, arrows) {
  const arrow = arrows.find(({ unit }) => unit.key === selected);
  if (!arrow) return;
  const look = lookOf(arrow.unit);
  const own = look === "empty" ? palette.edge : palette[arrow.unit.technique] ?? palette.muted;
  for (const [color, more] of [[palette.focus, 8], [palette.surface, 4]]) {
    stroke(context, { color, width: widthOf(look, palette.remPx) + more }, (path) => traceShafts(path, [arrow], 0));
  }
  drawGroup(context, { look, color: own, arrows: [arrow] }, palette.remPx, 1);
}

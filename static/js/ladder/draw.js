/**
 * Drawing a scene on a canvas. Lines of one look are gathered into one path, for a minute at full speed has thousands.
 */

import { lookOf } from "./layout.js";
import { ticksOf } from "./ticks.js";
import { wordsOf } from "./scene.js";

const LOOKS = {
  empty: { width: 1.5, head: 0.4, isOpen: true },
  heartbeat: { width: 1, head: 0.35, isOpen: true, dash: [5, 4] },
  plain: { width: 1.5, head: 0.45 },
  message: { width: 2.75, head: 0.6 },
};
const BAR_REM = 0.5;
const STREAM_REM = 0.1875;
const SHORTEST_BAR_PX = 1.5;
const LINE_REM = 1.0625; // of words
const TICK_REM = 2.25; // the least there is between two
const LEAST_FINENESS = 0.35;
const ROOM_PX = 5; // an arrow has at full size
const BROKEN_AT = 0.6; // how far along its way an arrow ends that was cut off

/** @param {object} view - context, columns, scale, palette, words, thinning, and what the ladder is set to. */
export function draw(view, scene) {
  const { context, scale, palette, widthPx, heightPx } = view;
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, widthPx, heightPx);
  const ticks = view.isEmpty ? [] : ticksOf({ from: scale.from, to: scale.to, leastMs: (TICK_REM * palette.remPx) / scale.perMs, showsHours: view.columns.showsHours });
  clipped(context, 0, scale.top, widthPx, scale.bottom - scale.top, () => {
    drawTicks(view, ticks);
    drawBars(view, scene);
    drawLifelines(view);
    drawBirths(view, scene.births);
    drawArrows(view, scene.arrows);
    drawConnections(view, scene.connections);
    drawRemarks(view, scene.remarks);
    if (!view.compact) drawWords(view, scene);
    drawSelected(view, scene.arrows);
  });
  drawHeads(view);
  drawTimes(view, ticks);
}

function clipped(context, x, y, width, height, paint) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  paint();
  context.restore();
}

function stroke(context, { color, width = 1, dash = [] }, trace) {
  context.beginPath();
  trace(context);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.stroke();
}

/** A line one pixel wide is sharp between two pixels. */
function sharp(value) {
  return Math.round(value) + 0.5;
}

function drawTicks({ context, columns, scale, palette, showsTimes }, ticks) {
  stroke(context, { color: palette.rule }, (path) => {
    for (const { moment } of ticks) {
      const y = sharp(scale.y(moment));
      if (showsTimes) {
        path.moveTo(columns.timeRight, y);
        path.lineTo(columns.timeRight + 0.5 * palette.remPx, y);
      }
      path.moveTo(columns.client, y);
      path.lineTo(columns.server, y);
    }
  });
}

function drawLifelines({ context, columns, scale, palette }) {
  stroke(context, { color: palette.text, width: 2 }, (path) => {
    for (const x of [columns.client, columns.server]) {
      path.moveTo(x, scale.top);
      path.lineTo(x, scale.bottom);
    }
  });
}

function drawBars({ context, columns, scale, palette }, { streams, holds }) {
  const put = ({ unit, slot, y1, y2, sureY }, rem, shift) => {
    const width = rem * palette.remPx;
    const x = columns.server + 1 + shift + slot * (width + 1);
    const top = Math.max(scale.top - 2, y1);
    const bottom = Math.min(scale.bottom + 2, y2);
    const sure = Math.max(top, Math.min(bottom, sureY));
    if (y2 - y1 < SHORTEST_BAR_PX) return;
    context.fillStyle = palette[unit.technique] ?? palette.muted;
    context.fillRect(x, top, width, sure - top);
    context.globalAlpha = 0.4;
    context.fillRect(x, sure, width, bottom - sure);
    context.globalAlpha = 1;
  };
  for (const each of streams) put({ ...each, sureY: each.y2 }, STREAM_REM, 1);
  for (const each of holds) put(each, BAR_REM, 0);
}

function drawBirths({ context, columns, scale, palette }, births) {
  const x = columns.births;
  const fine = fineness(scale, births.length);
  const size = 0.3125 * palette.remPx * fine;
  stroke(context, { color: palette.text, width: fine }, (path) => {
    for (const { y, leftY } of births) {
      path.moveTo(columns.server, y);
      path.lineTo(x, y);
      if (leftY === null) continue;
      path.lineTo(x, leftY);
      path.lineTo(columns.server, leftY);
    }
  });
  context.beginPath();
  for (const { y } of births) {
    context.moveTo(x - size, y);
    for (const [dx, dy] of [[0, -size], [size, 0], [0, size]]) context.lineTo(x + dx, y + dy);
    context.closePath();
  }
  context.fillStyle = palette.text;
  context.fill();
}

/** How much smaller all is drawn where there is much of it: 1 is as large as ever. */
function fineness(scale, count) {
  return Math.min(1, Math.max(LEAST_FINENESS, (scale.bottom - scale.top) / (ROOM_PX * count)));
}

function drawArrows({ context, scale, palette, compact }, arrows) {
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

function drawGroup(context, { look, color, arrows }, remPx, fine) {
  const { head, dash, isOpen } = LOOKS[look];
  const width = widthOf(look, remPx) * fine;
  const size = head * remPx * Math.sqrt(fine);
  const whole = arrows.filter(({ unit }) => unit.whole);
  stroke(context, { color, width, dash }, (path) => traceShafts(path, arrows, isOpen ? 0 : size / 2));
  stroke(context, { color, width }, (path) => {
    for (const arrow of arrows) if (!arrow.unit.whole) traceBreak(path, arrow, size / 2);
    for (const arrow of isOpen ? whole : []) traceHead(path, arrow, size);
  });
  if (isOpen) return;
  context.beginPath();
  for (const arrow of whole) traceHead(context, arrow, size);
  context.fillStyle = color;
  context.fill();
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

function traceCross(path, x, y, size) {
  path.moveTo(x - size, y - size);
  path.lineTo(x + size, y + size);
  path.moveTo(x + size, y - size);
  path.lineTo(x - size, y + size);
}

function drawSelected({ context, palette, selected }, arrows) {
  const arrow = arrows.find(({ unit }) => unit.key === selected);
  if (!arrow) return;
  const look = lookOf(arrow.unit);
  const own = look === "empty" ? palette.edge : palette[arrow.unit.technique] ?? palette.muted;
  for (const [color, more] of [[palette.focus, 8], [palette.surface, 4]]) {
    stroke(context, { color, width: widthOf(look, palette.remPx) + more }, (path) => traceShafts(path, [arrow], 0));
  }
  drawGroup(context, { look, color: own, arrows: [arrow] }, palette.remPx, 1);
}

function drawConnections({ context, columns, palette }, marks) {
  const size = 0.3125 * palette.remPx;
  for (const { what, y } of marks) {
    const x = columns.client;
    if (what === "opened") {
      context.beginPath();
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.fillStyle = palette.surface;
      context.fill();
    }
    stroke(context, { color: what === "reset" ? palette.bad : palette.text, width: 2 }, (path) => {
      if (what === "opened") path.arc(x, y, size, 0, 2 * Math.PI);
      else if (what === "reset") traceCross(path, x, y, size);
      else {
        path.moveTo(x - 1.5 * size, y);
        path.lineTo(x + 1.5 * size, y);
      }
    });
  }
}

function drawRemarks({ context, columns, palette, words, thinning, compact }, remarks) {
  stroke(context, { color: palette.bad, width: 1.5, dash: [2, 3] }, (path) => {
    for (const { y } of remarks) {
      path.moveTo(columns.client, y);
      path.lineTo(columns.births, y);
    }
  });
  if (compact) return;
  const height = LINE_REM * palette.remPx;
  const width = columns.server - columns.client - palette.remPx;
  for (const each of thinning.choose(remarks, height)) {
    const line = words.cut(each.text, width);
    const x = (columns.client + columns.server - line.width) / 2;
    context.fillStyle = palette.surface;
    context.fillRect(x - 4, each.y - height / 2, line.width + 8, height);
    words.write(line, x, each.y, { color: palette.bad });
  }
}

function drawWords({ context, columns, scale, palette, words, thinning, selected }, scene) {
  const height = LINE_REM * palette.remPx;
  const isWhole = ({ y }) => y - height / 2 >= scale.top && y + height / 2 <= scale.bottom;
  const candidates = wordsOf(scene);
  for (const side of ["left", "right"]) {
    const { at, width } = columns[side];
    const chosen = thinning.choose(candidates[side], height);
    const own = candidates[side].find(({ key }) => key === selected);
    const written = own ? [...chosen.filter(({ y }) => Math.abs(y - own.y) >= height), own] : chosen;
    for (const each of written.filter(isWhole)) {
      const line = words.fitting(each, width);
      if (!line) continue;
      const isFaint = !each.unit || ["empty", "heartbeat"].includes(lookOf(each.unit));
      words.write(line, at, each.y, { color: isFaint ? palette.muted : palette.text, alignRight: side === "left" });
      if (each !== own) continue;
      context.strokeStyle = palette.focus;
      context.lineWidth = 1.5;
      context.strokeRect((side === "left" ? at - line.width : at) - 4, each.y - height / 2, line.width + 8, height);
    }
  }
}

function drawHeads({ columns, palette, words, widthPx }) {
  for (const [text, x] of [["Client", columns.client], ["Server", columns.server]]) {
    const line = words.lineOf([text, true]);
    words.write(line, Math.min(widthPx - line.width - 2, Math.max(2, x - line.width / 2)), 0.75 * palette.remPx, { color: palette.text });
  }
}

function drawTimes({ columns, scale, palette, words, showsTimes, isLive }, ticks) {
  if (!showsTimes) return;
  const clear = LINE_REM * palette.remPx;
  for (const { moment, label, isWhole } of ticks) {
    const y = scale.y(moment);
    if (y < scale.top + clear / 4 || (isLive && y > scale.bottom - clear)) continue;
    words.write(words.lineOf([label, false]), columns.timeRight - 4, y, { color: isWhole ? palette.text : palette.muted, alignRight: true });
  }
  if (isLive) words.write(words.lineOf(["now", true]), columns.timeRight - 4, scale.bottom - 2, { color: palette.text, alignRight: true });
}

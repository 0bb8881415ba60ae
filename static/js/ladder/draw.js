/**
 * Drawing a scene on a canvas, from the back to the front.
 */

import { t } from "../shell/language.js";
import { drawArrows, drawSelected } from "./draw-arrows.js";
import { lookOf } from "./layout.js";
import { fineness, stroke, traceCross, withoutDoubles } from "./pen.js";
import { ticksOf } from "./ticks.js";
import { wordsOf } from "./scene.js";

const BAR_REM = 0.5;
const STREAM_REM = 0.1875;
const SHORTEST_BAR_PX = 1.5;
const LINE_REM = 1.0625; // of words
const TICK_REM = 2.25; // the least there is between two

/** @param {object} view - context, columns, scale, palette, words, thinning, and what the ladder is set to. */
export function draw(view, scene) {
  const { context, scale, palette, widthPx, heightPx } = view;
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, widthPx, heightPx);
  const leastMs = (TICK_REM * palette.remPx) / scale.perMs;
  const ticks = view.isEmpty ? [] : ticksOf({ from: scale.from, to: scale.to, leastMs, showsHours: view.columns.showsHours });
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

function drawBirths({ context, columns, scale, palette }, all) {
  const births = withoutDoubles(all, ({ y, leftY }) => [y, leftY ?? y]);
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
  context.fillStyle = palette.text;
  for (const { y } of births) {
    context.beginPath();
    context.moveTo(x - size, y);
    for (const [dx, dy] of [[0, -size], [size, 0], [0, size]]) context.lineTo(x + dx, y + dy);
    context.fill();
  }
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
      const isFaint = each.isFaint || (each.unit && ["empty", "heartbeat"].includes(lookOf(each.unit)));
      words.write(line, at, each.y, { color: isFaint ? palette.muted : palette.text, alignRight: side === "left" });
      if (each !== own) continue;
      context.strokeStyle = palette.focus;
      context.lineWidth = 1.5;
      context.setLineDash([]);
      context.strokeRect((side === "left" ? at - line.width : at) - 4, each.y - height / 2, line.width + 8, height);
    }
  }
}

function drawHeads({ columns, palette, words, widthPx }) {
  for (const [text, x] of [[t("ladder.client"), columns.client], [t("ladder.server"), columns.server]]) {
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
  if (isLive) words.write(words.lineOf([t("ladder.now"), true]), columns.timeRight - 4, scale.bottom - 2, { color: palette.text, alignRight: true });
}

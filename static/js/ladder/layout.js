/**
 * Where things stand in a ladder: its columns, the height of a moment, the arrows. Arithmetic only, in CSS pixels.
 */

import { carries } from "./timeline.js";

const PARALLEL_REM = 0.375; // arrows that lie closer than this along their whole length would look like one
const MOST_ASIDE = 3; // times that; what is denser than this may as well lie on one another
const NEIGHBOURS = 6; // among these of its predecessors an arrow looks for one it would cover
const HEADER_REM = 1.75;
const FOOT_REM = 0.75;

/**
 * The columns, from left to right: time axis, words of what the client sends, the client's line, the server's line, its
 * bars and births, words of what the server sends. The lane between the lines is kept narrow enough for a slope to show.
 */
export function columnsOf(widthPx, remPx, { compact = false, axis = !compact } = {}) {
  const width = widthPx / remPx;
  const timeWidth = !axis ? 0 : width < 30 ? 3.75 : 4.75;
  const bars = compact ? 1.75 : 2.25;
  const edge = compact ? 0.75 : 0; // so that arrows do not begin at the very edge
  const lane = compact ? width - timeWidth - bars - 2 * edge : within(7, 0.36 * width, 26);
  const words = Math.max(0, width - timeWidth - lane - bars);
  const left = compact ? edge : Math.min(14, 0.45 * words);
  const right = compact ? edge : Math.min(18, 0.55 * words);
  const margin = Math.max(0, (width - timeWidth - left - lane - bars - right) / 2);
  const client = margin + timeWidth + left;
  const server = client + lane;
  const inPx = (rem) => Math.round(rem * remPx);
  return {
    timeRight: inPx(margin + timeWidth - 0.5),
    showsHours: width >= 30,
    client: inPx(client), server: inPx(server),
    births: inPx(server + bars - (compact ? 0.5 : 0.75)),
    left: { at: inPx(client - 0.75), width: inPx(left - 0.75) },
    right: { at: inPx(server + bars), width: inPx(right) },
  };
}

function within(low, value, high) {
  return Math.min(high, Math.max(low, value));
}

/** Between which heights time runs down; above are the heads. */
function edgesOf(heightPx, remPx) {
  const top = Math.round(HEADER_REM * remPx);
  return { top, bottom: Math.max(top + 1, Math.round(heightPx - FOOT_REM * remPx)) };
}

/** The heights of moments: `top` and `bottom` are the edges of what is shown, `endMs` the moment at the lower one. */
export function scaleOf({ heightPx, remPx, endMs, spanMs }) {
  const { top, bottom } = edgesOf(heightPx, remPx);
  const perMs = (bottom - top) / spanMs;
  return {
    top, bottom, perMs, from: endMs - spanMs, to: endMs,
    y: (moment) => bottom - (endMs - moment) * perMs,
    moment: (y) => endMs - (bottom - y) / perMs,
  };
}

/** The last moment not after `now` at which the drawing moves on by a whole device pixel, so that lines stay sharp. */
export function onWholePixel(now, { heightPx, remPx, spanMs, pixelRatio }) {
  const { top, bottom } = edgesOf(heightPx, remPx);
  const msPerPixel = spanMs / ((bottom - top) * pixelRatio);
  return Math.floor(now / msPerPixel) * msPerPixel;
}

/** What kind of arrow a unit is: message, plain, empty or heartbeat. */
export function lookOf(unit) {
  if (unit.accounts.heartbeat > 0 && !(unit.accounts.payload > 0)) return "heartbeat";
  if (unit.empty) return "empty";
  return carries(unit) ? "message" : "plain";
}

/**
 * The arrows of `units`, which are in the order of arrival. One that would cover another stands aside, a little later.
 *
 * @param {Map<string, number>} asides - by how many pixels each does; kept, so that none jumps while the drawing moves.
 */
export function arrowsOf(units, columns, scale, { remPx = 16, asides = new Map() } = {}) {
  const arrows = [];
  for (const unit of units) {
    const isUp = unit.direction === "up";
    const sent = scale.y(unit.sent_at);
    const arrived = scale.y(unit.arrived_at);
    const [atClient, atServer] = isUp ? [sent, arrived] : [arrived, sent];
    if (!asides.has(unit.key)) asides.set(unit.key, asideOf(arrows.slice(-NEIGHBOURS), atClient, atServer, PARALLEL_REM * remPx));
    const aside = asides.get(unit.key);
    arrows.push({
      unit, atClient: atClient + aside, atServer: atServer + aside,
      x1: isUp ? columns.client : columns.server, y1: sent + aside,
      x2: isUp ? columns.server : columns.client, y2: arrived + aside,
    });
  }
  return arrows;
}

function asideOf(before, atClient, atServer, apart) {
  let aside = 0;
  for (const each of before) {
    const [client, server] = [atClient + aside - each.atClient, atServer + aside - each.atServer];
    if (Math.abs(client) < apart && Math.abs(server) < apart) aside += apart - Math.min(client, server);
  }
  return aside <= MOST_ASIDE * apart ? aside : 0;
}

/** The arrow that passes nearest to a point, or null where none does within `limit` pixels. */
export function nearestArrow(arrows, x, y, limit = 12) {
  let nearest = null;
  let least = limit;
  for (const arrow of arrows) {
    const distance = distanceTo(arrow, x, y);
    if (distance <= least) [nearest, least] = [arrow, distance];
  }
  return nearest;
}

function distanceTo({ x1, y1, x2, y2 }, x, y) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = within(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1), 1);
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}

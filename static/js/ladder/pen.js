/**
 * What all that is drawn on a ladder has in common: strokes, crosses, and how to draw a great many things.
 */

const LEAST_FINENESS = 0.35;
const ROOM_PX = 5; // an arrow has at full size
const SAME_PX = 0.5;

export function stroke(context, { color, width = 1, dash = [] }, trace) {
  context.beginPath();
  trace(context);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.stroke();
}

export function traceCross(path, x, y, size) {
  path.moveTo(x - size, y - size);
  path.lineTo(x + size, y + size);
  path.moveTo(x + size, y - size);
  path.lineTo(x - size, y + size);
}

/** Without what falls on the same pixels as its predecessor. */
export function withoutDoubles(all, heightsOf) {
  let [lastFrom, lastTo] = [-Infinity, -Infinity];
  return all.filter((each) => {
    const [from, to] = heightsOf(each);
    if (Math.abs(from - lastFrom) < SAME_PX && Math.abs(to - lastTo) < SAME_PX) return false;
    [lastFrom, lastTo] = [from, to];
    return true;
  });
}

/** How much smaller all is drawn where there is much of it: 1 is as large as ever. */
export function fineness(scale, count) {
  return Math.min(1, Math.max(LEAST_FINENESS, (scale.bottom - scale.top) / (ROOM_PX * count)));
}

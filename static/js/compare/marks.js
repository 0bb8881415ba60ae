/**
 * How a technique is told from the others where colour is not seen: a line's dashes, a point's shape.
 */

const NS = "http://www.w3.org/2000/svg";

/** Dashes in pixels; shapes as polygons within a circle of radius 1, null for the circle itself. */
export const MARKS = {
  "short-poll": { dash: [], shape: null },
  "long-poll": { dash: [8, 4], shape: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]] },
  sse: { dash: [2, 3], shape: [[0, -1.1], [1, 0.75], [-1, 0.75]] },
  websocket: { dash: [10, 3, 2, 3], shape: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]] },
  "socket-io": { dash: [4, 2], shape: [[-1, -0.75], [1, -0.75], [0, 1.1]] },
};

/** Draws a technique's point. */
export function tracePoint(path, { shape }, x, y, radius) {
  if (shape === null) {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  shape.forEach(([dx, dy], index) => path[index === 0 ? "moveTo" : "lineTo"](x + dx * radius, y + dy * radius));
  path.closePath();
}

/** The key of a legend: a piece of the line, or the point. */
export function markKey(name, kind) {
  const { dash, shape } = MARKS[name];
  const drawing = svg("svg", { viewBox: kind === "line" ? "0 0 32 12" : "-8 -6 16 12", class: `mark-key ${kind}`, "aria-hidden": "true" });
  if (kind === "line") drawing.append(svg("line", { x1: 0, y1: 6, x2: 32, y2: 6, "stroke-dasharray": dash.join(" ") }));
  else if (shape === null) drawing.append(svg("circle", { r: 4 }));
  else drawing.append(svg("polygon", { points: shape.map(([x, y]) => `${4 * x},${4 * y}`).join(" ") }));
  return drawing;
}

function svg(tag, attributes) {
  const element = document.createElementNS(NS, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

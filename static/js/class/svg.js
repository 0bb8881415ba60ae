/** SVG elements, as `el` makes HTML ones. What they show is said in text beside them, so they are hidden from screen readers. */

const NS = "http://www.w3.org/2000/svg";

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.flat().filter(Boolean));
  return element;
}

/** A drawing that is stretched to its place, whatever the shape of that; 1000 by 100 of its own units. */
export function stretched(className, ...children) {
  const attributes = { viewBox: "0 0 1000 100", preserveAspectRatio: "none", class: className, "aria-hidden": "true" };
  return svg("svg", attributes, ...children);
}

/** An upright line in a stretched drawing, at a share of the width; its thickness is that of the screen. */
export function upright(share, className, [top, bottom] = [0, 100]) {
  return svg("line", { x1: 1000 * share, x2: 1000 * share, y1: top, y2: bottom, class: className });
}

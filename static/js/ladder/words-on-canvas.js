/**
 * Words on a canvas: measured once, cut to the room there is, the payload of a unit in bold.
 */

import { bytes, joined } from "../shell/format.js";
import { nameOf, sizeOf } from "./words.js";

const GAP = "  ";

/** @param {(isBold?: boolean) => string} font - the fonts to set words in. */
export function createWords(context, font) {
  const labels = new WeakMap(); // unit -> its label, in full first, then ever shorter
  const widths = new Map();

  function measure(text, isBold = false) {
    const key = isBold ? `b${text}` : `n${text}`;
    if (!widths.has(key)) {
      context.font = font(isBold);
      if (widths.size > 5000) widths.clear();
      widths.set(key, context.measureText(text).width);
    }
    return widths.get(key);
  }

  function lineOf(...runs) {
    const parts = runs.filter(([text]) => text !== "").map(([text, isBold]) => ({ text, isBold, width: measure(text, isBold) }));
    return { parts, width: parts.reduce((sum, { width }) => sum + width, 0) };
  }

  function labelOf(unit) {
    let label = labels.get(unit);
    if (label === undefined) {
      const [payload, rest] = sizeOf(unit);
      const size = [[payload, true], [rest, false]];
      label = [lineOf([nameOf(unit) + GAP, false], ...size), lineOf(...size), lineOf([joined(bytes(unit.size)), false])];
      labels.set(unit, label);
    }
    return label;
  }

  /** The longest form of some words that fits, or null. */
  function fitting({ unit, text }, width) {
    const forms = unit ? labelOf(unit) : [lineOf([text(), false])];
    return forms.find((form) => form.width <= width) ?? null;
  }

  /** A text as a line, with an ellipsis where it is longer than the room. */
  function cut(text, width) {
    for (let length = text.length; length > 1; length -= 1) {
      const line = lineOf([length === text.length ? text : `${text.slice(0, length - 1)}…`, false]);
      if (line.width <= width) return line;
    }
    return lineOf(["…", false]);
  }

  /** Write a line; `x` is its left edge, or its right one. */
  function write(line, x, y, { color, alignRight = false }) {
    let left = alignRight ? x - line.width : x;
    context.fillStyle = color;
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (const { text, isBold, width } of line.parts) {
      context.font = font(isBold);
      context.fillText(text, left, y);
      left += width;
    }
  }

  return { lineOf, fitting, cut, write };
}

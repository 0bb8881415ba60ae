/**
 * The bytes, in hex and beside it as text, each field in its account's colour. One element stands for the bytes of one
 * field in one row, not for one byte: thousands of bytes are then some hundreds of elements.
 */

import { el } from "../shell/dom.js";
import { count } from "../shell/format.js";
import { t } from "../shell/language.js";
import { createByteMark } from "./byte-mark.js";
import { cutIntoRows, edges, hexOf, shades, textOf } from "./byte-rows.js";
import { listenToPointer } from "./pointing.js";
import { createSlices } from "./slices.js";

const SHOWN_FIRST = 4096; // bytes
const SHOWN_PER_FRAME = 2048;
const ROWS_IN_BLOCK = 32; // a block out of sight costs the browser nothing
const WIDE = 16; // bytes in a row
const NARROW = 8;
const WIDE_NEEDS = 77; // characters: offset, 16 times three for hex, 16 for text, and what is between and around them

/**
 * @param {(field: number) => void} onPoint - the pointer is at this field.
 * @param {(field: number) => void} onChoose - this field was clicked.
 * @param {() => void} onLeave - the pointer has left the bytes.
 * @param {(event: KeyboardEvent) => void} onKey
 */
export function createBytesView({ onPoint, onChoose, onLeave, onKey }) {
  const ruler = el("span.ruler", { "aria-hidden": "true" }, "0".repeat(WIDE_NEEDS));
  const rows = el("div.byte-rows");
  const element = el("div.bytes", { testid: "bytes", tabindex: "0", role: "group", on: { keydown: onKey } }, ruler, rows);
  let shown = null; // { bytes, fields, shades }
  let slices = null;
  let across = WIDE;
  let lit = -1;
  let toReach = -1; // a field that the reader wants to see as soon as it is there
  let parts = new Map(); // field -> its elements

  const mark = createByteMark(rows, () => ruler.offsetWidth / WIDE_NEEDS);
  listenToPointer(element, { onPoint, onChoose, onLeave });
  new ResizeObserver(fit).observe(element);
  new ResizeObserver(fit).observe(ruler);

  function fit() {
    const fitting = element.clientWidth === 0 || ruler.offsetWidth <= element.clientWidth ? WIDE : NARROW;
    if (fitting === across) return;
    across = fitting;
    if (shown) build(shown, slices.wasAskedForAll);
  }

  function show(bytes, fields, label) {
    element.setAttribute("aria-label", t("wire.bytes.label", { label }));
    element.scrollTop = 0;
    lit = -1;
    build({ bytes, fields, shades: shades(fields) }, false);
  }

  function build(what, all) {
    slices?.stop();
    shown = what;
    parts = new Map();
    rows.replaceChildren();
    rows.dataset.across = String(across);
    slices?.button.remove();
    slices = createSlices({
      total: shown.bytes.length, first: SHOWN_FIRST, each: SHOWN_PER_FRAME, add: addSlice, testid: "show-all",
      label: t("wire.bytes.all", { size: count(shown.bytes.length) }),
    });
    element.append(slices.button);
    if (all) slices.all();
  }

  function addSlice(from, to) {
    const made = cutIntoRows(shown.fields, from, to, across).map(createRow);
    for (let first = 0; first < made.length; first += ROWS_IN_BLOCK) {
      rows.append(el("div.byte-block", {}, made.slice(first, first + ROWS_IN_BLOCK)));
    }
    if (lit >= 0) setLit(lit, true);
    if (parts.has(toReach)) reach(toReach);
  }

  function createRow({ offset, parts: inRow }) {
    const hexPart = el("span.hex");
    const textPart = el("span.text");
    for (const part of inRow) {
      const ends = part.field < 0 ? null : edges(shown.fields[part.field], part, across);
      hexPart.append(createPart(part.field, ends, hexOf(shown.bytes, part.start, part.end)));
      textPart.append(createPart(part.field, ends, textOf(shown.bytes, part.start, part.end)));
    }
    return el("div.byte-row", {}, el("span.offset", {}, offset.toString(16).padStart(4, "0")), hexPart, textPart);
  }

  function createPart(field, ends, text) {
    const part = document.createElement("span");
    part.textContent = text;
    if (field < 0) return part;
    part.dataset.field = String(field);
    part.dataset.account = shown.fields[field].account;
    part.dataset.shade = String(shown.shades[field]);
    if (ends.top > 0) part.style.setProperty("--top", ends.top);
    if (ends.bottom > 0) part.style.setProperty("--bottom", ends.bottom);
    if (!parts.has(field)) parts.set(field, []);
    parts.get(field).push(part);
    return part;
  }

  function light(field) {
    if (field === lit) return;
    setLit(lit, false);
    lit = field;
    setLit(lit, true);
  }

  function setLit(field, on) {
    for (const part of parts.get(field) ?? []) part.classList.toggle("lit", on);
  }

  /** Scroll to a field; one that is not shown yet is when it is. */
  function reach(field) {
    const [part] = parts.get(field) ?? [];
    toReach = part ? -1 : field;
    mark.hide();
    if (part) part.scrollIntoView({ block: "nearest", inline: "nearest" });
    else if (shown.fields[field].length > 0) slices.all();
  }

  function clear() {
    slices?.stop();
    slices?.button.remove();
    slices = shown = null;
    rows.replaceChildren();
  }

  return { element, show, light, reach, clear };
}

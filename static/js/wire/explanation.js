/**
 * What one field is: its name, what it says and means, where that is laid down, and its bits where each says something.
 */

import { ACCOUNTS } from "../lab/traffic-store.js";
import { el } from "../shell/dom.js";
import { count } from "../shell/format.js";
import { t } from "../shell/language.js";
import { bitParts, valueOf } from "./byte-rows.js";

const NO_SOURCE = "none";

export function createExplanation() {
  const element = el("div.explanation", { testid: "explanation" });
  const live = el("p.offscreen", { "aria-live": "polite" });
  let tallest = 0; // of this unit's; it does not get smaller, so that what stands below stays where it is

  new ResizeObserver(([{ borderBoxSize: [{ blockSize }] }]) => {
    if (element.dataset.account === undefined || blockSize <= tallest) return;
    tallest = blockSize;
    element.style.minHeight = `${tallest}px`;
  }).observe(element);

  /** @param {boolean} aloud - the keyboard moved here, so that it has to be said. */
  function show(field, bytes, { aloud = false } = {}) {
    element.dataset.account = field.account;
    element.replaceChildren(
      el("div.explanation-head", {}, el("h3", {}, field.name), accountMark(field.account), el("span.place", {}, placeOf(field))),
      ...[field.bits.length ? bitRow(field, bytes) : plainValue(valueOf(field, bytes))].filter(Boolean),
      el("p.meaning", {}, field.meaning, hasSource(field) ? el("span.source-of", {}, ` ${field.source}`) : null),
    );
    if (aloud) live.textContent = spoken(field, bytes);
  }

  function clear(hint) {
    delete element.dataset.account;
    tallest = 0;
    element.style.minHeight = "";
    element.replaceChildren(el("p.hint", {}, hint));
    live.textContent = "";
  }

  return { element: el("div.explanation-place", {}, element, live), show, clear, say: (text) => (live.textContent = text) };
}

export function accountMark(name, text = labelOf(name)) {
  return el("span.account", { data: { account: name } }, el("i.swatch"), text);
}

function labelOf(name) {
  return ACCOUNTS.find((account) => account.name === name)?.label ?? name;
}

function placeOf({ offset, length }) {
  const at = { first: count(offset), last: count(offset + length - 1), length: count(length) };
  if (length === 0) return t("wire.place.none", { first: at.first });
  return length === 1 ? t("wire.place.one", { first: at.first }) : t("wire.place.many", at);
}

function plainValue(value) {
  return value ? el("p.value", { dir: "auto" }, value) : null;
}

/** Each bit in a box of its own, and under the boxes of one part its name. */
function bitRow(field, bytes) {
  const parts = bitParts(field, bytes);
  return el("div.bits-of", {},
    el("div.bit-parts", { "aria-hidden": "true" }, parts.map(({ name, digits, width }) => el("div.bit-part", {},
      el("div.digits", {}, Array.from({ length: width }, (_, index) => el("span", {}, String(digits[index] ?? "?")))),
      el("div.bit-name", {}, name)))),
    el("dl.bit-values", {}, parts.map(({ name, value }) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))));
}

function hasSource({ source }) {
  return Boolean(source) && source !== NO_SOURCE;
}

function spoken(field, bytes) {
  const bits = field.bits.map(({ name, value }) => `${name}: ${value}`).join("; ");
  const source = hasSource(field) ? ` ${field.source}.` : "";
  return `${field.name}: ${bits || valueOf(field, bytes)}. ${field.meaning} ${labelOf(field.account)}, ${placeOf(field)}.${source}`;
}

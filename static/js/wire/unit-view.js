/**
 * One unit byte by byte: hex and text side by side, its fields, and what the one pointed at means.
 */

import { ACCOUNTS } from "../lab/traffic-store.js";
import { copyButton } from "../shell/copy.js";
import { el } from "../shell/dom.js";
import { bytes as size, count, duration, joined, timeWithMilliseconds } from "../shell/format.js";
import { t } from "../shell/language.js";
import { fromBase64, hexOf } from "./byte-rows.js";
import { createBytesView } from "./bytes-view.js";
import { accountMark, createExplanation } from "./explanation.js";
import { createFieldList } from "./field-list.js";
import { labelOf } from "./unit-row.js";

const HINT = t("wire.hint");
const ARROWS = { up: "↑", down: "↓" };

/** @returns `{ show({ unit, bytes, fields }), clear(), say(sentence) }`; bytes are in base64, or null when no longer kept. */
export function createUnitView(place) {
  const head = el("div.unit-head");
  const gone = el("p.gone", { hidden: true }, t("wire.gone"));
  const explanation = createExplanation();
  const pointing = { onPoint: light, onChoose: choose, onLeave: () => chosen >= 0 && light(chosen), onKey };
  const bytesView = createBytesView(pointing);
  const fieldList = createFieldList(pointing);
  const body = el("div.unit-body", {}, el("div.unit-bytes", {}, gone, bytesView.element, explanation.element), fieldList.element);
  const nothing = createNothing();
  let fields = [];
  let bytes = null;
  let lit = -1;
  let chosen = -1; // clicked, or come to by keyboard: lit again when the pointer has left
  place.append(el("div.unit-view", { testid: "unit-view" }, head, nothing.element, body));

  function show(full) {
    fields = full.fields;
    bytes = full.bytes === null ? null : fromBase64(full.bytes);
    lit = chosen = -1;
    nothing.element.hidden = true;
    body.hidden = false;
    gone.hidden = bytes !== null;
    bytesView.element.hidden = bytes === null;
    head.replaceChildren(...headOf(full.unit, bytes));
    if (bytes) bytesView.show(bytes, fields, full.unit.label);
    else bytesView.clear();
    fieldList.show(fields, bytes, { alone: bytes === null });
    explanation.clear(HINT);
    explanation.say(t("wire.said", { label: labelOf(full.unit), size: count(full.unit.size), fields: count(fields.length) }));
  }

  function clear() {
    say(t("wire.choose"));
  }

  function say(sentence) {
    head.replaceChildren();
    body.hidden = true;
    nothing.say(sentence);
    bytesView.clear();
    fieldList.clear();
  }

  function light(field, aloud = false) {
    if (field === lit && !aloud) return;
    lit = field;
    bytesView.light(field);
    fieldList.light(field);
    if (field >= 0) explanation.show(fields[field], bytes, { aloud });
    else explanation.clear(HINT);
  }

  function choose(field) {
    chosen = field;
    light(field);
  }

  function onKey(event) {
    const last = fields.length - 1;
    const goal = { ArrowRight: Math.min(lit + 1, last), ArrowLeft: Math.max(lit - 1, 0), Home: 0, End: last, Escape: -1 }[event.key];
    if (goal === undefined || !event.target.matches("[tabindex]") || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    chosen = goal;
    light(goal, goal >= 0);
    if (goal >= 0) (bytes ? bytesView : fieldList).reach(goal);
  }

  clear();
  return { show, clear, say };
}

function headOf(unit, bytes) {
  const facts = [
    unit.connection === undefined ? null : t("wire.fact.connection", { number: String(unit.connection) }),
    joined(size(unit.size)),
    unit.arrived_at ? timeWithMilliseconds(unit.arrived_at) : null,
    unit.arrived_at && unit.sent_at ? t("wire.fact.took", { took: joined(duration(unit.arrived_at - unit.sent_at)) }) : null,
  ];
  const title = el("h2.unit-title", { data: { accent: unit.technique } },
    el("span.arrow", { "aria-hidden": "true" }, ARROWS[unit.direction]), el("span.offscreen", {}, t("wire.unit.direction", { direction: t(`wire.direction.${unit.direction}`) })), labelOf(unit));
  return [
    el("div.part-head", {}, title, bytes ? copyButton(() => hexOf(bytes), t("wire.copy")) : null),
    el("p.facts", {}, facts.filter(Boolean).join(" · ")),
    el("ul.legend-of", { "aria-label": t("account.title") }, ACCOUNTS.filter(({ name }) => unit.accounts[name]).map(({ name, label }) =>
      el("li", {}, accountMark(name, `${label} ${joined([count(unit.accounts[name]), "B"])}`)))),
  ];
}

/** Before a unit is chosen: what the colours will mean. */
function createNothing() {
  const sentence = el("p.lead");
  const element = el("div.nothing", { testid: "unit-empty" }, sentence,
    el("dl.accounts-meaning", {}, ACCOUNTS.map(({ name, label, meaning }) =>
      el("div", {}, el("dt", {}, accountMark(name, label)), el("dd", {}, meaning)))));
  return { element, say(text) { sentence.textContent = text; element.hidden = false; } };
}

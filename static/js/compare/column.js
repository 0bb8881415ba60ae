/**
 * The column of one technique: its head with its state and its frame; its figures, where its bytes went, and its ladder.
 *
 * The heads are apart from the columns, for they stay in the window however the page is scrolled: a browser slows the
 * timers of a frame of another origin that nobody sees, and short polling would ask no more than once a second.
 */

import { createAccountBar } from "../lab/account-bar.js";
import { createLadder } from "../ladder/ladder.js";
import { el, setText } from "../shell/dom.js";
import { shortenable } from "../shell/header.js";
import { bytes, count, delay } from "../shell/format.js";
import { t } from "../shell/language.js";
import { figuresOf } from "./figures.js";

const FIGURES = [
  { name: "messages", label: t("meter.messages"), of: (each) => [count(each.messages), ""] },
  { name: "requests", label: t("meter.requests"), of: (each) => [count(each.requests), ""] },
  { name: "empty", label: t("meter.empty"), of: (each) => [count(each.emptyAnswers), ""] },
  { name: "opened", label: t("meter.tcp"), of: (each) => [count(each.opened), ""] },
  { name: "up", label: t("meter.wire-up"), of: (each) => bytes(each.bytesUp) },
  { name: "down", label: t("meter.wire-down"), of: (each) => bytes(each.bytesDown) },
  { name: "per-message", label: t("compare.per-message"), strong: true, of: (each) => bytes(each.bytesPerMessage && Math.round(each.bytesPerMessage)) },
  { name: "median", label: t("compare.median"), ending: t("compare.ending"), strong: true, of: (each, errorMs) => delay(each.median, errorMs) },
  { name: "p99", label: t("compare.p99"), ending: t("compare.ending"), title: t("compare.p99.title"), of: (each, errorMs) => delay(each.p99, errorMs) },
  { name: "max", label: t("compare.max"), ending: t("compare.ending"), of: (each, errorMs) => delay(each.max, errorMs) },
  { name: "samples", label: t("compare.measured"), title: t("compare.measured.title"),
    of: (each) => [count(each.samples), each.leftOut > 0 ? `− ${count(each.leftOut)}` : ""] },
];

/** @param {object} timeWindow - the ladders' own, shared by all five. */
export function createColumn(technique, timeWindow) {
  const rows = FIGURES.map(createRow);
  const word = el("span.word", { testid: "lane-state" });
  const state = el("p.lane-state", { data: { state: "idle" } }, el("span.lamp", { "aria-hidden": "true" }), word);
  const frame = el("div.frame-place");
  const ladder = el("div.lane-ladder");
  const accounts = createAccountBar();
  const head = el("div.head", { testid: `head-${technique.name}`, data: { accent: technique.name } },
    el("div.head-line", {}, el("span.name", {}, shortenable(technique.label)), state), frame);
  const element = el("article.lane.panel", { testid: `lane-${technique.name}`, data: { accent: technique.name }, "aria-label": technique.label },
    el("h2", {}, technique.label),
    el("dl", {}, rows.map((row) => row.element)), accounts.element, ladder);
  let lane = null;
  let drawn = null;

  function attach(joining) {
    clear();
    lane = joining;
    frame.replaceChildren(lane.frame);
    ladder.replaceChildren();
    drawn = createLadder(ladder, { store: lane.store, accent: technique.name, compact: true, window: timeWindow, title: t("compare.ladder", { technique: technique.label }) });
  }

  function clear() {
    drawn?.close();
    [lane, drawn] = [null, null];
    frame.replaceChildren();
    ladder.replaceChildren(el("p.hint", {}, t("compare.ladder.none")));
    state.dataset.state = "idle";
    setText(word, t("compare.state.idle"));
    for (const row of rows) row.show(["–", ""]);
    accounts.show({});
  }

  function show(errorMs) {
    if (lane === null) return;
    state.dataset.state = lane.state;
    setText(word, lane.state === "idle" ? t("compare.state.idle") : t(`status.${lane.state}`));
    const figures = figuresOf(lane);
    for (const row of rows) row.show(row.of(figures, errorMs));
    accounts.show(figures.accounts);
  }

  clear();
  return { head, element, attach, clear, show };
}

function createRow({ name, label, ending = "", title, strong = false, of }) {
  const figure = el("span.figure");
  const unit = el("span.unit");
  return {
    of,
    element: el("div", { title, data: { strong: String(strong), row: name } }, el("dt", {}, label, el("span.ending", {}, ending)), el("dd", { testid: `lane-${name}` }, figure, " ", unit)),
    show([value, in_]) {
      setText(figure, value);
      setText(unit, in_);
    },
  };
}

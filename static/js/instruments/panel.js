/**
 * The meters: figures with their units, of this page's own traffic since it was opened or set to zero.
 */

import { createAccountBar } from "../lab/account-bar.js";
import { button, el, setText } from "../shell/dom.js";
import { bytes, count, delay, duration, elapsed, joined } from "../shell/format.js";
import { t } from "../shell/language.js";

const PAINT_EVERY_MS = 250;

/**
 * @param {() => object} read - returns all that the panel shows; `wire` in it are the bytes of a lab session.
 * @param {boolean} inLab - whether there are such.
 */
export function createPanel(place, { read, onReset, inLab = false }) {
  const requests = meter(t("meter.requests"), "meter-requests");
  const empty = meter(t("meter.empty"), "meter-empty-answers");
  const messages = meter(t("meter.messages"), "meter-messages");
  const connections = meter(t("meter.tcp"), "meter-connections");
  const up = inLab ? meter(t("meter.wire-up"), "meter-wire-up") : meter(t("meter.payload-up"), "meter-bytes-up");
  const down = inLab ? meter(t("meter.wire-down"), "meter-wire-down") : meter(t("meter.payload-down"), "meter-bytes-down");
  const accounts = inLab ? createAccountBar() : null;
  const typical = meter(t("meter.median"), "meter-delay");
  const longest = meter(t("meter.max"), "meter-delay-max");
  const since = el("span.since");
  place.append(
    el("h2", {}, t("meter.title"), " ", since, button(t("meter.zero"), () => { onReset(); paint(); }, { class: "quiet", "aria-label": t("meter.zero.label") })),
    el("dl.meters", {}, [requests, messages, empty, connections, up, down, typical, longest].map((each) => each.element)),
    ...(accounts ? [accounts.element] : []),
    el("p.hint.meters-note", {}, inLab ? t("meter.of-wire") : t("meter.of-script")),
  );

  function paint() {
    const { totals, opened, summary, errorMs, wire } = read();
    accounts?.show(wire.accounts);
    requests.show(totals.requests, [count(totals.requests), ""]);
    empty.show(totals.emptyAnswers, [count(totals.emptyAnswers), ""]);
    messages.show(totals.messages, [count(totals.messages), ""]);
    connections.show(opened, [count(opened), ""]);
    up.show(totals.bytesUp, bytes(totals.bytesUp));
    down.show(totals.bytesDown, bytes(totals.bytesDown));
    typical.show(summary.median, delay(summary.median, errorMs));
    longest.show(summary.max, delay(summary.max, errorMs));
    setText(since, t("meter.since", { elapsed: elapsed(Date.now() - totals.since) }));
  }

  paint();
  setInterval(paint, PAINT_EVERY_MS);
}

function meter(label, testid) {
  const figure = el("span.figure");
  const unit = el("span.unit");
  const element = el("div.meter", {}, el("dt", {}, label), el("dd", { testid }, figure, " ", unit));
  return {
    element,
    show(raw, [value, of]) {
      figure.parentElement.dataset.value = String(raw ?? "");
      setText(figure, value);
      setText(unit, of);
    },
  };
}

/** The sentence under the chart: how many messages, and how well the clocks are known. */
export function delayNote({ samples }, clock) {
  const of = samples === 0 ? t("clock.no-sample") : t("clock.samples", { count: samples, samples: count(samples) });
  return t("text.sentences", { first: of, second: clockNote(clock) });
}

function clockNote(clock) {
  if (clock === null) return t("clock.comparing");
  if (clock.failed) return t("clock.failed");
  const by = { offset: joined(duration(Math.abs(clock.offsetMs))), error: joined(duration(clock.uncertaintyMs)) };
  return clock.offsetMs < 0 ? t("clock.behind", by) : t("clock.ahead", by);
}

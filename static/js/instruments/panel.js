/**
 * The meters: figures with their units, of this page's own traffic since it was opened or set to zero.
 */

import { createAccountBar } from "../lab/account-bar.js";
import { button, el, setText } from "../shell/dom.js";
import { bytes, count, delay, duration, elapsed, joined } from "../shell/format.js";

const PAINT_EVERY_MS = 250;

const OF_SCRIPT = "Payload is what a script sees; headers and framing come on top: the lab below shows them.";
const OF_WIRE = "Every byte that crossed this page's port for this technique, as the relay counted them.";

/**
 * @param {() => object} read - returns all that the panel shows; `wire` in it are the bytes of a lab session.
 * @param {boolean} inLab - whether there are such.
 */
export function createPanel(place, { read, onReset, inLab = false }) {
  const requests = meter("Requests", "meter-requests");
  const empty = meter("Empty answers", "meter-empty-answers");
  const messages = meter("Messages", "meter-messages");
  const connections = meter("TCP opened", "meter-connections");
  const up = inLab ? meter("Wire up", "meter-wire-up") : meter("Payload up", "meter-bytes-up");
  const down = inLab ? meter("Wire down", "meter-wire-down") : meter("Payload down", "meter-bytes-down");
  const accounts = inLab ? createAccountBar() : null;
  const typical = meter("Delay, median", "meter-delay");
  const longest = meter("Delay, max", "meter-delay-max");
  const since = el("span.since");
  place.append(
    el("h2", {}, "Traffic of this page ", since, button("Zero", () => { onReset(); paint(); }, { class: "quiet", "aria-label": "Set the meters to zero" })),
    el("dl.meters", {}, [requests, messages, empty, connections, up, down, typical, longest].map((each) => each.element)),
    ...(accounts ? [accounts.element] : []),
    el("p.hint.meters-note", {}, inLab ? OF_WIRE : OF_SCRIPT),
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
    setText(since, `in ${elapsed(Date.now() - totals.since)}`);
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
  const of = samples === 0 ? "No live message yet." : `${count(samples)} live ${samples === 1 ? "message" : "messages"}.`;
  if (clock === null) return `${of} Comparing clocks…`;
  if (clock.failed) return `${of} Clocks not compared: delays are by the two clocks as they are.`;
  const sign = clock.offsetMs < 0 ? "behind" : "ahead of";
  return `${of} Server clock ${joined(duration(Math.abs(clock.offsetMs)))} ${sign} ours, ± ${joined(duration(clock.uncertaintyMs))}.`;
}

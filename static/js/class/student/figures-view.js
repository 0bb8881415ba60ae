/**
 * A phone's own figures of the present stretch, and what it went through at the last fault.
 */

import { el, setText } from "../../shell/dom.js";
import { count, delay, duration, joined, timeWithSeconds } from "../../shell/format.js";
import { t } from "../../shell/language.js";

const METERS = ["received", "delay", "requests", "late", "lost", "doubled"];

export function createFiguresView(place) {
  const values = Object.fromEntries(METERS.map((name) => [name, el("span", { testid: `own-${name}` })]));
  const error = el("small", { testid: "own-error" });
  const leftOut = el("p.hint", { hidden: true, testid: "own-left-out" });
  const fault = el("p.fault", { testid: "own-fault", role: "status", hidden: true });
  place.append(
    el("dl.own-figures", {}, METERS.map((name) => el("div", {},
      el("dt", {}, t(`join.figure.${name}`)), el("dd", {}, values[name], name === "delay" ? error : null)))),
    leftOut, fault);

  return function show(phone) {
    const { received, lost, doubled, late, left_out: out } = phone.ledger.counts;
    const errorMs = phone.clock?.uncertaintyMs ?? null;
    const { median } = phone.summary();
    const counts = { received, requests: phone.requests, late, lost, doubled };
    for (const [name, number] of Object.entries(counts)) setText(values[name], count(number));
    setText(values.delay, median === null ? t("figure.none") : joined(delay(median, errorMs)));
    setText(error, median === null || errorMs === null ? "" : ` ± ${joined(duration(errorMs))}`);
    leftOut.hidden = out === 0;
    setText(leftOut, t("join.left-out", { count: out }));
    showFault(fault, phone.watch);
  };
}

function showFault(place, watch) {
  place.hidden = watch.fault === null;
  if (watch.fault === null) return;
  const sentences = faultWords(watch);
  if (place.textContent !== sentences.join("")) place.replaceChildren(...sentences.map((each) => el("span", {}, each)));
}

/** What was done, and what it did to this phone: a sentence each. */
export function faultWords({ fault, record, isOver }) {
  const time = (ms) => joined(duration(ms));
  return [
    t("join.fault", { at: timeWithSeconds(fault.at), what: t(`fault.${fault.fault}`) }),
    record.noticed_ms === null ? t("join.fault.unnoticed") : t("join.fault.noticed", { time: time(record.noticed_ms) }),
    record.back_ms !== null && t("join.fault.back", { time: time(record.back_ms) }),
    record.late > 0 && t("join.fault.late", { count: record.late }),
    record.lost > 0 && t("join.fault.lost", { count: record.lost }),
    isOver && record.lost === 0 && t("join.fault.nothing-lost"),
  ].filter(Boolean);
}

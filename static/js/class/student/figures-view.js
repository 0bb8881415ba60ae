/**
 * A phone's own figures of the present stretch, and what it went through at the last fault.
 */

import { el, setText } from "../../shell/dom.js";
import { count, delay, duration, joined } from "../../shell/format.js";
import { t } from "../../shell/language.js";

const METERS = ["received", "delay", "requests", "trouble"];

export function createFiguresView(place) {
  const values = Object.fromEntries(METERS.map((name) => [name, el("dd", { testid: `own-${name}` })]));
  const fault = el("p.fault", { testid: "own-fault", role: "status", hidden: true });
  const leftOut = el("p.hint", { hidden: true });
  place.append(
    el("dl.own-figures", {}, METERS.map((name) => el("div", {}, el("dt", {}, t(`join.figure.${name}`)), values[name]))),
    leftOut, fault);

  return function show(phone) {
    const { received, lost, doubled, reordered, late, left_out: out } = phone.ledger.counts;
    const { median } = phone.summary();
    setText(values.received, count(received));
    setText(values.delay, joined(delay(median, phone.clock?.uncertaintyMs ?? null)));
    setText(values.requests, count(phone.requests));
    setText(values.trouble, `${count(late)} / ${count(lost + doubled + reordered)}`);
    leftOut.hidden = out === 0;
    setText(leftOut, t("join.left-out", { count: out }));
    fault.hidden = phone.watch.fault === null;
    if (phone.watch.fault !== null) setText(fault, faultWords(phone.watch));
  };
}

export function faultWords({ fault, record }) {
  const time = (ms) => (ms === null ? t("figure.none") : joined(duration(ms)));
  return [
    t(`fault.${fault.fault}`),
    record.noticed_ms === null ? t("join.fault.unnoticed") : t("join.fault.noticed", { time: time(record.noticed_ms) }),
    record.noticed_ms !== null && record.back_ms !== null && t("join.fault.back", { time: time(record.back_ms) }),
    record.late > 0 && t("join.fault.late", { count: record.late }),
    record.lost > 0 ? t("join.fault.lost", { count: record.lost }) : t("join.fault.nothing-lost"),
  ].filter(Boolean).join(" ");
}

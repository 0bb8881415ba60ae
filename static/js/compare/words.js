/**
 * A run in words: what it is doing, and under what settings its figures came to be.
 */

import { count, elapsed } from "../shell/format.js";
import { t } from "../shell/language.js";

const LABELS = {
  opening: t("compare.stop"), running: t("compare.stop"), stopping: t("compare.stopping"), stopped: t("compare.again"), failed: t("compare.start"),
};

/** What the head of the page says. */
export function wordsOf(run) {
  if (run === null) {
    return { label: t("compare.start"), isOn: false, canPress: true, isBad: false, detail: "", sentence: t("compare.is.idle") };
  }
  const { state, error, counts } = run;
  const isOn = ["opening", "running", "stopping"].includes(state);
  return {
    label: LABELS[state], isOn, canPress: state !== "stopping", isBad: error !== null,
    sentence: sentenceOf(run), detail: state === "failed" ? "" : detailOf(run, counts),
  };
}

function sentenceOf({ state, error, startedAt }) {
  if (state === "stopped" && startedAt === null) return t("compare.stopped-early");
  if (state === "failed") return t("compare.failed", { error });
  if (state === "running" && document.hidden) return t("compare.hidden");
  if (state === "running" && error !== null) return t("compare.not-published", { error });
  return t(`compare.is.${state}`);
}

function detailOf({ startedAt, stoppedAt, lanes }, { published, failed, passedOver }) {
  if (startedAt === null) return "";
  const leftOut = lanes.reduce((most, lane) => Math.max(most, lane.leftOut), 0);
  return [
    t("compare.published", { messages: count(published), elapsed: elapsed((stoppedAt ?? performance.now()) - startedAt) }),
    failed > 0 && t("compare.refused", { messages: count(failed) }),
    passedOver > 0 && t("compare.passed-over", { messages: count(passedOver) }),
    leftOut > 0 && t("compare.left-out", { messages: count(leftOut) }),
  ].filter(Boolean).join(" · ");
}

/** The caption of the table: everything that it takes to do the run again. */
export function captionOf({ settings, startedAt, stoppedAt, isMixed, counts, clock, line }) {
  if (startedAt === null) return "";
  const { rate, isRandom, seed, textBytes, intervalMs, timeoutS, room } = settings;
  const told = t("compare.caption", {
    messages: count(counts.published), elapsed: elapsed((stoppedAt ?? performance.now()) - startedAt), rate: String(rate),
    arrivals: isRandom ? t("compare.caption.random", { seed: String(seed) }) : t("compare.set.periodic"), bytes: String(textBytes),
    interval: String(intervalMs / 1000), timeout: String(timeoutS), room, network: line.words,
  });
  const clocks = clock === null ? "" : t("compare.caption.clocks", { error: clock.uncertaintyMs.toFixed(1) });
  return told + clocks + (isMixed ? t("compare.caption.mixed") : "");
}

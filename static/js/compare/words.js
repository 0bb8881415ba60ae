/**
 * A run in words: what it is doing, and under what settings its figures came to be.
 */

import { count, elapsed } from "../shell/format.js";

const HIDDEN = "Samples are not valid while this tab is hidden: browsers slow its timers.";
const SENTENCES = {
  opening: "Opening five lab sessions, a port for each technique.",
  running: "Running: each message is published once, and comes by all five.",
  stopping: "Stopping: what is under way may still arrive.",
  stopped: "Stopped. The ladders stand still; scroll and zoom in them.",
};
const LABELS = { opening: "Stop", running: "Stop", stopping: "Stopping", stopped: "Again", failed: "Start" };

/** What the head of the page says. */
export function wordsOf(run) {
  if (run === null) {
    return { label: "Start", isOn: false, canPress: true, isBad: false, detail: "", sentence: "Start opens five lab sessions and publishes the same messages to all five techniques." };
  }
  const { state, error, counts } = run;
  const isOn = ["opening", "running", "stopping"].includes(state);
  return {
    label: LABELS[state], isOn, canPress: state !== "stopping", isBad: error !== null,
    sentence: sentenceOf(run), detail: state === "failed" ? "" : detailOf(run, counts),
  };
}

function sentenceOf({ state, error, startedAt }) {
  if (state === "stopped" && startedAt === null) return "Stopped before it began.";
  if (state === "failed") return `Nothing was started: ${error}`;
  if (state === "running" && document.hidden) return HIDDEN;
  if (state === "running" && error !== null) return `A message could not be published: ${error}`;
  return SENTENCES[state];
}

function detailOf({ startedAt, stoppedAt, lanes }, { published, failed, passedOver }) {
  if (startedAt === null) return "";
  const leftOut = lanes.reduce((most, lane) => Math.max(most, lane.leftOut), 0);
  return [
    `${count(published)} published in ${elapsed((stoppedAt ?? performance.now()) - startedAt)}`,
    failed > 0 && `${count(failed)} refused`,
    passedOver > 0 && `${count(passedOver)} passed over: the machine was too slow`,
    leftOut > 0 && `${count(leftOut)} left out: the tab was hidden`,
  ].filter(Boolean).join(" · ");
}

/** The caption of the table: everything that it takes to do the run again. */
export function captionOf({ settings, startedAt, stoppedAt, isMixed, counts, clock, line }) {
  if (startedAt === null) return "";
  const { rate, isRandom, seed, textBytes, intervalMs, timeoutS, room } = settings;
  const arrivals = isRandom ? `by chance, seed ${seed}` : "in a rhythm";
  const clocks = clock === null ? "" : ` Clocks compared to ± ${clock.uncertaintyMs.toFixed(1)} ms.`;
  return `${count(counts.published)} messages in ${elapsed((stoppedAt ?? performance.now()) - startedAt)}: ${rate} per second ${arrivals}, `
    + `text of ${textBytes} bytes, poll every ${intervalMs / 1000} s, long poll timeout ${timeoutS} s, room ${room}. Network: ${line.words}.${clocks}`
    + (isMixed ? " Something was changed in the middle of the run: these figures are of both." : "");
}

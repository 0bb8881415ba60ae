/**
 * What is seen of keep-alive: each connection from its opening to its end, and how long an answer took.
 */

import { t } from "../../shell/language.js";
import { createLaneTable } from "../pictures/lane-table.js";
import { createLifelines } from "../pictures/lifelines.js";
import { summaryOf } from "../tally.js";
import { figureText } from "../words.js";
import { answerMs, connectionsInAMinute, connectionsOf, KEEP_ALIVE_S, plan, waits } from "./keep-alive.js";

const OPENING_BYTES = 380; // of IP and TCP: SYN and SYN-ACK of 60 each, ACK, and two times FIN and ACK of 52 each

export function createSee(place, { parameters }) {
  const { seconds } = plan(parameters);
  const lines = createLifelines(place, { title: t("lab.keep-alive.picture"), seconds, connectionsOf });
  let startedAt = null;
  const opened = (lane) => connectionsOf(lane, startedAt).length;
  const isPolling = ({ technique }) => technique === "short-poll";
  const intervalOf = ({ settings }) => settings.intervalMs / 1000;
  const table = createLaneTable(place, [
    { label: t("lab.keep-alive.column.answers"), text: ({ answers }) => figureText(answers.length) },
    { label: t("lab.keep-alive.column.opened"), strong: true, text: (lane) => figureText(opened(lane)) },
    { label: t("labs.column.theory"), text: (lane) => figureText(isPolling(lane) ? connectionsInAMinute(intervalOf(lane)) : 1) },
    { label: t("lab.keep-alive.column.wait"), strong: true, text: (lane) => ms(isPolling(lane) ? summaryOf(waits(lane)).mean : null) },
    { label: t("labs.column.theory"), text: (lane) => ms(isPolling(lane) ? answerMs({ delayMs: lane.network.delay_ms, isOpened: intervalOf(lane) > KEEP_ALIVE_S }) : null) },
    { label: t("lab.keep-alive.column.opening"), text: (lane) => t("lab.keep-alive.bytes", { bytes: figureText(OPENING_BYTES * opened(lane)) }) },
  ]);
  return {
    show(results) {
      startedAt = results.startedAt;
      lines.show(results);
      table.show(results);
    },
  };
}

const ms = (value) => (value === null ? t("figure.none") : `${figureText(value)} ms`);

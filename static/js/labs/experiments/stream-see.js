/**
 * What is seen of the streams: the cut and what came after it over time, the figures of both pages, and their ladders.
 */

import { t } from "../../shell/language.js";
import { createLadders } from "../pictures/ladders.js";
import { createLaneTable } from "../pictures/lane-table.js";
import { createStateLines } from "../pictures/state-lines.js";
import { figureText } from "../words.js";
import { eventsOf, lastEventId, plan, streamsOf } from "./stream.js";

const SPAN_MS = 10_000;

export function createSee(place, { parameters }) {
  const { seconds } = plan(parameters);
  const lines = createStateLines(place, { title: t("lab.stream.picture"), seconds, shaded: { from: 0, to: 0, isFor: () => false } });
  const table = createLaneTable(place, [
    { label: t("lab.stream.column.streams"), strong: true, text: (lane) => figureText(streamsOf(lane)) },
    { label: t("lab.stream.column.events"), text: (lane) => figureText(eventsOf(lane).count) },
    { label: t("lab.stream.column.framing"), strong: true, text: (lane) => figureText(framing(eventsOf(lane))) },
    { label: t("lab.stream.column.id"), text: (lane) => figureText(lastEventId(lane)) },
    { label: t("labs.column.max"), text: ({ delay: { max } }) => (max === null ? t("figure.none") : `${figureText(max)} ms`) },
    { label: t("lab.stream.column.lost"), strong: true, text: ({ lost }) => figureText(lost) },
    { label: t("lab.stream.column.ack"), text: ({ sends }) => answered(sends) },
  ]);
  const ladders = createLadders(place, SPAN_MS);

  function answered([send]) {
    if (send === undefined) return t("figure.none");
    return send.ackMs === null ? t("lab.stream.waiting") : t("labs.figure", { figure: figureText(send.ackMs / 1000, 1), unit: t("unit.s") });
  }

  return {
    show(results) {
      lines.show(results);
      table.show(results);
      ladders.show(results);
    },
  };
}

const framing = ({ count, framing: bytes }) => (count === 0 ? null : bytes / count);

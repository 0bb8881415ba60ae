/**
 * What is seen of talking back: bytes and time for a message sent, lane by lane, and the ladders, where the burst shows.
 */

import { t } from "../../shell/language.js";
import { createBars } from "../pictures/bars.js";
import { createLadders } from "../pictures/ladders.js";
import { createLaneTable } from "../pictures/lane-table.js";
import { summaryOf } from "../tally.js";
import { figureText } from "../words.js";
import { acks, ackTheoryMs, burstOf, bytesOf, LANES } from "./talking-back.js";

const SPAN_MS = 5000;

export function createSee(place, { parameters }) {
  let now = null;
  const bars = createBars(place, {
    title: t("lab.talking-back.picture"), rows: LANES.map(({ key, technique }) => ({ key, label: t(`lab.talking-back.lane.${key}`), accent: technique })),
  });
  const each = (lane, of) => {
    const bytes = bytesOf(lane, now);
    return bytes.messages === 0 ? null : of(bytes) / bytes.messages;
  };
  const burst = (lane, text) => {
    const found = burstOf(lane, now);
    return found.count === 0 ? t("figure.none") : text(found);
  };
  const table = createLaneTable(place, [
    { label: t("lab.talking-back.column.sent"), text: ({ sends }) => figureText(sends.filter(({ id }) => id !== null).length) },
    { label: t("lab.talking-back.column.up"), strong: true, text: (lane) => figureText(each(lane, ({ up }) => up)) },
    { label: t("lab.talking-back.column.down"), text: (lane) => figureText(each(lane, ({ down }) => down)) },
    { label: t("lab.talking-back.column.requests"), text: (lane) => figureText(each(lane, ({ requests }) => requests), 1) },
    { label: t("lab.talking-back.column.ack"), strong: true, text: (lane) => ms(summaryOf(acks(lane, now)).median) },
    { label: t("labs.column.theory"), text: (lane) => ms(ackTheoryMs(lane, parameters)) },
    { label: t("lab.talking-back.column.connections"), text: (lane) => burst(lane, ({ connections }) => figureText(connections)) },
    { label: t("lab.talking-back.column.last"), text: (lane) => burst(lane, ({ lastMs }) => ms(lastMs)) },
    { label: t("lab.talking-back.column.order"), text: (lane) => burst(lane, ({ isInOrder }) => t(isInOrder ? /* text */ "lab.talking-back.in-order" : /* text */ "lab.talking-back.not-in-order")) },
  ]);
  const ladders = createLadders(place, SPAN_MS);
  return {
    show(results) {
      now = results;
      const ups = results.lanes.map((lane) => [lane.key, each(lane, ({ up }) => up)]);
      bars.show(Object.fromEntries(ups.map(([key, value]) => [key, { value, text: value === null ? t("figure.none") : t("lab.talking-back.bytes", { bytes: figureText(value) }) }])),
        { most: Math.max(0, ...ups.map(([, value]) => value ?? 0)) });
      table.show(results);
      ladders.show(results);
    },
  };
}

const ms = (value) => (value === null ? t("figure.none") : `${figureText(value)} ms`);

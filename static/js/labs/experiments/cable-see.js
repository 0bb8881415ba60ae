/**
 * What is seen of the cut cable: each client's state and what came to it, over time, and the exact figures.
 */

import { t } from "../../shell/language.js";
import { createLaneTable } from "../pictures/lane-table.js";
import { createStateLines } from "../pictures/state-lines.js";
import { figureText } from "../words.js";
import { backAfterS, isCut, lateOf, noticedAfterS, plan, VANISH_AFTER_S } from "./cable.js";

export function createSee(place, { parameters }) {
  const { seconds } = plan(parameters);
  const lines = createStateLines(place, {
    title: t("lab.cable.picture"), seconds, shaded: { from: VANISH_AFTER_S, to: VANISH_AFTER_S + parameters.goneS, isFor: isCut },
  });
  let now = null;
  const table = createLaneTable(place, [
    { label: t("lab.cable.column.noticed"), strong: true, text: (lane) => (isCut(lane) ? s(noticedAfterS(lane, now)) ?? t("lab.cable.not-noticed") : t("lab.cable.not-cut")) },
    { label: t("lab.cable.column.back"), text: (lane) => (isCut(lane) ? s(backAfterS(lane, now)) ?? t("figure.none") : t("lab.cable.not-cut")) },
    { label: t("lab.cable.column.received"), text: ({ received }) => figureText(received) },
    { label: t("lab.cable.column.late"), text: (lane) => figureText(lateOf(lane)) },
    { label: t("lab.cable.column.lost"), strong: true, text: ({ lost }) => (now.state === "done" ? figureText(lost) : t("figure.none")) },
  ]);
  return {
    show(results) {
      now = results;
      lines.show(results);
      table.show(results);
    },
  };
}

const s = (value) => (value === null ? null : `${figureText(value, 1)} s`);

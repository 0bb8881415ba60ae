/**
 * What came of the last fault: a row for each technique, of those who told: how many noticed and when, when they were back, what
 * came late, and what is lost.
 */

import { TECHNIQUES } from "../techniques.js";
import { el } from "../shell/dom.js";
import { count } from "../shell/format.js";
import { t } from "../shell/language.js";
import { durationText } from "./figures.js";
import { median } from "./scales.js";
import { techniqueLabel } from "./words.js";

const COLUMNS = ["technique", "noticed", "noticed-after", "back-after", "late", "lost"];

/** @returns `element` and `show(outcome)`, as the class's state has it. */
export function createOutcomeTable() {
  const body = el("tbody");
  const element = el("table.outcome", { testid: "outcome" },
    el("thead", {}, el("tr", {}, COLUMNS.map((each) => el("th", { scope: "col" }, t(`outcome.${each}`))))), body);
  return {
    element,
    show: ({ people }) => body.replaceChildren(...rowsOfOutcome(people).map(rowOf)),
  };
}

/** By technique, in their order: `{ name, people, noticed, noticedMs, backMs, late, lost }`; who said nothing is left out. */
export function rowsOfOutcome(people) {
  const told = people.filter((each) => each.told);
  return TECHNIQUES.map(({ name }) => ({ name, mine: told.filter(({ technique }) => technique === name) }))
    .filter(({ mine }) => mine.length > 0)
    .map(({ name, mine }) => {
      const known = (key) => mine.map((each) => each[key]).filter((ms) => ms !== null);
      const sum = (key) => mine.reduce((all, each) => all + each[key], 0);
      return {
        name, people: mine.length, noticed: known("noticed_ms").length, noticedMs: median(known("noticed_ms")),
        backMs: median(known("back_ms")), late: sum("late"), lost: sum("lost"),
      };
    });
}

function rowOf({ name, people, noticed, noticedMs, backMs, late, lost }) {
  return el("tr", { data: { accent: name, row: name } },
    el("th", { scope: "row" }, techniqueLabel(name)),
    el("td", {}, t("outcome.of", { noticed, people })),
    el("td.figure.strong", {}, noticed === 0 ? t("pictures.never-noticed") : durationText(noticedMs)),
    el("td.figure", {}, durationText(backMs)),
    el("td.figure", {}, count(late)),
    el("td.figure.strong", {}, count(lost)));
}

/**
 * What came of the last fault: a row for each technique, or for each of a few people, of those who told: how many noticed
 * and when, when they were back, what came late, and what is lost.
 */

import { TECHNIQUES } from "../techniques.js";
import { el } from "../shell/dom.js";
import { count } from "../shell/format.js";
import { t } from "../shell/language.js";
import { durationText } from "./figures.js";
import { median } from "./scales.js";
import { techniqueLabel } from "./words.js";

const MOST_BY_NAME = 5;
const COLUMNS = ["technique", "noticed", "noticed-after", "back-after", "late", "lost"];

/** @returns `element` and `show(outcome)`, as the class's state has it. */
export function createOutcomeTable() {
  const body = el("tbody");
  const element = el("table.outcome", { testid: "outcome" },
    el("thead", {}, el("tr", {}, COLUMNS.map((each) => el("th", { scope: "col" }, t(`outcome.${each}`))))), body);
  return {
    element,
    show({ people }) {
      const isSmall = people.length <= MOST_BY_NAME;
      body.replaceChildren(...(isSmall ? rowsOfPeople(people) : rowsOfOutcome(people)).map(rowOf));
    },
  };
}

/** What is lost, how many told of it, and how many are not back yet or have not said anything. */
export function balanceOf(people) {
  const told = people.filter((each) => each.told);
  return {
    lost: told.reduce((sum, each) => sum + each.lost, 0), told: told.length,
    pending: people.filter((each) => !each.told || (each.noticed_ms !== null && each.back_ms === null)).length,
  };
}

/** Of a few people, each by name. */
export function rowsOfPeople(people) {
  return people.filter((each) => each.told && each.technique !== null).map(({ name, technique, noticed_ms: noticedMs, back_ms: backMs, late, lost }) => ({
    name: technique, label: name, people: 1, noticed: noticedMs === null ? 0 : 1, noticedMs, backMs, late, lost,
  }));
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

function rowOf({ name, label = null, people, noticed, noticedMs, backMs, late, lost }) {
  return el("tr", { data: { accent: name, row: label ?? name } },
    el("th", { scope: "row" }, techniqueLabel(name), label === null ? null : [" · ", el("bdi", {}, label)]),
    el("td", {}, t("outcome.of", { noticed, people })),
    el("td.figure.strong", {}, noticed === 0 ? t("outcome.not-noticed") : durationText(noticedMs)),
    el("td.figure", {}, durationText(backMs)),
    el("td.figure", {}, count(late)),
    el("td.figure.strong", {}, count(lost)));
}

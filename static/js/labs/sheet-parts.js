/**
 * What stands on the sheet of an experiment, made of its model and a seed: the same numbers as on its page. Pure: sheet.js
 * makes it visible.
 *
 * Texts of an experiment that are for the sheet alone: `lab.<name>.think.1` and so on, each with `.answer.1`; `.sketch` what
 * is to be drawn, with `.sketched` for the teacher; `.set.<parameter>` as on its page, also for parameters without a field.
 */

import { t } from "../shell/language.js";
import { seedTyped } from "./seed.js";
import { figureText, withUnit } from "./words.js";

export const CLASS_SEEDS = 30;
export const MOST_IN_CLASS = 60;
const WHOLE = 0.5; // so much either way, and a whole number is that one and no other

const MOST_GIVEN = 4; // columns of the class's table, beside the answers
const NAMES = new Set(["room"]); // made of digits, but no numbers

/**
 * @param {object} experiment - its model, as catalogue.js's loadModel gives it.
 * @returns {object} `seconds`: of the run, null where the experiment has none; `sketch`: what is to be drawn, or null.
 */
export function sheetOf(experiment, seed) {
  const { name, number } = experiment;
  const own = experiment.parameters(seed);
  const values = experiment.values?.(own) ?? own;
  const plan = experiment.plan?.(own) ?? null;
  return {
    name, number, seed, values,
    title: t(`lab.${name}.title`),
    numbers: numbersOf(experiment, own, values),
    questions: experiment.questions(own).map((question) => asked(question, name, values)),
    seconds: plan?.seconds ?? null,
    sketch: textOf(/* text */ `lab.${name}.sketch`, values),
    sketched: textOf(/* text */ `lab.${name}.sketched`, values),
    thoughts: thoughtsOf(name, values),
    explanations: experiment.explanations,
  };
}

/** The student's own parameters, with names and units: those that have a name. */
function numbersOf({ name, fields = [] }, own, values) {
  return Object.entries(own).flatMap(([key, value]) => {
    const label = textOf(/* text */ `lab.${name}.set.${key}`, values);
    if (label === null) return [];
    const unit = fields.find((field) => field.name === key)?.unit ?? unitByName(key);
    return [{ key, label, unit, ...numberTexts(key, value, unit, values) }];
  });
}

/** Of a parameter that is no field. */
function unitByName(key) {
  if (key.endsWith("Bytes")) return "B";
  return key.endsWith("Ms") ? "ms" : null;
}

/** Its figure alone, and with its unit. */
function numberTexts(key, value, unit, values) {
  const figure = typeof value !== "number" ? String(values[key] ?? value) : NAMES.has(key) ? String(value) : figureText(value, 2);
  return { figure, text: unit === null || typeof value !== "number" ? figure : withUnit(value, { unit, digits: 2 }) };
}

function asked(question, name, values) {
  const { key, mistakes = [] } = question;
  return {
    ...question,
    ask: t(`lab.${name}.ask.${key}`, values),
    named: t(`lab.${name}.name.${key}`, values),
    theoryText: question.theory === null ? t("sheet.no-theory") : withUnit(question.theory, question),
    toleranceText: toleranceText(question),
    mistakes: mistakes.map((mistake) => ({
      ...mistake, figure: withUnit(mistake.value, digitsFor(mistake.value, question)), text: t(`lab.${name}.mistake.${mistake.key}`, values),
    })),
  };
}

/** A mistake may come to much less than the answer, as a share does where per cent are asked for. */
function digitsFor(value, { unit, digits }) {
  return { unit, digits: value !== 0 && Math.abs(value) < 1 ? Math.max(digits, 2) : digits };
}

/** How far off still counts: see marking.js. */
export function toleranceText({ tolerance: { share = null, absolute = null } = {}, unit, digits }) {
  if (share === null && absolute === null) return t("sheet.tolerance.share", { share: 20 });
  if (share !== null) return t("sheet.tolerance.share", { share: Math.round(100 * share) });
  const isExact = absolute === 0 || (absolute <= WHOLE && digits === 0);
  if (isExact) return t("sheet.tolerance.exact");
  if (unit === "%") return t("sheet.tolerance.points", { count: absolute });
  return t("sheet.tolerance.absolute", { figure: withUnit(absolute, { unit, digits: 1 }) });
}

function thoughtsOf(name, values) {
  const thoughts = [];
  for (let number = 1; ; number += 1) {
    const question = textOf(/* text */ `lab.${name}.think.${number}`, values);
    if (question === null) return thoughts;
    thoughts.push({ question, answer: textOf(/* text */ `lab.${name}.answer.${number}`, values) });
  }
}

/** The text of a key, or null where there is none. */
function textOf(key, values) {
  const text = t(key, values);
  return text === key ? null : text;
}

// ---- the whole class

/**
 * Who is in the class: the lines of a list, each a name or a seed, or the seeds 1 to 30 where it is empty.
 *
 * @param {string} list
 * @returns {{name: string, seed: number}[]}
 */
export function classOf(list) {
  const lines = list.split("\n").map((line) => line.trim()).filter(Boolean).slice(0, MOST_IN_CLASS);
  if (lines.length === 0) return Array.from({ length: CLASS_SEEDS }, (_, index) => ({ name: "", seed: index + 1 }));
  return lines.map((line) => {
    const seed = seedTyped(line);
    return { name: String(seed) === line ? "" : line, seed };
  });
}

/**
 * Theory's answers of everybody in the class, to mark paper by: a row for each student, with what they were given, where that
 * is not much, and a column for each question.
 */
export function classTable(experiment, people) {
  const { name } = experiment;
  const given = (seed) => {
    const numbers = numbersFor(experiment, seed);
    return numbers.length > MOST_GIVEN ? [] : numbers;
  };
  const unsaid = Object.fromEntries(Object.keys(valuesOf(experiment, people[0].seed)).map((key) => [key, "…"])); // differs from row to row
  return {
    given: given(people[0].seed).map(({ label, unit }) => ({ label, unit })),
    heads: experiment.questions(experiment.parameters(people[0].seed)).map(({ key, unit }) => ({ key, unit, text: t(`lab.${name}.name.${key}`, unsaid) })),
    rows: people.map((person) => ({
      ...person,
      numbers: given(person.seed).map(({ figure }) => figure),
      figures: experiment.questions(experiment.parameters(person.seed)).map(({ theory, digits }) => (theory === null ? "–" : figureText(theory, digits))),
    })),
  };
}

function valuesOf(experiment, seed) {
  const own = experiment.parameters(seed);
  return experiment.values?.(own) ?? own;
}

function numbersFor(experiment, seed) {
  return numbersOf(experiment, experiment.parameters(seed), valuesOf(experiment, seed));
}

/** A sheet on the page: the student's with lines to write on, the teacher's with what belongs there. See sheet-parts.js. */

import { el } from "../shell/dom.js";
import { rich, t } from "../shell/language.js";
import { unitText } from "./words.js";

const THINKING_LINES = 3;

/**
 * @param {object} sheet - sheet-parts.js's sheetOf.
 * @param {string} given.who - the student's name, or "".
 * @param {string} given.enterAt - where the answers are entered.
 * @param {number} given.of - how many experiments there are.
 */
export function studentSheet(sheet, { who, enterAt, of }) {
  return paper(sheet, "student", who,
    [top(sheet, { who, of, isTeacher: false }), theQuestion(sheet), numbers(sheet), part("answers", el("ol.asked", {}, sheet.questions.map(lines)))],
    [part("steps", el("ol.steps", {}, steps(sheet, enterAt).map((step) => el("li", {}, step)))), drawing(sheet),
      part("think", el("ol.thoughts", {}, sheet.thoughts.map(({ question }) => el("li", {}, el("p", {}, question), writingLines(THINKING_LINES))))),
      el("p.enter", {}, t("sheet.enter"), " ", el("strong", {}, enterAt))]);
}

/** @param {object} given.table - sheet-parts.js's classTable. */
export function teacherSheet(sheet, { who, of, table }) {
  const { name, values } = sheet;
  return paper(sheet, "teacher", who,
    [top(sheet, { who, of, isTeacher: true }), theQuestion(sheet), numbers(sheet),
      part("answers", el("ol.asked", {}, sheet.questions.map(answer)), el("p.small", {}, t("sheet.mark-by")))],
    [part("say", ...Array.from({ length: sheet.explanations }, (_, index) => el("p", {}, rich(`lab.${name}.explain.${index + 1}`, values))),
      el("p", {}, el("strong", {}, t("labs.explain.verdict"), t(`lab.${name}.verdict`, values)))),
    sheet.sketched && part("sketch.answer", el("p", {}, sheet.sketched)),
    part("think-answers", el("ol.thoughts", {}, sheet.thoughts.map((thought) => el("li", {}, el("p", {}, thought.question), el("p.answer", {}, thought.answer)))))],
    [part("table", classTableView(sheet, table), el("p.small", {}, t("sheet.table.note")))]);
}

/** Each leaf begins on a page of its own; those after the first say whose they are, for paper gets mixed up. */
function paper({ name, number, seed, title }, kind, who, ...leaves) {
  const running = () => el("p.running", {}, t("sheet.running", { number, title, seed: String(seed) }), who && ` · ${who}`);
  return el("article.sheet", { testid: "sheet", "aria-label": `${title} ${who}`.trim(), data: { kind, lab: name, seed: String(seed) } },
    leaves.map((parts, index) => el("div.leaf", {}, index > 0 ? running() : null, parts.filter(Boolean))));
}

function part(key, ...content) {
  return el("section.part", {}, el("h3", {}, t(`sheet.${key}`)), ...content);
}

function top({ number, title, seed }, { who, of, isTeacher }) {
  const line = (key, text) => el("span.head-field", {}, t(`sheet.${key}`), el("span.write", { data: { head: key } }, text));
  return el("div.sheet-top", {},
    el("div", {},
      el("p.small", {}, t("labs.number", { number, all: of }), isTeacher ? el("strong.for-teacher", {}, t("sheet.for-teacher")) : null),
      el("h2", {}, title)),
    el("div.head-fields", {}, line("name", who), line("seed", String(seed)), isTeacher ? null : line("date", "")));
}

function theQuestion({ name, values }) {
  return part("question",
    el("p.claim-line", {}, t("labs.article"), t(`lab.${name}.claim`)),
    el("p", {}, rich(`lab.${name}.question`, values)));
}

function numbers(sheet) {
  if (sheet.numbers.length === 0) return null;
  return part("numbers", el("table.numbers", {}, el("tbody", {}, sheet.numbers.map(({ key, label, text }) =>
    el("tr", { data: { parameter: key } }, el("th", { scope: "row" }, label), el("td", {}, text))))));
}

// ---- the student's

function lines({ key, ask, unit }) {
  const line = (text, after = "") => el("span.line", {}, t(text), el("span.write"), after);
  return el("li", { data: { question: key } }, el("p", {}, ask),
    el("div.line-pair", {}, line(/* text */ "sheet.prediction", unitText(unit)), line(/* text */ "sheet.measured", unitText(unit))),
    line(/* text */ "sheet.right"), el("span.write.alone"));
}

function steps({ name, values, seconds }, enterAt) {
  return [
    t("sheet.step.predict"), rich("sheet.step.open", { address: el("strong", {}, enterAt) }), rich(`lab.${name}.do`, values),
    seconds === null ? t("sheet.step.go") : t("sheet.step.run", { seconds }), t("sheet.step.copy"),
  ];
}

/** Two lifelines to draw a ladder between, time downwards. */
function drawing({ sketch }) {
  if (sketch === null) return null;
  return part("sketch", el("p", {}, sketch), el("div.drawing", { "aria-hidden": "true" },
    el("span", {}, t("sheet.sketch.page")), el("span.time", {}, t("sheet.sketch.time"), " ↓"), el("span", {}, t("sheet.sketch.server"))));
}

function writingLines(count) {
  return Array.from({ length: count }, () => el("span.write.alone"));
}

// ---- the teacher's

function answer({ key, ask, theory, theoryText, toleranceText, mistakes }) {
  return el("li", { data: { question: key, theory: theory === null ? "" : String(theory) } }, el("p", {}, ask),
    el("p", {}, rich("sheet.answer", { theory: el("strong", {}, theoryText), tolerance: toleranceText })),
    mistakes.length === 0 ? null : el("div.mistakes", {}, el("p.said", {}, t("sheet.mistakes")),
      el("ul", {}, mistakes.map(({ figure, text }) => el("li", {}, t("sheet.mistake", { figure, text }))))));
}

function classTableView({ number }, { given, heads, rows }) {
  const hasNames = rows.some(({ name }) => name !== "");
  return el("table.class-answers", { testid: "class-answers", "aria-label": t("sheet.table.label", { number }) },
    el("thead", {}, el("tr", {},
      hasNames ? el("th", { scope: "col" }, t("sheet.name")) : null, el("th.figure", { scope: "col" }, t("sheet.seed")),
      given.map(({ label, unit }) => el("th.figure.given", { scope: "col" }, label, unit && el("span.unit", {}, unitText(unit)))),
      heads.map(({ text, unit }) => el("th.figure", { scope: "col" }, text, el("span.unit", {}, unitText(unit)))))),
    el("tbody", {}, rows.map(({ name, seed, numbers, figures }) => el("tr", { data: { seed: String(seed) } },
      hasNames ? el("th", { scope: "row" }, name) : null, el(hasNames ? "td.figure" : "th.figure", hasNames ? {} : { scope: "row" }, String(seed)),
      numbers.map((text) => el("td.figure.given", {}, text)),
      figures.map((text) => el("td.figure", {}, text))))));
}

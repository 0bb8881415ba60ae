/**
 * What came of it: prediction, measurement and theory side by side, each answer marked with the reason; then why it is so,
 * and what that says of the article.
 */

import { button, el } from "../shell/dom.js";
import { rich, t } from "../shell/language.js";
import { figureText, measuredText, withUnit } from "./words.js";

const HEADS = ["quantity", "yours", "measured", "theory", "mark"];

export function createExplanation(place, { experiment, questions, values, onAgain }) {
  /** @param {object} result - as results.js keeps it. */
  function show(result) {
    place.replaceChildren(
      disturbance(result),
      el("div.wide", { tabindex: "0", role: "region", "aria-label": t("labs.explain.table") }, table(result)),
      el("p.hint", {}, uncertainty(result)),
      ...Array.from({ length: experiment.explanations }, (_, index) => el("p", {}, rich(`lab.${experiment.name}.explain.${index + 1}`, values))),
      el("p.verdict-line", {}, el("span.label", {}, t("labs.explain.verdict")), t(`lab.${experiment.name}.verdict`)),
      el("div.buttons", {}, button(t("labs.explain.again"), onAgain, { testid: "again" })));
  }

  function table(result) {
    return el("table.marks", { testid: "marks" },
      el("thead", {}, el("tr", {}, HEADS.map((name) => el("th", { scope: "col" }, t(`labs.explain.${name}`))))),
      el("tbody", {}, questions.map((question) => row(question, result))));
  }

  function row(question, { predictions, measured, theory, marks }) {
    const { key } = question;
    const { right, reason, mistake, off } = marks[key];
    return el("tr", { data: { question: key, right: String(right) } },
      el("th", { scope: "row" }, t(`lab.${experiment.name}.name.${key}`, values)),
      cell("yours", withUnit(predictions[key], question)),
      cell("measured", measuredText(measured[key], question)),
      cell("theory", withUnit(theory[key], question)),
      el("td.mark-cell", { data: { cell: "mark" } },
        el("strong", {}, t(`labs.mark.${right === null ? "nothing" : right ? "right" : "wrong"}`)), " ",
        mistake === null ? t(`labs.reason.${reason}`, { off: offText(off) }) : t(`lab.${experiment.name}.mistake.${mistake}`, values)));
  }

  const cell = (name, text) => el("td.number", { data: { cell: name, head: t(`labs.explain.${name}`) } }, text); // the head: on a phone

  return { show };
}

function offText(off) {
  return off === null ? "" : figureText(100 * Math.abs(off), 0);
}

function disturbance({ disturbed }) {
  if (disturbed.length === 0) return "";
  return el("p.warning", { testid: "disturbed" }, disturbed.map((what) => t(`labs.disturbed.${what}`)).join(" "));
}

function uncertainty({ clockErrorMs }) {
  return clockErrorMs === null || clockErrorMs === undefined ? t("labs.explain.sure") : t("labs.explain.sure-clock", { error: clockErrorMs.toFixed(1) });
}

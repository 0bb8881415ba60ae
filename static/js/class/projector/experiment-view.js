/** An experiment of the class: the question, then the figures as they come, then what was measured, and why it is so. */

import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { unitText } from "../figures.js";
import { createPredictions } from "../predictions.js";
import { createResultsTable, measuredText } from "../results-table.js";
import { viewOf } from "./stage.js";

export function createExperimentView() {
  const title = el("h1");
  const question = el("p.question");
  const big = el("p.big", { testid: "experiment-big", role: "status" });
  const dots = createPredictions();
  const table = createResultsTable();
  const why = el("p.why", { testid: "experiment-why" });

  function show({ class: info, experiment: now, now: serverNow, groups }) {
    setText(title, now === null ? t("projector.no-experiment") : t(`experiment.${now.name}.title`));
    title.classList.toggle("alone", now === null);
    for (const each of [question, big, dots.element, why]) each.hidden = now === null;
    table.show(now, groups);
    if (now === null) return;
    setText(question, t(`experiment.${now.name}.question`, now.settings));
    setText(big, bigWords(now, serverNow, info.people));
    dots.element.hidden = now.phase === "asked"; // nobody is to copy
    dots.show(now.phase === "explained" ? now : { ...now, answer: now.answer && { ...now.answer, theory: null } }); // it would give the answer away
    question.hidden = now.phase === "explained"; // there is as much to say as there is room for
    why.hidden = now.phase !== "explained";
    setText(why, t(`experiment.${now.name}.why`, now.settings));
  }

  const both = el("div.two", {}, table.element, dots.element);
  return viewOf("experiment", show, [title, question, big, both, why], { shapes: ["beside", "below"], sizes: [0.95, 2.4] });
}

/** What is said in the biggest type: how many have predicted, how long it still takes, or what came out. */
function bigWords(experiment, now, people) {
  const { phase, predictions, ends_at: ends, answer, unit } = experiment;
  if (phase === "asked") return t("projector.predicted", { count: predictions.count, people });
  if (phase === "running") return t("projector.seconds", { count: Math.max(0, Math.ceil((ends - now) / 1000)) });
  const measured = together(answerText(experiment));
  const theory = answer?.theory ?? null;
  return theory === null ? t("projector.measured", { measured }) : t("projector.measured-and-theory", { measured, theory: together(unitText(theory, unit)) });
}

/** A figure that keeps its unit beside it. */
function together(text) {
  return text.replaceAll(" ", "\u00a0");
}

function answerText({ name, answer, asked_row: asked, results, unit }) {
  const row = asked === null ? null : results?.[asked];
  return row ? measuredText({ ...row, measured: answer?.measured ?? null }, name, unit) : unitText(answer?.measured ?? null, unit);
}

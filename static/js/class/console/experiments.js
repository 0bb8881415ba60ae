/**
 * The class's experiments: ask, run, explain. What is asked and what comes of it stands here too, so that the teacher knows
 * before the class does.
 */

import { button, el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { createResultsTable } from "../results-table.js";
import { figure } from "../student/near.js";
import { createSaid, part } from "./controls.js";

const PHASES = ["asked", "running", "explained"];

export function createExperiments(commands) {
  const said = createSaid();
  const list = el("ul.experiments");
  const now = el("div.experiment-now", { hidden: true, testid: "experiment-now" });
  const question = el("p.question");
  const progress = el("p.progress", { testid: "experiment-progress", role: "status" });
  const predictions = el("p", { testid: "predictions" });
  const results = createResultsTable();
  const close = button(t("console.experiment.close"), () => said.attempt(commands.endExperiment), { testid: "experiment-close" });
  now.append(question, progress, predictions, el("div.wide", { tabindex: "0", role: "region", "aria-label": t("console.results") }, results.element), close);
  const rows = new Map();
  const element = part("experiments", said.element, list, now);

  function rowOf({ name, lab, seconds }) {
    const buttons = PHASES.map((phase) => button(t(`console.experiment.${phase}`), () => said.attempt(() => commands.experiment(name, phase)), { testid: `${phase}-${name}`, "aria-pressed": "false", data: { phase } }));
    const row = el("li", { testid: `experiment-${name}` },
      el("span.experiment-name", {}, el("strong", {}, t(`experiment.${name}.title`)), " ",
        el("span.hint", {}, t("console.experiment.of", { name, lab, seconds })), el("br"),
        el("span.hint", {}, t(`console.experiment.asks.${name}`))),
      el("span.buttons", {}, buttons));
    rows.set(name, buttons);
    return row;
  }

  function show({ experiments, experiment, people, now: serverNow }) {
    if (rows.size === 0) list.append(...experiments.map(rowOf));
    for (const [name, buttons] of rows) {
      for (const each of buttons) each.setAttribute("aria-pressed", String(experiment?.name === name && experiment.phase === each.dataset.phase));
    }
    now.hidden = experiment === null;
    if (experiment === null) return;
    setText(question, t(`experiment.${experiment.name}.question`, experiment.settings));
    setText(progress, progressWords(experiment, serverNow));
    setText(predictions, predictionWords(experiment, people.length));
    results.show(experiment);
  }

  return { element, show };
}

function progressWords({ phase, ends_at: ends, answer, unit }, now) {
  if (phase === "asked") return t("console.experiment.waits");
  if (phase === "running") return t("join.experiment.left", { count: Math.max(0, Math.ceil((ends - now) / 1000)) });
  const value = (it) => (it === null || it === undefined ? t("figure.none") : `${figure(it)} ${t(`unit.${unit}`)}`);
  return t("console.experiment.came", { measured: value(answer?.measured), theory: value(answer?.theory) });
}

/** How many have predicted, and what: a hundred values say less than where their middle is. */
function predictionWords({ predictions: { count, values }, unit }, people) {
  if (count === 0) return t("console.experiment.no-predictions");
  const sorted = [...values].sort((one, other) => one - other);
  const [low, middle, high] = [sorted[0], sorted[(count - 1) >> 1], sorted[count - 1]].map(figure);
  return t("console.experiment.predictions", { count, people, low, middle, high, unit: t(`unit.${unit}`) });
}

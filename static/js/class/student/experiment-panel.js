/**
 * The experiment that the class makes: the question and a field for the prediction, a countdown, and at last the
 * prediction beside what was measured and what theory says.
 */

import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { figure, isNear } from "./near.js";
import { resultsTable } from "./results-table.js";
import { predict } from "./server.js";

export function createExperimentPanel(place) {
  let shown = null; // what the panel was built for
  let ends = null;
  let countdown = null;

  function show({ experiment, seat, group }) {
    ends = experiment?.ends_at ?? null;
    const key = JSON.stringify([experiment && [experiment.name, experiment.phase, experiment.results, experiment.prediction], seat.group]);
    if (key === shown) return;
    const isNews = experiment !== null && experiment.phase !== place.firstElementChild?.dataset.phase;
    const isSameQuestion = place.firstElementChild?.dataset.phase === "asked" && experiment?.phase === "asked";
    shown = key;
    if (isSameQuestion && place.contains(document.activeElement)) return; // somebody is typing
    place.replaceChildren(...(experiment === null ? [] : [PHASES[experiment.phase]({ experiment, seat, group })]));
    countdown = place.querySelector(".countdown");
    if (isNews && document.activeElement?.tagName !== "TEXTAREA") window.scrollTo(0, 0); // it stands above all else
  }

  /** @param {number} now - ms since 1970 by the server's clock. */
  function tick(now) {
    if (countdown === null || ends === null) return;
    setText(countdown, t("join.experiment.left", { count: Math.max(0, Math.ceil((ends - now) / 1000)) }));
  }

  return { show, tick };
}

const PHASES = { asked, running, explained };

function frameOf({ name, phase }, ...children) {
  return el("section.panel.experiment", { data: { phase }, testid: "experiment", "aria-label": t("join.experiment") },
    el("h2", {}, t(`experiment.${name}.title`)), ...children);
}

function question({ name, settings }) {
  return el("p.question", {}, t(`experiment.${name}.question`, settings));
}

function asked({ experiment }) {
  const unit = t(`unit.${experiment.unit}`);
  const value = el("input", {
    id: "prediction", type: "number", step: "any", inputmode: "decimal", testid: "prediction", required: true,
    value: experiment.prediction ?? "", "aria-describedby": "prediction-note",
  });
  const note = el("p.hint", { id: "prediction-note", role: "status", testid: "prediction-note" },
    experiment.prediction === null ? t("join.experiment.first") : t("join.experiment.kept"));
  const submit = async (event) => {
    event.preventDefault();
    try {
      await predict(value.valueAsNumber);
      setText(note, t("join.experiment.kept"));
      value.blur();
    } catch (error) {
      setText(note, error.status === 409 ? t("join.experiment.closed") : t("join.experiment.unread"));
    }
  };
  return frameOf(experiment, question(experiment),
    el("form.predict", { on: { submit } },
      el("label", { for: "prediction" }, t("join.experiment.prediction")), value, el("span", {}, unit),
      el("button.primary", { type: "submit", testid: "predict" }, t("join.experiment.give"))),
    note);
}

function running({ experiment }) {
  return frameOf(experiment, question(experiment), ownPrediction(experiment), el("p.countdown", {}),
    el("p.hint", {}, t("join.experiment.stay")));
}

function explained({ experiment, seat }) {
  const { prediction, results } = experiment;
  const { measured: answer, theory } = experiment.answer ?? { measured: null, theory: null };
  return frameOf(experiment, question(experiment),
    el("dl.verdict", {},
      ...pair(/* text */ "join.experiment.yours", prediction, experiment.unit),
      ...pair(/* text */ "join.experiment.measured", answer, experiment.unit),
      ...pair(/* text */ "join.experiment.theory", theory, experiment.unit)),
    el("p.marked", { testid: "mark", data: { right: String(isNear(prediction, answer)) } }, mark(prediction, answer)),
    results === null ? null : resultsTable(experiment, seat.group),
    el("p", {}, t(`experiment.${experiment.name}.why`, experiment.settings)));
}

function mark(prediction, answer) {
  if (answer === null) return t("join.experiment.nothing");
  if (prediction === null) return t("join.experiment.none");
  if (isNear(prediction, answer)) return t("join.experiment.right");
  return prediction < answer ? t("join.experiment.low") : t("join.experiment.high");
}

function ownPrediction({ prediction, unit }) {
  return el("p", {}, prediction === null ? t("join.experiment.none") : t("join.experiment.own", { value: figure(prediction), unit: t(`unit.${unit}`) }));
}

function pair(key, value, unit) {
  return [el("dt", {}, t(key)), el("dd", {}, value === null ? t("figure.none") : `${figure(value)} ${t(`unit.${unit}`)}`)];
}

/**
 * The page of one experiment, /labs/<number>: question, prediction, doing, seeing, explanation; each opens when the one
 * before is done.
 *
 * What an experiment's two modules export, `experiments/<name>.js` the model, which needs no page, and
 * `experiments/<name>-see.js` the pictures (and `createDo`, if it has its own):
 *
 * - `parameters(seed)`: the student's own numbers, by name; always the same for a seed (seeded.js).
 * - `questions(parameters)`: one to four, `{ key, unit, digits, theory, tolerance, mistakes }`. `unit` has a text
 *   `unit.<unit>`, `digits` are those after the point; `theory` is a number or null; `tolerance` and `mistakes` are
 *   marking.js's.
 * - `measure(results, parameters)`: `{ key: { value, error, samples } or null }`, in the questions' units, or a promise of it.
 * - `createSee(place, { parameters })`: the live pictures; returns `{ show(results) }`, called twice a second.
 *   Ready made are pictures/curve.js (theory's curve and measured points), pictures/lane-table.js, pictures/ladders.js.
 * - `plan(parameters)`: what bench.js does, and `fields`: `{ name, unit, min, max, step }` of those parameters that may be
 *   changed for free play, once the own run is marked. Or, where the bench is not the means, `createDo(place, on)`: as
 *   bench-do.js has it, with results of the experiment's own.
 * - `explanations`: how many paragraphs. `values(parameters)`: what stands in the places of its texts, if not just the
 *   parameters.
 *
 * Its texts: `lab.<name>.title`, `.claim` (of the article, which it answers), `.question`, `.do`, `.explain.1` and so on,
 * `.verdict`; for each question `.ask.<key>` (whole sentence) and `.name.<key>` (of the table); for each field
 * `.set.<name>`; for each mistake `.mistake.<key>`.
 */

import { stayAtMainPort } from "../lab/place.js";
import { restoreAppearance } from "../shell/appearance.js";
import { address } from "../shell/base.js";
import { el } from "../shell/dom.js";
import { buildHeader } from "../shell/header.js";
import { rich, t } from "../shell/language.js";
import { roomOfPage } from "../shell/room.js";
import { createBenchDo } from "./bench-do.js";
import { LABS, labNumbered, loadLab, numberInPath } from "./catalogue.js";
import { createExplanation } from "./explain.js";
import { mark } from "./marking.js";
import { createPredictions } from "./predict.js";
import { dropResult, keepResult, resultOf } from "./results.js";
import { seedOfStudent } from "./seed.js";
import { seedField } from "./seed-field.js";
import { createSteps } from "./steps.js";

restoreAppearance();
stayAtMainPort();
buildHeader(document.getElementById("header"), { page: "labs", room: roomOfPage().room });
const lab = labNumbered(numberInPath(location.pathname));
const main = document.getElementById("lab");
document.title = t("labs.title-of", { title: t(`lab.${lab.name}.title`) });
main.append(heading());
if (!lab.isThere) main.append(el("p.panel.not-yet", {}, t("labs.not-yet")));
else makeLab(await loadLab(lab));
main.append(neighbours());
document.documentElement.dataset.ready = "true";

function heading() {
  const title = t(`lab.${lab.name}.title`);
  return el("div.lab-top", {},
    el("p.crumb", {}, el("a", { href: address("labs") }, t("labs.all")), " · ", t("labs.number", { number: lab.number, all: LABS.length }),
      ...(lab.isThere ? [" · ", el("a", { href: address(`labs/${lab.number}/sheet`), testid: "sheet-link" }, t("sheet.link"))] : [])),
    el("h1", {}, title));
}

function neighbours() {
  const link = (number, key) => {
    const other = labNumbered(number);
    return other && el("a.door", { href: address(`labs/${number}`) }, t(key, { number, title: t(`lab.${other.name}.title`) }));
  };
  return el("nav.neighbours", { "aria-label": t("labs.others") },
    link(lab.number - 1, /* text */ "labs.before"), link(lab.number + 1, /* text */ "labs.after"));
}

/** @param {object} experiment - what loadLab returns. */
function makeLab(experiment) {
  const { name, number } = experiment;
  const seed = seedOfStudent();
  const own = experiment.parameters(seed);
  const questions = experiment.questions(own);
  const values = experiment.values?.(own) ?? own;
  const steps = createSteps();
  const kept = resultOf(number, seed);
  let predictions = kept?.predictions ?? null;
  let see = null;

  // ---- question and prediction

  steps.place("question").append(
    el("p.article", {}, el("span.label", {}, t("labs.article")), t(`lab.${name}.claim`)),
    el("p", {}, rich(`lab.${name}.question`, values)));
  createPredictions(steps.place("predict"), { experiment, questions, values, predictions, onGiven: give });

  function give(given) {
    predictions = given;
    keep({ measured: null, marks: null, disturbed: [] });
    steps.finish("predict");
    steps.open("do", { isNews: true });
  }

  function keep(more) {
    const of = (what) => Object.fromEntries(questions.map((question) => [question.key, question[what]]));
    keepResult(number, { seed, at: Date.now(), predictions, theory: of("theory"), units: of("unit"), digits: of("digits"), ...more });
  }

  // ---- doing and seeing

  const strip = el("div.bench-strip", { role: "group", "aria-label": t("labs.bench.connections"), hidden: true });
  const doing = (experiment.createDo ?? createBenchDo)(steps.place("do"), {
    experiment, own, values, strip, seed,
    onBegin(parameters) {
      steps.open("see");
      steps.place("see").replaceChildren();
      see = experiment.createSee(steps.place("see"), { parameters });
    },
    onNews: (results) => see.show(results),
    onDone: judge,
  });

  /** @param {boolean} isOwn - it ran with the student's own numbers, to its end. */
  async function judge(results, isOwn) {
    see.show(results);
    if (!isOwn) return;
    const measured = await experiment.measure(results, own);
    const marks = Object.fromEntries(questions.map((question) => [
      question.key, mark({ ...question, answer: predictions[question.key], measured: measured[question.key] }),
    ]));
    keep({ measured, marks, disturbed: results.disturbed ?? [], clockErrorMs: results.clockErrorMs ?? null });
    showExplanation(resultOf(number, seed), { isNews: true });
  }

  // ---- explanation

  const explanation = createExplanation(steps.place("explain"), { experiment, questions, values, onAgain: again });

  function showExplanation(result, { isNews }) {
    explanation.show(result);
    steps.open("explain", { isNews });
    for (const step of ["question", "do", ...(isNews ? ["see"] : []), "explain"]) steps.finish(step);
    doing.free();
  }

  function again() {
    doing.leave();
    dropResult(number);
    location.reload();
  }

  main.append(seedField(seed), steps.element("question"), steps.element("predict"), steps.element("do"), strip, steps.element("see"), steps.element("explain"));
  steps.open("question");
  steps.open("predict");
  if (predictions !== null) {
    steps.finish("predict");
    steps.open("do");
  }
  if (kept?.measured) showExplanation(kept, { isNews: false });
  window.addEventListener("pagehide", () => doing.leave());
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}

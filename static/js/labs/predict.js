/**
 * The predictions: a field for each question, with its unit. Given once, they are kept and no longer changed.
 */

import { el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { unitText } from "./words.js";

/**
 * @param {object} given
 * @param {object[]} given.questions
 * @param {Object<string, number> | null} given.predictions - those given before.
 * @param {(predictions: Object<string, number>) => void} given.onGiven
 */
export function createPredictions(place, { experiment, questions, values, predictions, onGiven }) {
  const rows = questions.map((question) => createRow(question, experiment.name, values));
  const note = el("p.hint", { role: "status", testid: "predict-note" });
  const submit = el("button.primary", { type: "submit", testid: "predict" }, t("labs.predict.give"));
  const form = el("form.predictions", { novalidate: true, on: { submit: take } }, rows.map(({ element }) => element), el("div.buttons", {}, submit), note);

  function take(event) {
    event.preventDefault();
    const wrong = rows.filter((row) => !row.check());
    if (wrong.length > 0) {
      setText(note, t("labs.predict.first"));
      wrong[0].input.focus();
      return;
    }
    const given = Object.fromEntries(rows.map(({ key, input }) => [key, input.valueAsNumber]));
    close(given);
    onGiven(given);
  }

  function close(given) {
    for (const row of rows) row.close(given[row.key]);
    submit.hidden = true;
    setText(note, t("labs.predict.kept"));
  }

  setText(note, t("labs.predict.first"));
  place.append(form);
  if (predictions !== null) close(predictions);
}

function createRow({ key, unit }, name, values) {
  const id = `predict-${key}`;
  const input = el("input", { id, type: "number", step: "any", min: 0, inputmode: "decimal", required: true, testid: id, autocomplete: "off" });
  const label = el("label", { for: id }, t(`lab.${name}.ask.${key}`, values));
  const element = el("div.prediction", {}, label, el("span.prediction-field", {}, input, el("span.unit", {}, unitText(unit))));
  const check = () => {
    const isRight = input.checkValidity() && Number.isFinite(input.valueAsNumber);
    input.setAttribute("aria-invalid", String(!isRight));
    return isRight;
  };
  input.addEventListener("input", () => input.removeAttribute("aria-invalid"));
  return {
    key, input, element, check,
    close(value) {
      input.value = String(value);
      input.readOnly = true;
    },
  };
}

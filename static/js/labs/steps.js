/**
 * The five steps of an experiment, in a column: what is locked says what opens it.
 */

import { el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";

export const STEPS = ["question", "predict", "do", "see", "explain"];

export function createSteps() {
  const steps = new Map(STEPS.map((name, index) => [name, createStep(name, index + 1)]));
  return {
    element: (name) => steps.get(name).element,
    /** Where its content goes. */
    place: (name) => steps.get(name).place,
    open: (name, options) => steps.get(name).open(options),
    finish: (name) => steps.get(name).finish(),
  };
}

function createStep(name, number) {
  const place = el("div.step-body", { hidden: true });
  const state = el("span.offscreen", {}, t("labs.step.closed"));
  const title = el("h2", { tabindex: "-1", id: `step-${name}` }, el("span.step-number", {}, String(number)), t(`labs.step.${name}`), " ", state);
  const hint = el("p.hint.step-locked", {}, t(`labs.step.${name}.locked`));
  const element = el("section.panel.step", { testid: `step-${name}`, data: { state: "closed" }, "aria-labelledby": title.id }, title, hint, place);

  /** @param {boolean} options.isNews - it opens by what was just done: show where to go on. */
  function open({ isNews = false } = {}) {
    if (element.dataset.state === "closed") element.dataset.state = "open";
    setText(state, "");
    hint.hidden = true;
    place.hidden = false;
    if (isNews) element.scrollIntoView({ block: "nearest" });
  }

  function finish() {
    element.dataset.state = "done";
    setText(state, t("labs.step.done"));
  }

  return { element, place, open, finish };
}

/**
 * The stage: one view at a time, built when it is first shown and told each state while it is.
 */

import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { VIEWS } from "./views.js";

/**
 * @param {HTMLElement} place
 * @returns `show(state, wanted?)`: `wanted` is a view's name in place of that which the teacher chose; `message(message)` and
 *   `anew()` for the conversation; `name`, the view that is shown.
 */
export function createStage(place, source) {
  const built = new Map();
  const stage = { show, name: null, view: viewNamed };

  function viewNamed(name) {
    const known = VIEWS[name] ? name : "nothing";
    if (!built.has(known)) built.set(known, VIEWS[known](source));
    return built.get(known);
  }

  function show(state, wanted = state.shows) {
    const view = viewNamed(wanted);
    if (stage.name !== wanted) {
      stage.name = wanted;
      place.dataset.view = VIEWS[wanted] ? wanted : "nothing";
      place.replaceChildren(view.element);
    }
    view.show(state);
  }

  return stage;
}

/** A view: its heading, which may be of the state, and what stands below it. */
export function viewOf(name, show, ...children) {
  return { element: el("section.view", { testid: `view-${name}`, "aria-label": t(`console.view.${name}`) }, ...children), show };
}

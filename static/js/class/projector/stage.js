/**
 * The stage: one view at a time, built when it is first shown and told each state while it is, in type as big as fits.
 * When the class has ended, that stands above what was shown last.
 */

import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { fit } from "./fit.js";
import { VIEWS } from "./views.js";

/**
 * @param {HTMLElement} place
 * @param {{ messages?: object[] }} source - of a recording: its messages so far; see chat-view.js.
 * @returns `show(state, wanted?)`: `wanted` is a view's name in place of that which the teacher chose; `view(name)`, and
 *   `name`, the view that is shown.
 */
export function createStage(place, source) {
  const built = new Map();
  const ended = el("p.ended", { role: "status", testid: "ended" });
  const stage = { show, name: null, view: viewNamed };
  let last = null;

  function viewNamed(name) {
    const known = VIEWS[name] ? name : "nothing";
    if (!built.has(known)) built.set(known, VIEWS[known](source));
    return built.get(known);
  }

  function show(state, wanted = state.shows) {
    const view = viewNamed(wanted);
    last = [state, wanted];
    const isOver = state.class.state === "ended";
    if (stage.name !== wanted || ended.isConnected !== isOver) {
      stage.name = wanted;
      place.dataset.view = VIEWS[wanted] ? wanted : "nothing";
      ended.textContent = t("projector.ended");
      place.replaceChildren(...(isOver ? [ended] : []), view.element);
    }
    view.show(state);
    fit(view);
  }

  new ResizeObserver(() => last !== null && place.contains(viewNamed(stage.name).element) && show(...last)).observe(place);
  return stage;
}

/** A view, with what stands in it; `type` is how it may be fitted, see fit.js. */
export function viewOf(name, show, children, type = {}) {
  return { element: el("section.view", { testid: `view-${name}`, "aria-label": t(`console.view.${name}`) }, ...children), show, ...type };
}

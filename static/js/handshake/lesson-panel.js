/**
 * The lessons to choose from, and the steps of the one that is at hand: what to send, what to expect, what came.
 */

import { button, el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { GROUPS } from "./lessons.js";

/**
 * @param {{ choices: Element, steps: Element }} places
 * @param {(lesson: object) => void} onChoose
 * @param {() => void} onNext - the next step is wanted.
 */
export function createLessonPanel(places, { onChoose, onNext }) {
  const verdict = el("p.lesson-verdict", { role: "status", testid: "lesson-verdict" });
  const differs = el("p.differs", { testid: "lesson-differs" });
  const next = button(t("lesson-panel.next"), () => onNext(), { testid: "lesson-next", hidden: true });
  const again = button(t("lesson-panel.again"), () => onChoose(shown.lesson), { testid: "lesson-again", hidden: true });
  const outcome = el("div.outcome", {}, verdict, differs, el("div.buttons", {}, next, again));
  const title = el("h3", { testid: "lesson-title" });
  const list = el("ol.lesson-steps", { testid: "lesson-steps" });
  const buttons = new Map();
  let shown = null; // the run
  let lastFound = null;

  places.choices.append(...GROUPS.map((group) => el("div.lesson-group", { role: "group", "aria-label": group.title },
    el("h3", {}, group.title), el("div.buttons", {}, group.lessons.map((lesson) => choice(lesson))))));
  places.steps.append(title, list);

  function choice(lesson) {
    const made = button(lesson.title, () => onChoose(lesson), { class: "chip", testid: `lesson-${lesson.name}`, "aria-pressed": "false" });
    buttons.set(lesson.name, made);
    return made;
  }

  /** Shows a run from where it is. */
  function show(run) {
    shown = run;
    for (const [name, made] of buttons) made.setAttribute("aria-pressed", String(name === run.lesson.name));
    setText(title, run.lesson.title);
    list.replaceChildren(...run.lesson.steps.map((step, index) => item(step, index, run)));
    say();
  }

  function item(step, index, run) {
    const isNow = index === run.index;
    const connections = new Set(run.lesson.steps.map(({ on }) => on));
    const heading = run.lesson.steps.length === 1 ? null : el("h4", {}, connections.size > 1 ? t("lesson-panel.connection", { number: step.on }) : null, step.title ?? run.lesson.title);
    if (!isNow) return el("li", { data: { done: String(index < run.index) } }, heading);
    return el("li", { "aria-current": "step" }, heading,
      el("p", {}, step.does, " ", el("span.source-of", {}, step.source)),
      el("p.expected", {}, el("strong", {}, t("lesson-panel.expect")), t("lesson-panel.says", { says: step.expect.says })),
      outcome);
  }

  /** Says how the step at hand stands; `problem` is why nothing can be sent. */
  function say(problem = null) {
    const { verdict: found, isWaiting, isLast, step } = shown;
    outcome.dataset.good = found ? String(found.good) : "";
    setText(verdict, problem ?? said(found, isWaiting));
    const other = found?.good ? step.differs : undefined;
    differs.replaceChildren(...(other ? [el("strong", {}, t("lesson-panel.differs")), other] : []));
    next.hidden = !found?.good || isLast;
    again.hidden = !(found && (isLast || !found.good)) && problem === null;
    if (problem !== null || (found && found !== lastFound)) outcome.scrollIntoView({ block: "nearest" }); // on a phone Send is far below
    lastFound = found;
  }

  return { show, say };
}

function said(verdict, isWaiting) {
  if (verdict === null) return isWaiting ? t("lesson-panel.waiting") : t("lesson-panel.filled");
  return verdict.good ? t("lesson-panel.good", { came: verdict.came }) : t("lesson-panel.bad", { came: verdict.came });
}

/** What the projector shows: one thing at a time, chosen here. */

import { el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { buttonRow, createSaid, part } from "./controls.js";

const VIEWS = ["address", "people", "delays", "bytes", "faults", "experiment", "chat", "nothing"];

export function createProjector(commands) {
  const said = createSaid();
  const views = buttonRow({
    label: t("console.part.projector"), testid: "show", onPress: (value) => said.attempt(() => commands.show(value)),
    options: VIEWS.map((each) => [each, t(`console.view.${each}`), t(`console.view.${each}.hint`)]),
  });
  const hint = el("p.hint", { testid: "view-hint" });
  return {
    element: part("projector", views.element, hint, said.element),
    show({ shows }) {
      views.show(shows);
      setText(hint, VIEWS.includes(shows) ? t(`console.view.${shows}.hint`) : "");
    },
  };
}

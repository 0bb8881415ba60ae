/** What the projector shows: one thing at a time, chosen here. */

import { t } from "../../shell/language.js";
import { buttonRow, createSaid, part } from "./controls.js";

const VIEWS = ["address", "people", "delays", "bytes", "faults", "experiment", "chat", "nothing"];

export function createProjector(commands) {
  const said = createSaid();
  const views = buttonRow({
    label: t("console.part.projector"), testid: "show", onPress: (value) => said.attempt(() => commands.show(value)),
    options: VIEWS.map((each) => [each, t(`console.view.${each}`), t(`console.view.${each}.hint`)]),
  });
  return { element: part("projector", views.element, said.element), show: ({ shows }) => views.show(shows) };
}

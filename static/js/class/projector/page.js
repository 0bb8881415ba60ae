/**
 * What the projector of a class shows: one thing at a time, in big type, chosen at the teacher's console. Nothing secret.
 */

import { restoreAppearance } from "../../shell/appearance.js";
import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { createLive } from "../live.js";
import { createFoot } from "./foot.js";
import { createStage } from "./stage.js";

restoreAppearance();
const place = document.getElementById("stage");
const stage = createStage(place, {});
const foot = createFoot(document.getElementById("foot"));
let isAway = false;

function show(state) {
  stage.view("chat").show(state); // reads on while something else is shown: a busy room's history is short
  stage.show(state);
  foot.show(state);
  document.title = state.class.title ? `${state.class.title} · pushdemo` : t("projector.title");
}

function say(text) {
  place.replaceChildren(el("section.view", {}, el("h1.alone", {}, text)));
}

createLive({
  hello: { role: "projector" },
  onState: show,
  onProblem: () => say(t("join.no-class")),
  onLink: (link) => {
    isAway = link === "away";
    foot.say(isAway ? t("projector.away") : link === "over" ? t("projector.ended") : "");
    if (isAway && stage.name === null) say(t("join.away"));
  },
});
document.documentElement.dataset.ready = "true";

/**
 * What the projector of a class shows: one thing at a time, in big type, chosen at the teacher's console. Nothing secret.
 * With `?replay=recordings/NAME.jsonl` it shows a recorded class instead, and asks no server for a live one.
 */

import { restoreAppearance } from "../../shell/appearance.js";
import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { createLive } from "../live.js";
import { isWithoutClass } from "../whether-on.js";
import { createFoot } from "./foot.js";
import { askedFor } from "./recordings.js";
import { offer, showReplay } from "./replay-page.js";
import { createStage } from "./stage.js";

restoreAppearance();
const place = document.getElementById("stage");
const footPlace = document.getElementById("foot");

function showLive() {
  const stage = createStage(place, {});
  const foot = createFoot(footPlace);
  let live = null;

  function show(state) {
    stage.view("chat").show(state); // reads on while something else is shown: a busy room's history is short
    stage.show(state);
    foot.show(state);
    document.title = state.class.title ? `${state.class.title} · pushdemo` : t("projector.title");
  }

  function tellOfNoClass() {
    live.close();
    offer(place, footPlace, t("join.no-class"));
  }

  async function tellWhyNothingComes() {
    place.replaceChildren(el("section.view", {}, el("h1.alone", {}, t("join.away"))));
    if ((await isWithoutClass()) && stage.name === null) tellOfNoClass();
  }

  live = createLive({
    hello: { role: "projector" },
    onState: show,
    onProblem: tellOfNoClass,
    onLink: (link) => {
      foot.say(link === "away" ? t("projector.away") : link === "over" ? t("projector.ended") : "");
      if (link === "away" && stage.name === null) tellWhyNothingComes();
    },
  });
}

const asked = askedFor();
if (asked === null) showLive();
else await showReplay(place, footPlace, asked);
document.documentElement.dataset.ready = "true";

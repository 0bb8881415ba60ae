/**
 * A recorded class on the projector's page: its views are fed by the player in place of the live socket.
 */

import { el } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { replayLink } from "../replay-link.js";
import { createPlayer } from "../replay.js";
import { createFoot } from "./foot.js";
import { fetchRecording, ownFileButton } from "./recordings.js";
import { createReplayBar, signOf } from "./replay-bar.js";
import { createStage } from "./stage.js";

/**
 * @param {HTMLElement} place - the stage.
 * @param {HTMLElement} footPlace
 * @param {string} path - of a recording under static/; "" lets the viewer choose.
 */
export async function showReplay(place, footPlace, path) {
  if (path === "") return offer(place, footPlace, t("replay.choose"));
  const recording = await fetchRecording(path).catch((error) => error);
  if (recording instanceof Error) return offer(place, footPlace, recording.message);
  return play(place, footPlace, recording);
}

/** Say something on the stage, and that there are recordings to look at. */
export function offer(place, footPlace, word) {
  const heading = el("h1.alone", { role: "status", testid: "word" }, word);
  const own = ownFileButton((recording) => play(place, footPlace, recording), (sentence) => { heading.textContent = sentence; });
  place.dataset.view = "nothing";
  place.replaceChildren(el("section.view", {}, heading, el("p.offer", {}, replayLink(), own)));
}

function play(place, footPlace, recording) {
  const source = { messages: [] };
  const stage = createStage(place, source);
  const foot = createFoot(footPlace);
  const barPlace = el("section.replay", { "aria-label": t("replay.sign") });
  let state = null;
  let wanted = null; // what the viewer chose to see
  let bar = null;

  function show() {
    if (state === null) return;
    stage.show(state, wanted ?? state.shows);
    foot.show(state);
  }

  const player = createPlayer(recording, {
    onState: (news) => {
      state = news;
      show();
    },
    onMessages: (messages, isAnew) => {
      source.messages = isAnew ? messages : [...source.messages, ...messages];
      if (!isAnew) show(); // else the state of that moment comes next
    },
    onChange: () => bar?.show(),
  });
  const choose = (name) => {
    wanted = name;
    show();
  };
  const another = ownFileButton((next) => {
    player.pause();
    bar.close();
    play(place, footPlace, next);
  }, (sentence) => foot.say(sentence));
  bar = createReplayBar(barPlace, { recording, player, onView: choose, more: [another] });
  footPlace.append(signOf(recording.head));
  document.querySelector(".replay")?.remove();
  document.body.append(barPlace);
  document.documentElement.dataset.replay = "true";
  place.replaceChildren();
  player.seek(0);
  document.title = `${t("replay.sign")} · ${state.class.title || t("join.heading")}`;
  barPlace.querySelector("button").focus({ preventScroll: true });
}

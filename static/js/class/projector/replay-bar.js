/**
 * The bar below a recorded class: play and pause, the moment, the speed, what to show, and what to save.
 */

import { button, el, setText } from "../../shell/dom.js";
import { language, t } from "../../shell/language.js";
import { languageSwitch } from "../../shell/language-switch.js";
import { SPEEDS } from "../replay.js";
import { saveCapture } from "./recordings.js";
import { VIEWS } from "./views.js";

const STEP_MS = 5000; // of an arrow key
const AS_SHOWN = ""; // what the teacher showed then

/**
 * @param {HTMLElement} place
 * @param {object} options `recording`; `player`; `onView(name | null)`: the viewer chose what to show, or null for what the
 *   teacher showed; `more`: nodes that stand at the end.
 * @returns `show()`, to be called when the player has changed, and `close()`.
 */
export function createReplayBar(place, { recording, player, onView, more }) {
  const playing = button("", toggle, { class: "play", testid: "play", "aria-keyshortcuts": "Space" });
  const time = el("output.time", { testid: "replay-time" });
  const scrubber = el("input", {
    type: "range", min: 0, max: recording.lengthMs, step: 100, value: 0, testid: "scrubber", "aria-label": t("replay.moment"),
    on: { input: () => player.seek(Number(scrubber.value)) },
  });
  const marks = createMarks(recording, (at) => player.seek(at));
  const speeds = choiceOf(t("replay.speed"), SPEEDS.map((each) => [each, `${each}×`]), "speed", (times) => player.setSpeed(times));
  const views = choiceOf(t("replay.view"), viewNames(), "show", (name) => {
    views.press(name);
    onView(name === AS_SHOWN ? null : name);
  });
  views.press(AS_SHOWN);
  place.replaceChildren(
    el("div.replay-row", {}, playing, time, el("div.scrubber", {}, scrubber, marks.track), marks.list, speeds.element),
    el("div.replay-row", {}, views.element, captures(recording), ...more, languageSwitch()));

  function toggle() {
    if (player.isPlaying) player.pause();
    else player.play();
  }

  function show() {
    setText(playing, player.isPlaying ? t("replay.pause") : t("replay.play"));
    setText(time, `${minutes(player.at)} / ${minutes(player.lengthMs)}`);
    scrubber.value = player.at;
    scrubber.setAttribute("aria-valuetext", minutes(player.at));
    marks.show(player.at);
    speeds.press(player.speed);
  }

  const onKey = (event) => pressed(event, { toggle, player });
  document.addEventListener("keydown", onKey);
  return { show, close: () => document.removeEventListener("keydown", onKey) };
}

/** Keys of their own have a button, on which the space bar presses it, and a list, whose arrows choose. */
function pressed(event, { toggle, player }) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("select")) return;
  const faster = SPEEDS[SPEEDS.indexOf(player.speed) + 1];
  const slower = SPEEDS[SPEEDS.indexOf(player.speed) - 1];
  const action = {
    " ": event.target.matches("button, a") ? undefined : toggle,
    ArrowLeft: () => player.seek(player.at - STEP_MS),
    ArrowRight: () => player.seek(player.at + STEP_MS),
    ArrowUp: () => faster && player.setSpeed(faster),
    ArrowDown: () => slower && player.setSpeed(slower),
    Home: () => player.seek(0),
    End: () => player.seek(player.lengthMs),
  }[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
}

/** The sign that none of it is live, and when and on what it was. */
export function signOf({ made_at: madeAt, machine }) {
  const date = new Intl.DateTimeFormat(language().locale, { dateStyle: "medium", timeStyle: "short" }).format(madeAt);
  return el("p.replay-sign", { testid: "replay-sign" }, el("strong", {}, t("replay.sign")), ` ${t("replay.made", { date, machine: machine ?? "?" })}`);
}

/** When experiments and faults began: on the scrubber's track, and by name in a list that leads there. */
function createMarks({ marks, lengthMs }, onChoose) {
  const nameOf = ({ what, name }) => (what === "fault" ? t(`fault.${name}`) : t(`experiment.${name}.title`));
  const list = el("select", { testid: "marks", "aria-label": t("replay.marks"), on: { change: () => onChoose(marks[list.value]?.at ?? 0) } },
    el("option", { value: -1 }, `0:00 ${t("replay.begin")}`),
    marks.map((mark, number) => el("option", { value: number }, `${minutes(mark.at)} ${nameOf(mark)}`)));
  const track = el("div.track", { "aria-hidden": "true" }, marks.map((mark) => {
    const made = el("span.moment", { title: `${minutes(mark.at)} ${nameOf(mark)}`, data: { what: mark.what } }, mark.what === "fault" ? "✕" : "▲");
    made.style.insetInlineStart = `${(100 * mark.at) / Math.max(1, lengthMs)}%`;
    return made;
  }));
  return { list, track, show: (at) => { list.value = marks.filter((mark) => mark.at <= at).length - 1; } };
}

function viewNames() {
  const names = Object.keys(VIEWS).filter((name) => name !== "nothing").map((name) => [name, t(`console.view.${name}`)]);
  return [[AS_SHOWN, t("replay.as-shown")], ...names];
}

function choiceOf(label, values, testid, onChoose) {
  const buttons = values.map(([value, text]) => [value, button(text, () => onChoose(value), { testid: `${testid}-${value}` })]);
  return {
    element: el(`div.choice.${testid}`, { role: "group", "aria-label": label }, buttons.map(([, made]) => made)),
    press: (chosen) => buttons.forEach(([value, made]) => made.setAttribute("aria-pressed", String(value === chosen))),
  };
}

function captures({ captures: all }) {
  if (all.length === 0) return null;
  return el("div.choice", { role: "group", "aria-label": t("replay.captures") }, el("span.less", {}, t("replay.captures")),
    all.map((each) => button(each.group, () => saveCapture(each), { testid: `capture-${each.group}`, title: t("replay.capture", { group: each.group }) })));
}

function minutes(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

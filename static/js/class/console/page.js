/**
 * The teacher's console. Who has the token is the teacher: it comes in the address's fragment, which is sent to nobody, and
 * is then kept for this tab alone.
 */

import { restoreAppearance } from "../../shell/appearance.js";
import { el } from "../../shell/dom.js";
import { rich, t } from "../../shell/language.js";
import { forTab } from "../../shell/storage.js";
import { createCommands } from "../commands.js";
import { buildClassHeader } from "../header.js";
import { createLive } from "../live.js";
import { replayLink } from "../replay-link.js";
import { isWithoutClass } from "../whether-on.js";
import { createChat } from "./chat.js";
import { createExperiments } from "./experiments.js";
import { createFigures } from "./figures.js";
import { createGroups } from "./groups.js";
import { createMetronome, createSimulated } from "./metronome.js";
import { createProjector } from "./projector.js";
import { createStudents } from "./students.js";
import { createTop } from "./top.js";

const TOKEN = "teacher";
const TICK_MS = 1000;
restoreAppearance();
buildClassHeader(document.getElementById("header"));
const place = document.getElementById("place");
let parts = null;
let live = null;
let last = null; // the last state, and when it came

function tokenOfPage() {
  const given = new URLSearchParams(location.hash.slice(1)).get(TOKEN);
  if (given === null) return forTab.get(TOKEN);
  forTab.set(TOKEN, given);
  history.replaceState(history.state, "", location.pathname + location.search);
  return given;
}

/** Ask for the token; `why` says what was wrong with the one before. */
function askForToken(why) {
  const input = el("input", { id: "token", testid: "token", autocomplete: "off", spellcheck: "false", required: true });
  const submit = (event) => {
    event.preventDefault();
    const given = input.value.trim();
    const token = given.includes(`#${TOKEN}=`) ? given.slice(given.indexOf("=", given.indexOf("#")) + 1) : given;
    forTab.set(TOKEN, token);
    begin(token);
  };
  place.replaceChildren(el("section.token-page", {},
    el("h1", {}, t("console.token.heading")), el("p", { role: "status", testid: "token-why" }, why),
    el("form.enter", { on: { submit } }, el("label", { for: "token" }, t("console.token.label")), input,
      el("button.primary", { type: "submit", testid: "token-enter" }, t("console.token.enter")))));
}

function begin(token) {
  live?.close();
  live = createLive({
    hello: { role: "teacher", token },
    onState: (state) => show(state, token),
    onProblem: ({ status, detail }) => {
      const isWrong = status === 403;
      if (isWrong) forTab.set(TOKEN, null);
      takeDown();
      askForToken(isWrong ? t("console.token.wrong") : detail);
    },
    onLink: showLink,
  });
}

async function tellWhyNothingComes() {
  const isWithout = await isWithoutClass();
  if (parts === null) warn(...(isWithout ? noClass() : [t("console.away.first")]));
}

function noClass() {
  return [...rich("console.no-class"), " ", replayLink()];
}

function warn(...why) {
  place.replaceChildren(el("p.warning", { role: "status", testid: "away" }, el("span", {}, ...why)));
}

function show(state, token) {
  parts ??= build(createCommands(token));
  for (const each of parts.shown) each.show(state);
  last = { state, at: performance.now() };
  parts.ended.hidden = state.class.state !== "ended";
  document.title = state.class.title ? `${state.class.title} · pushdemo` : t("console.title");
}

/** A countdown goes on between two states, which come when something has changed. */
function tick() {
  if (parts === null) return;
  const now = last.state.now + performance.now() - last.at;
  for (const each of parts.counting) each.show({ ...last.state, now });
}

function build(commands) {
  const chat = createChat(commands);
  const made = {
    top: createTop(commands), projector: createProjector(commands), metronome: createMetronome(commands), simulated: createSimulated(commands),
    experiments: createExperiments(commands), groups: createGroups(commands), figures: createFigures(), students: createStudents(commands), chat,
  };
  const away = el("p.warning", { hidden: true, testid: "away", role: "status" }, t("console.away"));
  const ended = el("p.warning", { hidden: true, testid: "ended" }, t("console.ended"));
  const column = (name, ...names) => el(`div.column.${name}`, {}, names.map((each) => made[each].element));
  const console = el("div.console", {},
    column("commands", "top", "projector", "metronome", "experiments", "chat", "simulated"),
    column("room", "groups"), column("people", "students", "figures"));
  place.replaceChildren(el("h1.offscreen", {}, t("console.token.heading")), away, ended, console);
  return { shown: Object.values(made), counting: [made.experiments, made.groups], away, ended, chat, console };
}

function showLink(link) {
  if (parts === null) {
    if (link === "away") tellWhyNothingComes();
    return;
  }
  parts.away.hidden = link !== "away";
  parts.console.inert = link === "away"; // nothing can be commanded meanwhile
}

function takeDown() {
  parts?.chat.close();
  parts = null;
}

setInterval(tick, TICK_MS);
window.addEventListener("pagehide", () => parts?.chat.close());
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
const token = tokenOfPage();
if (token === null) {
  askForToken(t("console.token.none"));
  if (await isWithoutClass()) warn(...noClass()); // it is not for want of a token
} else begin(token);
document.documentElement.dataset.ready = "true";

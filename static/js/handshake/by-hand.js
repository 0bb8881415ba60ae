/**
 * Speaking to the server by hand: lessons, an editor, up to four connections side by side, and what crosses them.
 */

import { button, el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { fromBase64 } from "../wire/byte-rows.js";
import { createUnitView } from "../wire/unit-view.js";
import { createAcceptCheck } from "./accept-check.js";
import { keyOfRequest, readAnswer } from "./answers.js";
import { createConsole } from "./console.js";
import { createCrossed } from "./crossed.js";
import { createEditor } from "./editor.js";
import { createLessonPanel } from "./lesson-panel.js";
import { createRun } from "./lesson-run.js";
import { GROUPS } from "./lessons.js";

const MOST_CONNECTIONS = 4;
const GONE = t("by-hand.gone");

/**
 * @param {Element} place
 * @param {URL} url - of the WebSocket by which the bytes go.
 * @param {object} here - what the lessons have to know: `{ host, origin, base }`.
 * @param {(key: string, accept: string) => void} onCompute - the calculator is wanted.
 */
export function createByHand(place, { url, here, onCompute, WebSocket = globalThis.WebSocket }) {
  const connections = [];
  const live = el("p.offscreen", { "aria-live": "polite", testid: "by-hand-live" });
  const tablist = el("div.connections", { role: "tablist", "aria-label": t("by-hand.connections") });
  const more = button(t("by-hand.another"), () => choose(addConnection()), { class: "quiet", testid: "another-connection" });
  const editor = createEditor({ onSend: send });
  const actions = {
    send: button(t("by-hand.send"), send, { class: "primary", testid: "send" }),
    end: button(t("by-hand.end"), () => now.console.finish(), { testid: "end" }),
    reset: button(t("by-hand.reset"), () => now.console.reset(), { testid: "reset" }),
    clear: button(t("by-hand.clear"), () => clear(), { class: "quiet", testid: "clear" }),
  };
  const waiting = el("p.hint.waiting", { testid: "waiting" });
  const panels = el("div.panels");
  const unitPlace = el("div.unit-place");
  const choices = el("div.lesson-choices");
  const steps = el("section.panel.lesson", { "aria-label": t("by-hand.lesson"), testid: "lesson" });
  const lessons = createLessonPanel({ choices, steps }, { onChoose: begin, onNext: nextStep });
  const view = createUnitView(unitPlace);
  let now = null;
  let run = null;

  place.append(
    el("p.hint.lead", {}, t("by-hand.lead")),
    choices,
    el("div.desk", {}, steps,
      el("section.panel.sending", { "aria-label": t("by-hand.send") },
        el("div.connections-bar", {}, tablist, more), editor.element,
        el("div.buttons", {}, actions.send, actions.end, actions.reset))),
    el("section.panel.wire.conversation-by-hand", { "aria-label": t("by-hand.conversation") },
      el("div.part-head", {}, el("h3", {}, t("by-hand.conversation")), actions.clear),
      panels, waiting, live, unitPlace));
  addConnection();
  choose(connections[0]);
  begin(GROUPS[0].lessons[0]);
  return { close: () => connections.forEach((each) => each.console.close()) };

  // ---- connections

  function addConnection() {
    const number = connections.length + 1;
    const made = { number, isFresh: false, key: "", waiting: "" };
    made.tab = button(t("by-hand.connection", { number }), () => choose(made), {
      role: "tab", id: `connection-${number}`, "aria-controls": `connection-${number}-panel`, testid: `connection-${number}`,
      on: { click: () => choose(made), keydown: goToTab },
    });
    made.crossed = createCrossed({ onOpen: (full) => look(made, full) });
    made.check = createAcceptCheck({ onCompute });
    made.panel = el("div.connection-panel", { role: "tabpanel", id: `connection-${number}-panel`, "aria-labelledby": made.tab.id },
      made.crossed.element, made.check.element);
    made.console = createConsole({ url, WebSocket, onUnit: (full) => take(made, full), onEvent: (event) => note(made, event) });
    connections.push(made);
    tablist.append(made.tab);
    panels.append(made.panel);
    more.hidden = connections.length >= MOST_CONNECTIONS;
    return made;
  }

  function choose(connection) {
    now = connection;
    for (const each of connections) {
      each.tab.setAttribute("aria-selected", String(each === now));
      each.tab.tabIndex = each === now ? 0 : -1;
      each.panel.hidden = each !== now;
    }
    const { current } = now.crossed;
    if (current) look(now, current);
    else view.clear();
    showState();
  }

  function look(connection, full) {
    view.show(full);
    if (full.accept) connection.check.show(full.compareKey, full.accept);
    else connection.check.hide();
  }

  function goToTab(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = connections[(now.number - 1 + step + connections.length) % connections.length];
    choose(next);
    next.tab.focus();
  }

  function showState() {
    const { isThere, takesMore } = now.console;
    actions.send.disabled = isThere && !takesMore;
    actions.end.disabled = !takesMore;
    actions.reset.disabled = !isThere;
    for (const each of connections) each.tab.dataset.open = String(each.console.isThere);
    setText(waiting, now.waiting);
  }

  function clear() {
    now.crossed.clear();
    now.check.hide();
    view.clear();
  }

  // ---- what crosses

  function take(connection, full) {
    const bytes = fromBase64(full.bytes);
    const unit = { ...full.unit, connection: connection.number, sent_at: null };
    if (unit.kind === "request") connection.key = keyOfRequest(bytes) ?? "";
    const answer = readAnswer(unit, bytes);
    const compareKey = (isAtHand(connection) && run.step.compareKey) || connection.key;
    const row = connection.crossed.add({ ...full, unit, compareKey, accept: answer?.fields?.["sec-websocket-accept"] ?? null });
    if (answer) heard(connection, answer, row);
    if (answer && connection === now) setText(live, t("by-hand.came", { label: unit.label, size: String(unit.size) }));
  }

  function heard(connection, answer, row) {
    if (connection.isFresh && connection === now) connection.crossed.open(row); // the answer; what follows may be looked at by hand
    connection.isFresh = false;
    if (!isAtHand(connection)) return;
    run.heard(answer);
    lessons.say();
  }

  function note(connection, { what, text }) {
    if (what === "waiting") connection.waiting = text;
    else connection.crossed.remark(text);
    if (what === "ended" && isAtHand(connection)) {
      run.ended();
      lessons.say();
    }
    if (what === "ended" && connection === now) setText(live, text);
    showState();
  }

  function isAtHand(connection) {
    return run !== null && run.step.on === connection.number;
  }

  // ---- lessons

  function begin(lesson) {
    const mine = new Set(lesson.steps.map(({ on }) => on));
    for (const each of connections) if (mine.has(each.number)) each.console.abandon();
    run = createRun(lesson, here);
    fillStep();
  }

  function nextStep() {
    run.next();
    fillStep();
    actions.send.focus();
  }

  function fillStep() {
    while (connections.length < run.step.on) addConnection();
    choose(connections[run.step.on - 1]);
    editor.fill(run.content());
    lessons.show(run);
  }

  function send() {
    const { bytes } = editor.read();
    if (actions.send.disabled || bytes === null || bytes.length === 0) return;
    const isStep = isAtHand(now);
    if (isStep && run.step.needsWebSocket && !now.console.takesMore) {
      lessons.say(GONE);
      return;
    }
    now.isFresh = true;
    if (isStep && run.verdict === null) run.sent();
    now.console.send(bytes);
    lessons.say();
    showState();
  }
}

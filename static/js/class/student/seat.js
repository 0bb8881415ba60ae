/**
 * A student's seat: who one is, the technique at work, the experiment, one's own figures, and the conversation.
 */

import { confirmButton } from "../confirm-button.js";
import { networkWords, techniqueLabel } from "../words.js";
import { createRandom } from "../../compare/schedule.js";
import { TECHNIQUES } from "../../techniques.js";
import { button, el, setText } from "../../shell/dom.js";
import { randomLetters } from "../../shell/ids.js";
import { t } from "../../shell/language.js";
import { createAutomatic } from "./automatic.js";
import { createChat } from "./chat.js";
import { createExperimentPanel } from "./experiment-panel.js";
import { createFiguresView } from "./figures-view.js";
import { createPhone } from "./phone.js";
import { createReporter } from "./reporter.js";
import { chooseTechnique } from "./server.js";

const TICK_MS = 500;
const REPORT_EVERY_MS = 1000;

/**
 * @param {HTMLElement} place
 * @param {object} options `state`: the first; `say(news)`: to the server, false when it cannot be; `onLeave()`.
 */
export function takeSeat(place, { state, say, onLeave }) {
  let now = state; // what the class's state is
  let chat = null;
  let skewMs = 0; // the server's clock minus this page's, roughly, until the phone has compared them
  const name = el("strong.name", { testid: "seat-name" });
  const group = el("span.group", { testid: "seat-group" });
  const technique = el("span.technique", { testid: "seat-technique" });
  const network = el("p.hint.network", { testid: "seat-network" });
  const link = el("p.warning", { hidden: true, testid: "link" }, t("join.away"));
  const choices = el("div.choices", { role: "group", "aria-label": t("join.choose"), hidden: true });
  const [line, experimentPlace, figuresPlace, chatPlace] = ["div.line", "div", "div", "div.chat-place"].map((tag) => el(tag));
  const leave = confirmButton(t("join.leave"), t("join.leave.sure"), onLeave, { testid: "leave", class: "quiet" });
  const title = el("h1.offscreen");
  place.replaceChildren(
    title,
    el("div.seat-bar", {}, el("div.who", {}, name, group, technique, leave), line),
    link, experimentPlace, choices, figuresPlace, network, chatPlace);
  const phone = createPhone(line, { onMessage: receive, onStatus: (news) => chat?.status(news), cursor: () => chat?.cursor ?? null });
  const reporter = createReporter({ phone, say });
  const panel = createExperimentPanel(experimentPlace);
  const showFigures = createFiguresView(figuresPlace);
  const automatic = createAutomatic({ post: postByItself, random: createRandom(numberOf(state.seat.id)) });

  function receive(message, arrival) {
    chat?.receive(message, arrival);
  }

  function postByItself() {
    phone.send({ sender: now.seat.name, text: t("join.by-itself"), client_message_id: `auto-${randomLetters(12)}` }).catch(() => null);
  }

  function show(news) {
    now = news;
    skewMs = news.now - Date.now();
    const { seat, class: info } = news;
    document.body.dataset.technique = seat.technique ?? "";
    setText(title, info.title || t("join.heading"));
    setText(name, seat.name);
    setText(group, t("class.group", { name: seat.group }));
    technique.hidden = seat.technique === null;
    if (seat.technique !== null) setText(technique, techniqueLabel(seat.technique));
    setText(network, t("join.network", { words: networkWords(news.group) }));
    if (chat?.room !== info.room) openChat(info.room);
    chat.hide(news.hidden);
    chat.mute(seat.muted || info.state !== "open");
    reporter.before(seat);
    phone.set(news);
    panel.show(news);
    automatic.set(info.state === "open" && !seat.muted ? news.group.posts_per_minute : 0);
    showChoices(seat);
    tick();
  }

  function openChat(room) {
    chat?.close();
    chat = createChat({
      room, name: () => now.seat.name, send: phone.send,
      delayOf: (entry) => (entry.delayed ? null : phone.delayOf(entry)),
    });
    chatPlace.replaceChildren(chat.element);
  }

  function showChoices(seat) {
    choices.hidden = !seat.may_choose;
    if (choices.dataset.chosen === seat.technique) return;
    choices.dataset.chosen = seat.technique;
    choices.replaceChildren(el("p", {}, t("join.choose")), ...TECHNIQUES.map((each) => button(techniqueLabel(each.name), () => chooseTechnique(each.name).catch(() => null), {
      class: "choice", data: { accent: each.name }, testid: `choose-${each.name}`, "aria-pressed": String(each.name === seat.technique),
    })));
  }

  function tick() {
    panel.tick(Date.now() + skewMs);
    showFigures(phone);
  }

  const timers = [setInterval(tick, TICK_MS), setInterval(reporter.report, REPORT_EVERY_MS)];
  show(state);
  return {
    show,
    showLink: (news) => { link.hidden = news !== "away"; },
    close() {
      for (const timer of timers) clearInterval(timer);
      automatic.stop();
      phone.close();
      chat?.close();
    },
  };
}

/** Seats differ in their chances, so that a class does not write in chorus. */
function numberOf(id) {
  return [...id].reduce((sum, letter) => (Math.imul(sum, 31) + letter.codePointAt(0)) | 0, 7);
}

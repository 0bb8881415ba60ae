/**
 * The third step of `whose-page`: the student signs in, sees the account live, and visits a page of another origin.
 *
 * It gives `{ state, tried, account, foreign, statuses, byHand, disturbed }`, as experiments/whose-page.js reads it; the
 * rest is as bench-do.js says.
 */

import { APP_BASE } from "../../environment.js";
import { readAnswer } from "../../handshake/answers.js";
import { utf8 } from "../../handshake/octets.js";
import { endSession } from "../../compare/lane.js";
import { openSession } from "../../lab/lab-session.js";
import { button, el, field, setText } from "../../shell/dom.js";
import { rich, t } from "../../shell/language.js";
import { fromBase64 } from "../../wire/byte-rows.js";
import { createByHandOnce } from "../by-hand-once.js";
import { createAccount } from "./account.js";
import { createAccountCard } from "./account-card.js";
import { door, requestBy } from "./doors.js";
import { foreignAddress, visit } from "./foreign.js";

const BY_HAND = ["post", "unchecked", "checked"]; // what refuses or lets in before it looks at the cookie
const LONGEST_NAME = 64;
const decoder = new TextDecoder();

export function createVisitDo(place, { own, values, onBegin, onNews, onDone }) {
  const card = createAccountCard();
  const account = createAccount({ onNews: showAccount });
  const name = el("input", { testid: "account-name", required: true, maxlength: LONGEST_NAME, autocomplete: "off", value: t("lab.whose-page.somebody") });
  const signIn = el("button.start", { type: "submit", testid: "sign-in" }, t("lab.whose-page.sign-in"));
  const press = button(t("lab.whose-page.visit"), run, { class: "start", testid: "run", disabled: true });
  const words = el("p.run-words", { role: "status", testid: "run-state" }, t("lab.whose-page.state.first"));
  const window_ = el("a", { target: "_blank", rel: "opener", hidden: true, testid: "in-window" }, t("lab.whose-page.window"));
  const elsewhere = el("div.elsewhere-place", {}, el("p.hint", {}, t("lab.whose-page.not-visited")));
  let lab = null;
  let results = null;
  let isFree = false;
  let isUsed = false; // somebody else has been at the account
  place.append(
    el("p", {}, rich("lab.whose-page.do", values)),
    el("form.run-line", { on: { submit: begin } }, field(t("lab.whose-page.name"), name), signIn),
    el("div.run-line", {}, press, words),
    el("div.two-pages", {}, card.element, el("div.other-page", {}, el("h3", {}, t("lab.whose-page.other-page")), elsewhere, window_)));

  function say(state, more) {
    setText(words, t(`lab.whose-page.state.${state}`, more));
    words.dataset.bad = String(state === "failed");
  }

  async function begin(event) {
    event.preventDefault();
    signIn.disabled = press.disabled = true;
    try {
      await enter();
      say("in");
    } catch (error) {
      say("failed", { error: error.message });
    }
    signIn.disabled = false;
    press.disabled = card.isEmpty;
  }

  /** A new account, with one's own rooms. */
  async function enter() {
    await account.signIn(name.value.trim() || t("lab.whose-page.somebody"));
    for (let count = 1; count <= own.own; count += 1) await account.book(t("lab.whose-page.own-room", { count: String(count) }));
    isUsed = false;
  }

  function showAccount(told) {
    card.show(told);
    if (results?.state === "running") news({ account: told });
  }

  function news(more) {
    Object.assign(results, more);
    onNews(results);
  }

  async function run() {
    signIn.disabled = press.disabled = true;
    try {
      if (isUsed) await enter();
      await goThere();
      say("by-hand");
      for (const key of BY_HAND) await knock(key);
      news({ account: await account.look(), state: "done" });
      say("done");
      onDone(results, !isFree);
    } catch (error) {
      say("failed", { error: error.message });
    }
    signIn.disabled = press.disabled = false;
  }

  async function goThere() {
    say("opening");
    lab ??= await openSession(APP_BASE);
    const url = foreignAddress(lab, own);
    results = { state: "running", tried: {}, account: null, foreign: url.origin, statuses: {}, byHand: {}, disturbed: [] };
    onBegin(own);
    say("visiting", { origin: url.origin });
    isUsed = true;
    window_.href = url.href;
    window_.hidden = false;
    place.parentElement.scrollIntoView({ block: "start" });
    await visit(elsewhere, url, ({ key, read, said }) => news({ tried: { ...results.tried, [key]: { read, said } } }));
    const seen = await account.look();
    if (seen.asked.includes(url.origin)) results.statuses.get = 200; // told by the account, for a script is told nothing
    news({ account: seen });
  }

  /** The same request as the other page's, made by hand, for it has no cookie but an answer that one can read. */
  async function knock(key) {
    const request = requestBy(door(key), { host: location.host, origin: results.foreign, base: APP_BASE.pathname });
    const line = createByHandOnce();
    const { unit, bytes } = await line.ask(utf8(request), (full) => full.unit.direction === "down" && full.unit.kind === "response");
    line.close();
    const raw = fromBase64(bytes);
    const answer = decoder.decode(raw).split("\r\n\r\n")[0];
    news({ statuses: { ...results.statuses, [key]: readAnswer(unit, raw).status }, byHand: { ...results.byHand, [key]: { request, answer } } });
  }

  return {
    free() { isFree = true; },
    leave() {
      account.close();
      if (lab !== null) endSession(lab);
      lab = null;
    },
  };
}

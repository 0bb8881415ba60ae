/**
 * The handshake of this very browser, as it crossed the wire: at a lab port every byte of it is seen, cookies and all.
 */

import { createDoor } from "../lab/door.js";
import { createLabSession } from "../lab/lab-session.js";
import { labOfPage, withPort } from "../lab/place.js";
import { createTrafficStore } from "../lab/traffic-store.js";
import { button, el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { fromBase64 } from "../wire/byte-rows.js";
import { createUnitView } from "../wire/unit-view.js";
import { createAcceptCheck } from "./accept-check.js";
import { keyOfRequest, readAnswer } from "./answers.js";

const decoder = new TextDecoder();
const TARGET = /^GET handshake\/ws/;


/**
 * @param {Element} place
 * @param {{ open: () => void }} attempt - opens a WebSocket of this browser.
 * @param {(key: string, accept: string) => void} onCompute - the calculator is wanted.
 */
export function createLive(place, { attempt, onCompute }) {
  const lab = labOfPage();
  if (lab === null) {
    place.append(createDoor({ title: null, text: t("handshake.door") }));
    return;
  }
  const state = el("p.lab-state", { role: "status", testid: "lab-state" });
  const open = button(t("handshake.live.open"), () => attempt.open(), { class: "primary", testid: "live-open" });
  const sides = { request: createSide(t("handshake.live.request")), response: createSide(t("handshake.live.response")) };
  const check = createAcceptCheck({ onCompute });
  const problem = el("p.bad", { role: "status" });
  place.append(
    el("div.lab-head", {}, state, el("a", { href: withPort(location.href, lab.main.port), testid: "lab-leave" }, t("lab.leave"))),
    el("div.buttons", {}, open), problem, check.element, sides.request.element, sides.response.element);
  const store = createTrafficStore();
  const session = createLabSession(lab, {
    onNews: store.take,
    onState(now) {
      setText(state, now === "live" ? t("handshake.live.state") : t(`lab.state.${now}`));
      open.disabled = now === "ended";
      place.dataset.state = now;
    },
  });
  store.subscribe(look);
  window.addEventListener("pagehide", session.close);
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());

  /** Shows the latest handshake among what is new, with its answer. */
  function look({ units }) {
    const response = units.findLast(({ kind, technique, answers }) => kind === "response" && technique === "websocket" && answers !== null);
    if (!response) return;
    const request = store.units.find(({ connection, number }) => connection === response.connection && number === response.answers);
    if (request && TARGET.test(request.label)) show(request, response);
  }

  async function show(request, response) {
    try {
      const [asked, answered] = await Promise.all([session.readUnit(request), session.readUnit(response)]);
      sides.request.show(asked);
      sides.response.show(answered);
      compare(asked, answered);
      setText(problem, "");
    } catch (error) {
      setText(problem, t("handshake.live.not-read", { reason: error.message }));
    }
  }

  function compare(asked, answered) {
    const key = asked.bytes && keyOfRequest(fromBase64(asked.bytes));
    const accept = answered.bytes && readAnswer(answered.unit, fromBase64(answered.bytes)).fields["sec-websocket-accept"];
    if (key && accept) check.show(key, accept);
    else check.hide();
  }
}

/** One message: its bytes, and below them each of its lines with what it is for. */
function createSide(title) {
  const unit = el("div.unit-place");
  const lines = el("dl.explained-lines", { "aria-label": t("handshake.live.lines") });
  const element = el("section.panel.wire", { "aria-label": title, hidden: true }, el("h3", {}, title), unit, lines);
  const view = createUnitView(unit);
  return {
    element,
    show(full) {
      element.hidden = false;
      view.show(full);
      const bytes = full.bytes && fromBase64(full.bytes);
      lines.replaceChildren(...full.fields.map((field) => line(field, bytes)));
    },
  };
}

function line({ name, offset, length, value, meaning, source }, bytes) {
  const text = bytes ? decoder.decode(bytes.subarray(offset, offset + length)).trim() : "";
  return el("div", {}, el("dt.mono", {}, text || name), el("dd", {}, value && `${capital(value)}. `, `${meaning} `, el("span.source-of", {}, source)));
}

function capital(sentence) {
  return sentence[0].toUpperCase() + sentence.slice(1);
}

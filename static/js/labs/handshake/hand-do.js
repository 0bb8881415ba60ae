/**
 * The third step of `handshake`: the calculator, the accept value that the student computes, and the request that goes to
 * the server by hand; if that switches, one message and the closing handshake follow.
 *
 * It gives `{ state, typed, accept, head, sizes, crossed, disturbed }`: `sizes` in bytes, of the answer and of the frames
 * there and back, `crossed` all units with their bytes; the rest is as bench-do.js says.
 */

import { APP_BASE } from "../../environment.js";
import { keyOfRequest, readAnswer } from "../../handshake/answers.js";
import { createCalculator } from "../../handshake/calculator.js";
import { closePayload, frameBytes } from "../../handshake/frame-bytes.js";
import { linesToBytes, utf8 } from "../../handshake/octets.js";
import { address } from "../../shell/base.js";
import { button, el, field, setText } from "../../shell/dom.js";
import { rich, t } from "../../shell/language.js";
import { fromBase64 } from "../../wire/byte-rows.js";
import { createByHandOnce } from "../by-hand-once.js";
import { MASKING_KEY, requestText, textOf } from "./by-hand.js";

const SWITCHING = 101;
const [TEXT, CLOSE] = [0x1, 0x8];
const decoder = new TextDecoder();
const typing = { autocapitalize: "off", autocomplete: "off", spellcheck: "false" };

export function createHandDo(place, { own, values, onBegin, onNews, onDone }) {
  document.head.append(el("link", { rel: "stylesheet", href: address("static/css/handshake.css").href })); // of the calculator
  const right = requestText(own, { host: location.host, origin: location.origin, base: APP_BASE.pathname });
  const typed = el("input.mono", { testid: "own-accept", required: true, maxlength: 64, ...typing });
  const request = el("textarea.mono", { testid: "own-request", rows: right.split("\n").length, required: true, ...typing });
  const press = button(t("lab.handshake.send"), run, { class: "start", testid: "run" });
  const words = el("p.run-words", { role: "status", testid: "run-state" });
  const keyPlace = el("div.calculator-key");
  const steps = el("ol.steps");
  const calculator = createCalculator({ key: keyPlace, steps });
  let line = null;
  let results = null;
  let isFree = false;
  place.append(
    el("p", {}, rich("lab.handshake.do", values)),
    el("h3", {}, t("lab.handshake.compute")), keyPlace,
    el("div.buttons", {}, button(t("lab.handshake.own-key"), () => calculator.set(own.key), { testid: "own-key" })), steps,
    el("h3", {}, t("lab.handshake.by-hand")), field(t("lab.handshake.your-accept"), typed),
    field(t("lab.handshake.request"), request, t("lab.handshake.request.hint")),
    el("div.buttons", {}, button(t("lab.handshake.right-again"), () => { request.value = right; }, { testid: "right-again" })),
    el("div.run-line", {}, press, words));
  request.value = right;
  calculator.set(own.key);

  function say(state, more) {
    setText(words, t(`lab.handshake.state.${state}`, more));
    words.dataset.bad = String(state === "failed" || state === "refused");
  }

  async function run() {
    if (!typed.reportValidity() || !request.reportValidity()) return;
    press.disabled = true;
    say("sending");
    results = { state: "running", typed: typed.value, key: "", accept: null, head: "", sizes: {}, crossed: [], disturbed: [] };
    onBegin(own);
    line?.close();
    line = createByHandOnce({ onUnit: take });
    try {
      await shake();
    } catch (error) {
      if (results.state === "running") say("failed", { error: error.message });
    }
    press.disabled = false;
  }

  function take(full) {
    results.crossed.push(full);
    onNews(results);
  }

  async function shake() {
    const bytes = linesToBytes(request.value);
    const came = await line.ask(bytes, ({ unit }) => unit.direction === "down" && unit.kind === "response");
    const raw = fromBase64(came.bytes);
    const { status, fields, text } = readAnswer(came.unit, raw);
    Object.assign(results, {
      key: keyOfRequest(bytes) ?? "", head: decoder.decode(raw).split("\r\n\r\n")[0].concat("\r\n\r\n"), accept: fields["sec-websocket-accept"] ?? null,
    });
    results.sizes.answer = came.unit.size;
    onNews(results);
    if (status !== SWITCHING) return refused(status, text);
    await talk();
    results.state = "done";
    const isOwn = results.key === own.key && (fields["sec-websocket-protocol"] ?? null) === own.protocol;
    say(isOwn ? "done" : "other");
    return onDone(results, isOwn && !isFree);
  }

  /** One message there and back, and goodbye. */
  async function talk() {
    const text = textOf(own.textBytes);
    const frame = frameBytes({ opcode: TEXT, key: MASKING_KEY, payload: utf8(text) });
    const isEcho = (full) => read(full)?.opcode === TEXT && read(full).text === text;
    const echo = await line.ask(frame, isEcho);
    Object.assign(results.sizes, { up: results.crossed.find(({ unit }) => unit.direction === "up" && unit.kind === "frame").unit.size, down: echo.unit.size });
    await line.ask(frameBytes({ opcode: CLOSE, key: MASKING_KEY, payload: closePayload(1000) }), (full) => read(full)?.opcode === CLOSE);
  }

  function refused(status, text) {
    results.state = "refused";
    say("refused", { status: String(status), why: text.slice(0, 200) });
    line.close();
  }

  return {
    free() { isFree = true; },
    leave: () => line?.close(),
  };
}

function read({ unit, bytes }) {
  return unit.kind === "frame" && unit.direction === "down" ? readAnswer(unit, fromBase64(bytes)) : null;
}

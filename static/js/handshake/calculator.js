/**
 * The calculator: a key goes in, and all that is done to it until it is the accept value stands below.
 */

import { button, el, field, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { acceptSteps, GUID, keyProblem, randomKey } from "./accept.js";

const ARTICLE_KEY = "x3JJHMbDL1EzLkh9GBhXDw==";
const RFC_KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const LONGEST_KEY = 64; // more is a mistake, and would not fit

export function createCalculator({ key: keyPlace, steps: stepsPlace }) {
  const input = el("input.mono", {
    testid: "key-input", value: ARTICLE_KEY, maxlength: LONGEST_KEY, on: { input: show },
    autocapitalize: "off", autocomplete: "off", spellcheck: "false",
  });
  const verdict = el("p.verdict", { testid: "key-verdict", role: "status", id: "key-verdict" });
  const steps = { joined: el("div.joined.mono"), digest: el("ol.digest.mono", { testid: "digest" }),
    groups: el("ol.groups.mono", { testid: "groups" }), answer: el("pre.answer", { testid: "answer", tabindex: "0" }), note: el("p.hint") };

  let wire = null; // a key and an accept value that crossed

  function set(key) {
    input.value = key;
    show();
  }

  /** Show the steps from a key, and whether they lead to the accept value that came for it. */
  function compute(key, accept) {
    wire = { key, accept };
    set(key);
    input.scrollIntoView({ block: "center" });
    input.focus({ preventScroll: true });
  }

  function show() {
    const key = input.value.trim(); // around a header's value, spaces do not count
    const problem = keyProblem(key);
    const { digest, groups, accept } = acceptSteps(key);
    input.setAttribute("aria-invalid", String(problem !== null));
    verdict.dataset.good = String(problem === null);
    setText(verdict, problem === null ? t("calculator.key") : t("calculator.not-key", { problem }));
    steps.joined.replaceChildren(part("key", key, t("calculator.key.caption")), part("guid", GUID, t("calculator.guid.caption")));
    steps.digest.replaceChildren(...Array.from(digest, (byte) => el("li", {}, hex(byte))));
    steps.groups.replaceChildren(...groups.map(group));
    setText(steps.answer, problem === null ? `HTTP/1.1 101 Switching Protocols\n…\nSec-WebSocket-Accept: ${accept}` : "HTTP/1.1 400 Bad Request");
    setText(steps.note, problem === null ? t("calculator.same") + wireText(wire, key, accept) : t("calculator.refuse"));
  }

  input.setAttribute("aria-describedby", verdict.id);
  keyPlace.append(
    field("Sec-WebSocket-Key", input),
    el("div.buttons", {},
      button(t("calculator.article"), () => set(ARTICLE_KEY), { testid: "key-article" }),
      button(t("calculator.rfc"), () => set(RFC_KEY), { testid: "key-rfc" }),
      button(t("calculator.random"), () => set(randomKey()), { testid: "key-random" })),
    verdict);
  stepsPlace.append(
    step(t("calculator.append"), t("calculator.append.hint"), steps.joined),
    step(t("calculator.sha1"), t("calculator.sha1.hint"), steps.digest),
    step(t("calculator.base64"), t("calculator.base64.hint"), steps.groups),
    step(t("calculator.answer"), null, steps.answer, steps.note));
  show();
  return { compute, set };
}

function wireText(wire, key, accept) {
  if (wire?.key !== key) return "";
  return wire.accept === accept ? t("calculator.wire.same") : t("calculator.wire.other", { accept: wire.accept });
}

function step(title, hint, ...content) {
  return el("li", {}, el("h3", {}, title, " ", hint && el("span.hint", {}, hint)), content);
}

function part(name, text, caption) {
  return el(`span.part.${name}`, {}, el("span.text", {}, text), el("span.caption", {}, caption));
}

/** Bytes above, their bits in sixes below them, and the characters of those below. */
function group({ bytes, characters }) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const sixes = [0, 6, 12, 18].map((start) => bits.slice(start, start + 6)).map((six) => (six ? six.padEnd(6, "0") : t("calculator.none")));
  return el("li", {},
    el("span.three", {}, Array.from(bytes, (byte) => el("span", {}, hex(byte)))),
    el("span.sixes", { "aria-hidden": "true" }, sixes.map((six) => el("span", {}, six))),
    el("span.four", {}, [...characters].map((character) => el("span", {}, character))));
}

function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}

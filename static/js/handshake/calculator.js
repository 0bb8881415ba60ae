/**
 * The calculator: a key goes in, and all that is done to it until it is the accept value stands below.
 */

import { button, el, field, setText } from "../shell/dom.js";
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
    setText(verdict, problem === null ? "A key: 16 bytes in base64."
      : `Not a key. ${problem}`);
    steps.joined.replaceChildren(part("key", key, "the key, as text"), part("guid", GUID, "the GUID, always the same"));
    steps.digest.replaceChildren(...Array.from(digest, (byte) => el("li", {}, hex(byte))));
    steps.groups.replaceChildren(...groups.map(group));
    setText(steps.answer, problem === null ? `HTTP/1.1 101 Switching Protocols\n…\nSec-WebSocket-Accept: ${accept}` : "HTTP/1.1 400 Bad Request");
    setText(steps.note, problem === null ? `The browser computes the same, and compares.${wireText(wire, key, accept)}`
      : "A server must refuse what is not a key (section 4.2.1). SHA-1 takes any text, so the server has to look before it computes.");
  }

  input.setAttribute("aria-describedby", verdict.id);
  keyPlace.append(
    field("Sec-WebSocket-Key", input),
    el("div.buttons", {},
      button("The article's key", () => set(ARTICLE_KEY), { testid: "key-article" }),
      button("RFC 6455's key", () => set(RFC_KEY), { testid: "key-rfc" }),
      button("A random key", () => set(randomKey()), { testid: "key-random" })),
    verdict);
  stepsPlace.append(
    step("Append the GUID.", "The key is taken as the text it is, not decoded.", steps.joined),
    step("Take the SHA-1 of that.", "20 bytes, in hexadecimal.", steps.digest),
    step("Write them in base64.", "Three bytes are 24 bits, and become four characters of 6 bits each; the last two bytes leave one = over.", steps.groups),
    step("That is the answer.", null, steps.answer, steps.note));
  show();
  return { compute };
}

function wireText(wire, key, accept) {
  if (wire?.key !== key) return "";
  return wire.accept === accept ? " On the wire came just this." : ` On the wire came another: ${wire.accept}`;
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
  const sixes = [0, 6, 12, 18].map((start) => bits.slice(start, start + 6)).map((six) => (six ? six.padEnd(6, "0") : "none"));
  return el("li", {},
    el("span.three", {}, Array.from(bytes, (byte) => el("span", {}, hex(byte)))),
    el("span.sixes", { "aria-hidden": "true" }, sixes.map((six) => el("span", {}, six))),
    el("span.four", {}, [...characters].map((character) => el("span", {}, character))));
}

function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}

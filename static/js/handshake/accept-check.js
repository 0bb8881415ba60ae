/**
 * The client's own duty: to compare `Sec-WebSocket-Accept` with what belongs to its key (RFC 6455 section 4.1).
 */

import { button, el, field, setText } from "../shell/dom.js";
import { acceptSteps } from "./accept.js";

const LONGEST_KEY = 64;

/** @param {(key: string, accept: string) => void} onCompute - the steps from this key are to be shown. */
export function createAcceptCheck({ onCompute }) {
  const key = el("input.mono", {
    testid: "compare-key", maxlength: LONGEST_KEY, autocapitalize: "off", autocomplete: "off", spellcheck: "false", on: { input: show },
  });
  const verdict = el("p.verdict", { testid: "accept-verdict", role: "status" });
  const rows = { computed: el("dd.mono"), came: el("dd.mono") };
  const compute = button("Compute it step by step", () => onCompute(key.value.trim(), came), { testid: "compute-it" });
  let came = "";

  function show() {
    const { accept } = acceptSteps(key.value.trim());
    const fits = accept === came;
    setText(rows.computed, accept);
    setText(rows.came, came);
    verdict.dataset.good = String(fits);
    setText(verdict, fits ? "They match: the server has read this very key."
      : "Mismatch: the client must fail the connection, and send nothing on it (RFC 6455 section 4.1, response 4).");
  }

  const element = el("div.accept-check", { hidden: true, testid: "accept-check" },
    el("h3", {}, "Check Sec-WebSocket-Accept, as a client must"),
    el("div.buttons", {}, field("Key to compare with", key), compute),
    el("dl", {}, el("div", {}, el("dt", {}, "Computed from it"), rows.computed), el("div", {}, el("dt", {}, "Came"), rows.came)),
    verdict);
  return {
    element,
    show(withKey, accept) {
      key.value = withKey;
      came = accept;
      element.hidden = false;
      show();
    },
    hide() { element.hidden = true; },
  };
}

/**
 * The client's own duty: to compare `Sec-WebSocket-Accept` with what belongs to its key (RFC 6455 section 4.1).
 */

import { button, el, field, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { acceptSteps } from "./accept.js";

const LONGEST_KEY = 64;

/** @param {(key: string, accept: string) => void} onCompute - the steps from this key are to be shown. */
export function createAcceptCheck({ onCompute }) {
  const key = el("input.mono", {
    testid: "compare-key", maxlength: LONGEST_KEY, autocapitalize: "off", autocomplete: "off", spellcheck: "false", on: { input: show },
  });
  const verdict = el("p.verdict", { testid: "accept-verdict", role: "status" });
  const rows = { computed: el("dd.mono"), came: el("dd.mono") };
  const compute = button(t("accept.compute"), () => onCompute(key.value.trim(), came), { testid: "compute-it" });
  let came = "";

  function show() {
    const { accept } = acceptSteps(key.value.trim());
    const fits = accept === came;
    setText(rows.computed, accept);
    setText(rows.came, came);
    verdict.dataset.good = String(fits);
    setText(verdict, fits ? t("accept.match")
      : t("accept.mismatch"));
  }

  const element = el("div.accept-check", { hidden: true, testid: "accept-check" },
    el("h3", {}, t("accept.title")),
    el("div.buttons", {}, field(t("accept.key"), key), compute),
    el("dl", {}, el("div", {}, el("dt", {}, t("accept.computed")), rows.computed), el("div", {}, el("dt", {}, t("accept.came")), rows.came)),
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

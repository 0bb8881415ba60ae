/**
 * The third step of `choose`: the use, four of them at a press, and where the costs come from.
 *
 * It gives `{ use, results, constants, costs, verdict }`; the rest is as bench-do.js says.
 */

import { address } from "../../shell/base.js";
import { button, el, field, setText } from "../../shell/dom.js";
import { rich, t } from "../../shell/language.js";
import { unitText } from "../words.js";
import { CASES, useOf } from "./cases.js";
import { constantsOf } from "./constants.js";
import { decide } from "./model.js";
import { createSource } from "./source.js";
import { verdictOf } from "./verdict.js";

export function createChooseDo(place, { experiment, own, values, onBegin, onNews, onDone }) {
  const inputs = experiment.fields.map((each) => createInput(each, own[each.name], changed));
  const cases = Object.keys(CASES).map((name) => button(t(`lab.choose.case.${name}.name`), () => set(CASES[name]), { disabled: true, testid: `case-${name}` }));
  const press = button(t("lab.choose.compute"), begin, { class: "start", testid: "run", disabled: true });
  const note = el("p.hint", { testid: "free-note" }, t("labs.set.closed"));
  const state = el("p.run-words", { role: "status", testid: "run-state" });
  const source = createSource();
  let results = null; // of the last benchmark
  let isSeen = false;
  place.append(
    el("p", {}, rich("lab.choose.do", values)), source.element,
    el("div.buttons.cases", { role: "group", "aria-label": t("lab.choose.cases") }, cases),
    el("div.bench-fields", {}, inputs.map(({ element }) => element)), note,
    el("div.run-line", {}, press, state));
  load();

  async function load() {
    try {
      const answer = await fetch(address("api/measured"), { cache: "no-store" });
      results = answer.status === 200 ? await answer.json() : null;
      source.show(results);
    } catch (error) {
      source.fail(error);
    }
    press.disabled = false;
  }

  function typed() {
    return { ...own, ...Object.fromEntries(inputs.map(({ name, input }) => [name, input.valueAsNumber])) };
  }

  function computed() {
    const use = useOf(typed());
    const constants = constantsOf(results, use);
    const costs = decide(use, constants);
    return { state: "done", use, results, constants, costs, verdict: verdictOf(costs, use), disturbed: [], lanes: [] };
  }

  function begin() {
    if (!inputs.every(({ input }) => input.reportValidity())) return;
    const isOwn = inputs.every(({ name, input }) => input.valueAsNumber === own[name]);
    if (!isSeen) onBegin(own);
    isSeen = true;
    onDone(computed(), isOwn);
    setText(press, t("lab.choose.compute"));
    setText(state, t("lab.choose.computed"));
  }

  /** In free play every change shows at once. */
  function changed() {
    if (!isSeen || !inputs.every(({ input }) => input.checkValidity())) return;
    onNews(computed());
  }

  function set(values) {
    for (const { name, input } of inputs) input.value = String(values[name]);
    if (isSeen) changed();
    else begin();
  }

  return {
    free() {
      for (const { input } of inputs) input.readOnly = false;
      for (const each of cases) each.disabled = false;
      setText(note, t("lab.choose.open"));
    },
    leave() {},
  };
}

function createInput({ name, unit, min, max }, value, onChange) {
  const input = el("input", { type: "number", required: true, inputmode: "decimal", min, max, step: "any", value, readonly: true, testid: `set-${name}`, on: { input: onChange } });
  const element = field(t(`lab.choose.set.${name}`), input);
  element.append(el("span.unit", {}, unitText(unit)));
  return { name, input, element };
}

/**
 * What the console's parts are made of: fields that command when they are changed and show what the server says, and a
 * line that says what a command came to.
 */

import { button, el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";

/**
 * A place that says why the last command failed.
 *
 * @returns `element`, and `attempt(command)`, which runs it and returns whether it was done.
 */
export function createSaid() {
  const element = el("p.said", { role: "status", testid: "said" });

  async function attempt(command) {
    try {
      await command();
      setText(element, "");
      return true;
    } catch (error) {
      setText(element, error.message);
      return false;
    }
  }

  return { element, attempt };
}

/**
 * A number that commands when it is changed. What the server says stands there, unless somebody is typing; also when it
 * refused the command, which `onChange` then returns false of. The other fields do the same.
 *
 * @param {object} options `label unit min max step testid`; `optional`: empty is null; `onChange(value)`.
 * @returns `element`, `show(value)` and `read()`.
 */
export function numberField({ label, unit = "", min, max, step = 1, testid, optional = false, onChange }) {
  const input = el("input", { type: "number", min, max, step, testid, required: !optional, inputmode: "decimal", "aria-label": unit ? `${label}, ${unit}` : label });
  let told = null;
  const read = () => (input.value === "" ? null : input.valueAsNumber);
  input.addEventListener("change", async () => {
    if (!input.reportValidity() || read() === told) return;
    if ((await onChange(read())) === false) input.value = told ?? "";
  });
  return {
    element: el("label.number-field", {}, el("span", {}, label), input, unit ? el("span.unit", {}, unit) : null),
    /** `undefined` where it stands for several that differ. */
    show(value) {
      told = value;
      input.placeholder = value === undefined ? t("console.differ") : optional ? t("console.no-limit") : "";
      if (document.activeElement !== input) input.value = value ?? "";
    },
    /** What stands there, where it can be; else null. */
    read: () => (input.checkValidity() ? read() : null),
  };
}

/** A choice among options `[value, label]` that commands when it is changed. */
export function choiceField({ label, options, testid, onChange }) {
  let told = options[0][0];
  const change = async () => { if ((await onChange(select.value)) === false) select.value = told; };
  const select = el("select", { testid, "aria-label": label, on: { change } }, options.map(([value, text]) => el("option", { value }, text)));
  return {
    element: el("label.choice-field", {}, el("span", {}, label), select),
    show(value) {
      told = value;
      if (document.activeElement !== select) select.value = value;
    },
  };
}

/** A box to tick that commands. */
export function tickField({ label, testid, onChange }) {
  let told = false;
  const change = async () => { if ((await onChange(input.checked)) === false) input.checked = told; };
  const input = el("input", { type: "checkbox", testid, on: { change } });
  return { element: el("label.tick-field", {}, input, label), show: (value) => { input.checked = told = value; } };
}

/** A row of buttons of which the one that holds is pressed. `options`: `[value, label, hint?]`. */
export function buttonRow({ label, options, testid, onPress }) {
  const buttons = options.map(([value, text, hint]) => button(text, () => onPress(value), { testid: `${testid}-${value}`, title: hint ?? null, "aria-pressed": "false", data: { value } }));
  return {
    element: el("div.buttons", { role: "group", "aria-label": label }, buttons),
    show(value) {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each.dataset.value === String(value)));
    },
  };
}

/** A part of the console with its heading; `key` names its texts. */
export function part(key, ...children) {
  return el("section.panel.part", { testid: `part-${key}`, "aria-labelledby": `part-${key}` },
    el("h2", { id: `part-${key}` }, t(`console.part.${key}`)), ...children);
}

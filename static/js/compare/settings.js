/**
 * What is set for all five at once, and the button that starts them.
 */

import { button, el, field, setText } from "../shell/dom.js";
import { randomLetters } from "../shell/ids.js";
import { t } from "../shell/language.js";
import { isRoomName } from "../shell/room.js";

const FIELDS = [
  { name: "rate", label: t("compare.set.rate"), value: 2, min: 0.2, max: 50, step: "any" },
  { name: "textBytes", label: t("compare.set.bytes"), value: 80, min: 4, max: 4000, step: 1 },
  { name: "intervalS", label: t("compare.set.interval"), value: 2, min: 0.1, max: 60, step: "any" },
  { name: "timeoutS", label: t("compare.set.timeout"), value: 25, min: 1, max: 55, step: 1 },
  { name: "seed", label: t("compare.set.seed"), value: 1, min: 0, max: 2 ** 31, step: 1 },
];

/**
 * @param {object} options
 * @param {() => void} options.onPress - the button.
 * @param {(settings: object) => void} options.onChange - something else was set, and it can be.
 */
export function createSettings(place, { onPress, onChange }) {
  const inputs = FIELDS.map(({ name, label, ...range }) => ({
    name, label, input: el("input", { type: "number", testid: `set-${name}`, required: true, inputmode: "decimal", ...range }),
  }));
  const arrivals = el("select", { testid: "set-arrivals" },
    el("option", { value: "periodic" }, t("compare.set.periodic")), el("option", { value: "random" }, t("compare.set.random")));
  const room = el("input", {
    testid: "set-room", value: `compare-${randomLetters(4)}`, maxlength: 64, autocapitalize: "off", autocomplete: "off", spellcheck: "false",
  });
  const start = button(t("compare.start"), press, { class: "start", testid: "start" });
  const state = el("p.run-state", { role: "status", testid: "run-state" });
  const progress = el("p.run-progress", { testid: "run-progress" });
  place.append(
    el("div.run-head", {}, start, el("div.run-words", {}, state, progress), field(t("compare.room"), room)),
    el("div.run-settings", {},
      field(FIELDS[0].label, inputs[0].input), field(t("compare.set.come"), arrivals),
      inputs.slice(1).map(({ label, input }) => field(label, input))));

  for (const { input } of inputs) input.addEventListener("change", changed);
  arrivals.addEventListener("change", changed);
  room.addEventListener("input", () => room.setCustomValidity(isRoomName(room.value) ? "" : t("room.rule")));

  function press() {
    if ([...inputs.map(({ input }) => input), room].every((input) => input.reportValidity())) onPress();
  }

  function changed({ target }) {
    if (target.reportValidity()) onChange(read());
  }

  function read() {
    const { intervalS, ...figures } = Object.fromEntries(inputs.map(({ name, input }) => [name, Number(input.value)]));
    return { ...figures, intervalMs: 1000 * intervalS, isRandom: arrivals.value === "random", room: room.value };
  }

  /** @param {{label: string, isOn: boolean, canPress: boolean, sentence: string, isBad: boolean, detail: string}} now */
  function show({ label, isOn, canPress, sentence, isBad, detail }) {
    setText(start, label);
    start.disabled = !canPress;
    room.disabled = isOn;
    setText(state, sentence);
    state.dataset.failed = String(isBad);
    setText(progress, detail);
  }

  return { read, show };
}

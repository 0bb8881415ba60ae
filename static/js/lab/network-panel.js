/**
 * The network of a lab session: what it is like, what can be done to it at once, and the proxies that stand in it.
 *
 * Beside each control stands what it really does, and what a relay in user space cannot do.
 */

import { button, el, field, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";

const STOPS_TYPING_MS = 400;
const TICK_MS = 250;

const CONDITIONS = [
  { name: "delay_ms", label: t("network.delay_ms"), unit: "ms", min: 0, max: 2000, step: 10,
    hint: t("network.delay_ms.hint") },
  { name: "jitter_ms", label: t("network.jitter_ms"), unit: "ms", min: 0, max: 2000, step: 10,
    hint: t("network.jitter_ms.hint") },
  { name: "bandwidth_kbit", label: t("network.bandwidth_kbit"), unit: "kbit/s", min: 1, max: 10000000, step: 1, optional: true,
    hint: t("network.bandwidth_kbit.hint") },
  { name: "seed", label: t("network.seed"), unit: "", min: 0, max: 2 ** 53, step: 1,
    hint: t("network.seed.hint") },
];

const FAULTS = [
  { fault: "cut", label: t("network.cut"), hint: t("network.cut.hint") },
  { fault: "vanish", label: t("network.vanish"), undo: "come_back", undoLabel: t("network.come_back"),
    hint: t("network.vanish.hint") },
  { fault: "stall", label: t("network.stall"), seconds: 5,
    hint: t("network.stall.hint") },
  { fault: "refuse", label: t("network.refuse"), seconds: 5,
    hint: t("network.refuse.hint") },
];

const BOXES = [
  { name: "strip_upgrade", label: t("network.strip_upgrade"),
    hint: t("network.strip_upgrade.hint") },
  { name: "buffer_bytes", label: t("network.buffer_bytes"), usual: 16384, unit: t("network.bytes"), min: 1, max: 1048576, step: 1,
    hint: t("network.buffer_bytes.hint") },
  { name: "idle_timeout_s", label: t("network.idle_timeout_s"), usual: 60, unit: "s", min: 0.1, max: 3600, step: "any",
    hint: t("network.idle_timeout_s.hint") },
  { name: "cache_s", label: t("network.cache_s"), usual: 10, unit: "s", min: 0.1, max: 3600, step: "any",
    hint: t("network.cache_s.hint") },
];

/**
 * @param {object} commands - `setNetwork(changes)` and `breakBy(fault, seconds)`, which may throw.
 * @returns `show(session)`, to be called with each state that the server tells.
 */
export function createNetworkPanel(place, { setNetwork, breakBy, now }) {
  const say = el("p.said", { role: "status", testid: "lab-said" });
  const fields = [...CONDITIONS.map((each) => conditionField(each, change)), ...BOXES.map((each) => boxField(each, change))];
  place.addEventListener("invalid", () => setText(say, ""), true); // what was said last is not of what stands there now
  const faults = FAULTS.map((each) => faultControl(each, strike, now));
  place.append(
    el("fieldset.conditions", {}, el("legend", {}, t("network.line")), fields.slice(0, CONDITIONS.length).map((each) => each.element)),
    el("fieldset.faults", {}, el("legend", {}, t("network.break")), faults.map((each) => each.element)),
    el("fieldset.boxes", {}, el("legend", {}, t("network.proxies")),
      fields.slice(CONDITIONS.length).map((each) => each.element),
      el("p.hint", {}, t("network.proxies.hint"))),
    say,
  );

  function change(changes) {
    return attempt(async () => {
      await setNetwork(changes);
      return t("network.set");
    });
  }

  function strike(fault, seconds) {
    return attempt(async () => (await breakBy(fault, seconds)).done);
  }

  async function attempt(command) {
    try {
      setText(say, await command());
      say.dataset.failed = "false";
    } catch (error) {
      setText(say, error.message);
      say.dataset.failed = "true";
    }
  }

  function show(session) {
    for (const each of fields) each.show(session.network);
    for (const each of faults) each.show(session);
  }

  return { show };
}

function numberInput({ name, min, max, step, optional }, value) {
  return el("input", { type: "number", testid: `lab-${name}`, min, max, step, value, required: !optional, inputmode: "decimal" });
}

/** Calls `apply` when the reader has stopped typing, or leaves the field, if what stands there can be. */
function onTyped(input, apply) {
  let typing = null;
  const now = () => {
    clearTimeout(typing);
    if (input.checkValidity()) apply();
    else input.reportValidity();
  };
  input.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(now, STOPS_TYPING_MS);
  });
  input.addEventListener("change", now);
}

function conditionField({ name, label, unit, hint, optional, ...range }, change) {
  const input = numberInput({ name, optional, ...range }, "");
  let told; // what the server said last
  onTyped(input, () => {
    const value = input.value === "" ? null : Number(input.value);
    if (value !== told) change({ [name]: value });
  });
  return {
    element: el("div.control", {}, field(unit ? t("network.unit", { label, unit }) : label, input), el("p.hint", {}, hint)),
    show(network) {
      told = network[name];
      if (document.activeElement !== input) input.value = told ?? "";
    },
  };
}

function boxField({ name, label, hint, usual, unit, ...range }, change) {
  const box = el("input", { type: "checkbox", id: `lab-box-${name}`, testid: `lab-${name}-on` });
  const input = usual === undefined ? null : numberInput({ name, ...range }, usual);
  const value = () => (input === null ? box.checked : box.checked ? Number(input.value) : null);
  box.addEventListener("change", () => {
    if (input === null || input.checkValidity()) return change({ [name]: value() });
    box.checked = false;
    return input.reportValidity();
  });
  if (input !== null) {
    input.setAttribute("aria-label", t("network.unit", { label, unit }));
    onTyped(input, () => box.checked && change({ [name]: value() }));
  }
  return {
    element: el("div.control", {},
      el("div.field", {}, box, el("label", { for: box.id }, label), input, input && el("span.unit", {}, unit)),
      el("p.hint", {}, hint)),
    show(network) {
      box.checked = Boolean(network[name]);
      if (input !== null && network[name] !== null && document.activeElement !== input) input.value = network[name];
    },
  };
}

function faultControl({ fault, label, hint, seconds, undo, undoLabel }, strike, now) {
  const input = seconds === undefined ? null : el("input", {
    type: "number", testid: `lab-${fault}-seconds`, min: 0.1, max: 3600, step: "any", value: seconds, required: true,
    inputmode: "decimal", "aria-label": t("network.seconds", { label }),
  });
  const press = () => {
    if (input !== null && !input.reportValidity()) return;
    strike(undone ? undo : fault, input === null ? undefined : Number(input.value));
  };
  const made = button(label, press, { testid: `lab-${fault}` });
  const left = el("span.left", { testid: `lab-${fault}-left` });
  let undone = false; // it is in force, and the button ends it
  let until = null;
  let ticking = null;

  function tick() {
    const seconds = until === null ? 0 : Math.max(0, (until - now()) / 1000);
    setText(left, seconds > 0 ? t("network.left", { seconds: seconds.toFixed(1) }) : "");
    if (seconds > 0) return;
    clearInterval(ticking);
    ticking = null;
  }

  return {
    element: el("div.control", {}, el("div.field", {}, made, input, input && el("span.unit", {}, "s"), left), el("p.hint", {}, hint)),
    show(session) {
      undone = undo !== undefined && session.vanished;
      setText(made, undone ? undoLabel : label);
      if (undo !== undefined) made.setAttribute("aria-pressed", String(undone));
      until = { stall: session.stalled_until, refuse: session.refusing_until }[fault] ?? null;
      tick();
      if (until !== null) ticking ??= setInterval(tick, TICK_MS);
    },
  };
}

/**
 * What the server itself publishes, and what plays the part of more phones than there are.
 */

import { button, el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { techniqueLabel } from "../words.js";
import { buttonRow, createSaid, numberField, part, tickField } from "./controls.js";

const RATES = [0, 1, 2, 5, 10];

export function createMetronome(commands) {
  const said = createSaid();
  const set = (changes) => said.attempt(() => commands.setClass(changes));
  const quick = buttonRow({
    label: t("console.metronome.quick"), testid: "rate", onPress: (rate) => set({ rate }),
    options: RATES.map((rate) => [rate, rate === 0 ? t("console.metronome.silent") : t("console.metronome.rate", { rate })]),
  });
  const rate = numberField({ label: t("console.metronome.other"), unit: "1/s", min: 0, max: 100, step: "any", testid: "rate", onChange: (value) => set({ rate: value }) });
  const random = tickField({ label: t("console.metronome.random"), testid: "at-random", onChange: (value) => set({ at_random: value }) });
  const size = numberField({ label: t("console.metronome.size"), unit: t("console.metronome.characters"), min: 10, max: 2000, testid: "text-bytes", onChange: (value) => set({ text_bytes: value }) });
  const element = part("metronome", quick.element, el("div.command-fields", {}, rate.element, size.element, random.element), said.element);

  return {
    element,
    show({ rate: now, at_random: isRandom, text_bytes: bytes }) {
      quick.show(now);
      rate.show(now);
      random.show(isRandom);
      size.show(bytes);
    },
  };
}

export function createSimulated(commands) {
  const said = createSaid();
  const clients = numberField({ label: t("console.simulated.count"), min: 0, max: 2000, testid: "simulated", onChange: (value) => said.attempt(() => commands.simulate(value)) });
  const words = el("p.hint", { testid: "simulated-words" });
  const zero = button(t("console.zero"), () => said.attempt(commands.zero), { testid: "zero", title: t("console.zero.hint") });
  return {
    element: part("simulated", el("div.command-fields", {}, clients.element, zero), words, said.element),
    show({ simulated, server }) {
      clients.show(simulated?.wanted ?? 0);
      setText(words, [simulated && connectedWords(simulated), serverWords(server)].filter(Boolean).join(" "));
    },
  };
}

function connectedWords({ connected, state, detail }) {
  if (state === "failed") return detail;
  const parts = Object.entries(connected ?? {}).map(([name, count]) => `${techniqueLabel(name)} ${count}`);
  return parts.length === 0 ? t("console.simulated.none") : t("console.simulated.connected", { words: parts.join(", ") });
}

function serverWords({ cpu, connections }) {
  const share = cpu === null ? t("figure.none") : `${(100 * cpu).toFixed(0)} %`;
  return t("console.server", { share, count: connections });
}

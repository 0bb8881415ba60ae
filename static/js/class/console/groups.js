/**
 * The groups: what each runs, what its network is, and what can be done to it; and the same for all at once.
 */

import { TECHNIQUES } from "../../techniques.js";
import { button, el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { delayText } from "../figures.js";
import { techniqueLabel } from "../words.js";
import { choiceField, createSaid, numberField, part, tickField } from "./controls.js";
import { groupWords } from "./group-words.js";

const ALL = "all";
const THEY_CHOOSE = "";
const MIXED = "mixed";
const PAUSE_S = 5;
const NETWORK = [ // limits as the lab's own panel has them
  { name: "delay_ms", min: 0, max: 2000, step: 10, unit: "ms" },
  { name: "jitter_ms", min: 0, max: 2000, step: 10, unit: "ms" },
  { name: "bandwidth_kbit", min: 1, max: 10_000_000, unit: "kbit/s", optional: true },
  { name: "buffer_bytes", min: 1, max: 1_048_576, unit: "B", optional: true },
  { name: "idle_timeout_s", min: 0.1, max: 3600, step: "any", unit: "s", optional: true },
  { name: "cache_s", min: 0.1, max: 3600, step: "any", unit: "s", optional: true },
];
const PLAIN = {
  delay_ms: 0, jitter_ms: 0, bandwidth_kbit: null, strip_upgrade: false, buffer_bytes: null, idle_timeout_s: null, cache_s: null,
};
const FAULTS = ["cut", "vanish", "come_back", "stall", "refuse"];
const CLIENT = [
  { name: "interval_ms", min: 100, max: 60_000, step: 100, unit: "ms" },
  { name: "timeout_s", min: 1, max: 55, unit: "s" },
  { name: "posts_per_minute", min: 0, max: 60, step: "any", unit: "1/min" },
];

export function createGroups(commands) {
  const said = createSaid();
  const count = numberField({ label: t("console.groups.count"), min: 1, max: 8, testid: "groups-count", onChange: (value) => said.attempt(() => commands.divide(value)) });
  const pause = numberField({ label: t("console.groups.pause"), unit: "s", min: 0.1, max: 3600, step: "any", testid: "fault-seconds", onChange: () => {} });
  pause.show(PAUSE_S);
  const tools = { commands, said, pauseS: () => pause.read() ?? PAUSE_S };
  const place = el("div.group-cards");
  const all = createCard(ALL, tools);
  const cards = new Map();
  const busy = el("p.hint", { testid: "groups-busy" });
  const element = part("groups", el("div.bar", {}, count.element, pause.element), busy, all.element, place, said.element);

  function show({ groups, experiment, by_group: figures, now }) {
    count.show(groups.length);
    for (const group of groups) {
      if (!cards.has(group.name)) cards.set(group.name, createCard(group.name, tools));
      cards.get(group.name).show(group, figures[group.name], now);
    }
    const names = groups.map(({ name }) => name);
    for (const name of cards.keys()) if (!names.includes(name)) cards.delete(name);
    const wanted = names.map((name) => cards.get(name).element);
    if (wanted.some((card, index) => place.children[index] !== card) || place.children.length !== wanted.length) place.replaceChildren(...wanted);
    all.showTogether(groups);
    setText(busy, experiment?.phase === "running" ? t("console.groups.busy") : "");
  }

  return { element, show };
}

function createCard(name, { commands, said, pauseS }) {
  const set = (changes) => said.attempt(() => commands.setGroup(name, changes));
  const technique = techniqueChoice(name, set);
  const settings = createSettings(name, set);
  const words = el("p.group-words", { testid: `network-${name}` });
  const median = el("span.group-median", { testid: `median-${name}` });
  const people = el("span.people");
  const faults = createFaults(name, (fault, seconds) => said.attempt(() => commands.strike(name, fault, seconds)), pauseS);
  const label = name === ALL ? t("console.groups.all") : t("class.group", { name });
  const element = el(`article.group-card${name === ALL ? ".of-all" : ""}`, { testid: `group-${name}`, "aria-label": label },
    el("div.group-head", {}, el("h3", {}, label), people, technique.element), faults.element, words, median, settings.element);

  return {
    element,
    show(group, figures, now) {
      element.dataset.accent = group.technique ?? "";
      technique.show(group.technique ?? THEY_CHOOSE);
      setText(people, t("console.group.people", { count: group.people }));
      setText(words, groupWords(group, now));
      setText(median, t("console.set.median", { delay: delayText(figures?.median, figures?.clock_error_ms) }));
      settings.show((read) => read(group));
      faults.show(group.vanished);
    },
    /** What all groups have in common; where they differ, a field says so. */
    showTogether(groups) {
      const common = (read) => (groups.every((each) => read(each) === read(groups[0])) ? read(groups[0]) : undefined);
      const runs = common((group) => group.technique ?? THEY_CHOOSE);
      technique.show(runs ?? MIXED);
      setText(words, t("console.groups.all.hint"));
      settings.show(common);
      faults.show(groups.some((group) => group.vanished));
    },
  };
}

function techniqueChoice(name, set) {
  const mixed = name === ALL ? [[MIXED, t("console.group.mixed")]] : [];
  return choiceField({
    label: t("console.group.technique"), testid: `technique-${name}`,
    options: [...TECHNIQUES.map((each) => [each.name, techniqueLabel(each.name)]), [THEY_CHOOSE, t("console.group.choose")], ...mixed],
    onChange: (value) => value === MIXED ? false : set({ technique: value === THEY_CHOOSE ? null : value }),
  });
}

/** Network and client, one field for each; `show(common)` is given what reads a setting off a group, or off all. */
function createSettings(name, set) {
  const network = NETWORK.map((each) => [each.name, numberField({
    ...each, label: t(`console.network.${each.name}`), testid: `${each.name}-${name}`, onChange: (value) => set({ network: { [each.name]: value } }),
  })]);
  const client = CLIENT.map((each) => [each.name, numberField({
    ...each, label: t(`console.client.${each.name}`), testid: `${each.name}-${name}`, onChange: (value) => set({ [each.name]: value }),
  })]);
  const strip = tickField({ label: t("console.network.strip_upgrade"), testid: `strip_upgrade-${name}`, onChange: (value) => set({ network: { strip_upgrade: value } }) });
  const plain = button(t("console.network.reset"), () => set({ network: PLAIN }), { testid: `plain-${name}` });
  const elements = (pairs) => pairs.map(([, each]) => each.element);
  return {
    element: el("details", {}, el("summary", { testid: `more-${name}` }, t("console.group.more")),
      el("div.settings", {}, elements(client), elements(network), strip.element, plain),
      el("p.hint", {}, t("console.proxies.hint")), name === ALL ? faultHints() : null),
    show(common) {
      for (const [key, each] of network) each.show(common((group) => group.network[key]));
      for (const [key, each] of client) each.show(common((group) => group[key]));
      strip.show(common((group) => group.network.strip_upgrade) === true);
    },
  };
}

/** What each fault is, for who cannot rest a pointer on its button. */
function faultHints() {
  return el("dl.fault-hints", {}, FAULTS.map((fault) => el("div", {}, el("dt", {}, t(`console.fault.${fault}`)), el("dd", {}, t(`console.fault.${fault}.hint`)))));
}

/** What can be done to a network at once; one that has vanished comes back by the same button. */
function createFaults(name, strike, pauseS) {
  let isVanished = false;
  const press = { vanish: () => strike(isVanished ? "come_back" : "vanish"), stall: () => strike("stall", pauseS()), refuse: () => strike("refuse", pauseS()) };
  const make = (fault) => button(t(`console.fault.${fault}`), press[fault] ?? (() => strike(fault)), { testid: `${fault}-${name}`, title: t(`console.fault.${fault}.hint`) });
  const vanish = make("vanish");
  vanish.classList.add("vanish");
  return {
    element: el("div.faults", { role: "group", "aria-label": t("console.faults") }, make("cut"), vanish, make("stall"), make("refuse")),
    show(vanished) {
      isVanished = vanished;
      const fault = vanished ? /* text */ "console.fault.come_back" : /* text */ "console.fault.vanish";
      setText(vanish, t(fault));
      vanish.title = t(`${fault}.hint`);
      vanish.setAttribute("aria-pressed", String(vanished));
    },
  };
}

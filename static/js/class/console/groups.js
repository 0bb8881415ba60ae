/**
 * The groups: what each runs, what its network is, and what can be done to it; and the same for all at once.
 */

import { TECHNIQUES } from "../../techniques.js";
import { button, el, setText } from "../../shell/dom.js";
import { t } from "../../shell/language.js";
import { networkWords, techniqueLabel } from "../words.js";
import { choiceField, createSaid, numberField, part, tickField } from "./controls.js";

const ALL = "all";
const THEY_CHOOSE = "";
const USUAL_BUFFER_BYTES = 16_384;
const USUAL_IDLE_S = 60;
const USUAL_CACHE_S = 10;
const PAUSE_S = 5;
const LINE = [
  { name: "delay_ms", min: 0, max: 2000, step: 10, unit: "ms" },
  { name: "jitter_ms", min: 0, max: 2000, step: 10, unit: "ms" },
  { name: "bandwidth_kbit", min: 1, max: 10_000_000, unit: "kbit/s", optional: true },
];
const PROXIES = [
  { name: "strip_upgrade", on: true, off: false },
  { name: "buffer_bytes", on: USUAL_BUFFER_BYTES, off: null },
  { name: "idle_timeout_s", on: USUAL_IDLE_S, off: null },
  { name: "cache_s", on: USUAL_CACHE_S, off: null },
];
const CLIENT = [
  { name: "interval_ms", min: 100, max: 60_000, step: 100, unit: "ms" },
  { name: "timeout_s", min: 1, max: 55, unit: "s" },
  { name: "posts_per_minute", min: 0, max: 60, unit: "1/min" },
];

export function createGroups(commands) {
  const said = createSaid();
  const count = numberField({ label: t("console.groups.count"), min: 1, max: 8, testid: "groups-count", onChange: (value) => said.attempt(() => commands.divide(value)) });
  const place = el("div.group-cards");
  const all = createCard(ALL, commands, said);
  const cards = new Map();
  const element = part("groups", el("div.bar", {}, count.element, said.element), all.element, place);

  function show({ groups, experiment }) {
    count.show(groups.length);
    for (const group of groups) {
      if (!cards.has(group.name)) cards.set(group.name, createCard(group.name, commands, said));
      cards.get(group.name).show(group);
    }
    const names = groups.map(({ name }) => name);
    for (const name of cards.keys()) if (!names.includes(name)) cards.delete(name);
    const wanted = names.map((name) => cards.get(name).element);
    if (wanted.some((card, index) => place.children[index] !== card) || place.children.length !== wanted.length) place.replaceChildren(...wanted);
    all.showTogether(groups);
    element.dataset.busy = String(experiment?.phase === "running");
  }

  return { element, show };
}

function createCard(name, commands, said) {
  const set = (changes) => said.attempt(() => commands.setGroup(name, changes));
  const isAll = name === ALL;
  const technique = choiceField({
    label: t("console.group.technique"), testid: `technique-${name}`,
    options: [...TECHNIQUES.map((each) => [each.name, techniqueLabel(each.name)]), [THEY_CHOOSE, t("console.group.choose")], ...(isAll ? [["mixed", t("console.group.mixed")]] : [])],
    onChange: (value) => value !== "mixed" && set({ technique: value === THEY_CHOOSE ? null : value }),
  });
  const fields = [
    ...LINE.map((each) => [each.name, true, numberField({ ...each, label: t(`console.network.${each.name}`), testid: `${each.name}-${name}`, onChange: (value) => set({ network: { [each.name]: value } }) })]),
    ...CLIENT.map((each) => [each.name, false, numberField({ ...each, label: t(`console.client.${each.name}`), testid: `${each.name}-${name}`, onChange: (value) => set({ [each.name]: value }) })]),
  ];
  const ticks = PROXIES.map((each) => [each, tickField({ label: t(`console.network.${each.name}`), testid: `${each.name}-${name}`, onChange: (isOn) => set({ network: { [each.name]: isOn ? each.on : each.off } }) })]);
  const words = el("span.network-words", { testid: `network-${name}` });
  const people = el("span.people");
  const strike = (fault, seconds) => button(t(`console.fault.${fault}`, { seconds: seconds ?? 0 }), () => said.attempt(() => commands.strike(name, fault, seconds)), { testid: `${fault}-${name}`, title: t(`console.fault.${fault}.hint`) });
  const element = el(`article.group-card${isAll ? ".of-all" : ""}`, { testid: `group-${name}`, "aria-label": isAll ? t("console.groups.all") : t("class.group", { name }) },
    el("div.group-head", {}, el("h3", {}, isAll ? t("console.groups.all") : t("class.group", { name })), people, technique.element, words),
    el("div.faults", { role: "group", "aria-label": t("console.faults") },
      strike("cut"), strike("vanish"), strike("come_back"), strike("stall", PAUSE_S), strike("refuse", PAUSE_S)),
    el("details", {}, el("summary", {}, t("console.group.more")),
      el("div.fields", {}, fields.map(([, , each]) => each.element)),
      el("div.ticks", {}, ticks.map(([, each]) => each.element)),
      el("p.hint", {}, t("console.proxies.hint"))));

  function show(group) {
    element.dataset.accent = group.technique ?? "";
    technique.show(group.technique ?? THEY_CHOOSE);
    setText(people, group.people === undefined ? "" : t("console.group.people", { count: group.people }));
    setText(words, networkWords(group));
    for (const [key, ofNetwork, each] of fields) each.show(ofNetwork ? group.network[key] : group[key]);
    for (const [{ name: key, off }, each] of ticks) each.show(group.network[key] !== off);
  }

  /** What all groups have in common; where they differ, nothing stands there. */
  function showTogether(groups) {
    const same = (read) => (groups.every((each) => read(each) === read(groups[0])) ? read(groups[0]) : null);
    const first = groups[0]?.technique;
    technique.show(groups.every((each) => each.technique === first) ? first ?? THEY_CHOOSE : "mixed");
    for (const [key, ofNetwork, each] of fields) each.show(same((group) => (ofNetwork ? group.network[key] : group[key])));
    for (const [{ name: key, off }, each] of ticks) each.show(groups.length > 0 && groups.every((group) => group.network[key] !== off));
  }

  return { element, show, showTogether };
}

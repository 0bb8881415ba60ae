/**
 * The overview of the experiments, /labs: all twelve with what was done in each; the article's claims with the experiment
 * that answers each and the own figures; and the results, to take along.
 */

import { stayAtMainPort } from "../lab/place.js";
import { restoreAppearance } from "../shell/appearance.js";
import { address } from "../shell/base.js";
import { button, el } from "../shell/dom.js";
import { buildHeader } from "../shell/header.js";
import { t } from "../shell/language.js";
import { roomOfPage } from "../shell/room.js";
import { TECHNIQUES } from "../techniques.js";
import { CLAIMS, LABS, labNumbered } from "./catalogue.js";
import { allResults, asCsv } from "./results.js";
import { seedOfStudent } from "./seed.js";
import { seedField } from "./seed-field.js";
import { measuredText } from "./words.js";

restoreAppearance();
stayAtMainPort();
buildHeader(document.getElementById("header"), { page: "labs", room: roomOfPage().room });
const seed = seedOfStudent();
const results = allResults();
document.getElementById("seed").append(seedField(seed));
document.getElementById("labs").append(...LABS.map(entry));
document.getElementById("claims").append(claims());
document.getElementById("take").append(
  button(t("labs.take.csv"), () => save("csv", "text/csv;charset=utf-8", asCsv(results, nameOf)), { testid: "take-csv" }),
  button(t("labs.take.json"), () => save("json", "application/json", JSON.stringify(results, null, 2)), { testid: "take-json" }));
document.documentElement.dataset.ready = "true";

function nameOf(number) {
  return labNumbered(Number(number))?.name ?? "";
}

// ---- the twelve

function entry({ number, name, isThere, techniques }) {
  const title = t(`lab.${name}.title`);
  return el("li.panel.lab-entry", { testid: `lab-${number}`, data: { state: stateOf(number, isThere) } },
    el("span.lab-number", {}, String(number)),
    el("span.lab-words", {},
      isThere ? el("a", { href: address(`labs/${number}`) }, title) : el("strong", {}, title),
      el("span.marks-of", {}, techniques.map((technique) => el("span.technique-mark", { data: { accent: technique }, "aria-hidden": "true" })),
        techniques.length === TECHNIQUES.length ? t("labs.all-five") : techniques.map((technique) => t(`technique.${technique}`)).join(t("labs.and"))),
      el("span.hint", {}, stateText(number, isThere))));
}

function stateOf(number, isThere) {
  const kept = results[number];
  if (!isThere) return "missing";
  if (kept?.seed !== seed) return "new";
  return kept.marks ? "done" : "predicted";
}

function stateText(number, isThere) {
  const state = stateOf(number, isThere);
  if (state !== "done") return t(`labs.state.${state}`);
  const marks = Object.values(results[number].marks);
  return t("labs.state.done", { right: marks.filter(({ right }) => right).length, of: marks.length });
}

// ---- the seven claims

function claims() {
  return el("table.claims", {},
    el("thead", {}, el("tr", {}, ["claim", "lab", "verdict", "own"].map((name) => el("th", { scope: "col" }, t(`labs.claims.${name}`))))),
    el("tbody", {}, CLAIMS.map(claimRow)));
}

function claimRow(claim) {
  const labs = LABS.filter((lab) => lab.claims.includes(claim));
  const isDone = labs.some(({ number }) => results[number]?.marks);
  return el("tr", { testid: `claim-${claim}` },
    el("th", { scope: "row" }, el("span.claim-number", {}, String(claim)), t(`labs.claim.${claim}`)),
    el("td", { data: { head: t("labs.claims.lab") } }, labs.map(({ number, name, isThere }) => (isThere
      ? el("a", { href: address(`labs/${number}`) }, `${number} ${t(`lab.${name}.title`)}`) : `${number} ${t(`lab.${name}.title`)}`))),
    el("td", { data: { head: t("labs.claims.verdict") } }, isDone ? t(`labs.verdict.${claim}`) : t("labs.claims.first")),
    el("td", {}, labs.flatMap(figures)));
}

function figures({ number, name }) {
  const { measured = null, units = {}, digits = {} } = results[number] ?? {};
  return Object.entries(measured ?? {}).map(([key, value]) =>
    el("p.own-figure", {}, `${t(`lab.${name}.name.${key}`)}: ${measuredText(value, { unit: units[key], digits: digits[key] })}`));
}

// ---- to take along

function save(ending, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = el("a", { href: url, download: `pushdemo-labs.${ending}` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

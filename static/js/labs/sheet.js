/**
 * The labs on paper: /labs/<number>/sheet one experiment, /labs/all/sheet all that are there. The student's, or with
 * `?for=teacher` the teacher's; for one seed, or a student's for each of the class. Printed by the browser.
 */

import { stayAtMainPort } from "../lab/place.js";
import { restoreAppearance } from "../shell/appearance.js";
import { address } from "../shell/base.js";
import { button, el, field } from "../shell/dom.js";
import { languageSwitch } from "../shell/language-switch.js";
import { t } from "../shell/language.js";
import { forBrowser, forTab } from "../shell/storage.js";
import { LABS, labNumbered, loadModel, numberInSheetPath } from "./catalogue.js";
import { classOn } from "./class-on.js";
import { seedOfStudent } from "./seed.js";
import { seedField } from "./seed-field.js";
import { CLASS_SEEDS, classOf, classTable, MOST_IN_CLASS, sheetOf } from "./sheet-parts.js";
import { studentSheet, teacherSheet } from "./sheet-view.js";

const CLASS_KEY = "labs-class";
const LONGEST_NAME = 40;

restoreAppearance();
stayAtMainPort();
const place = document.getElementById("sheets");
const lab = labNumbered(numberInSheetPath(location.pathname)) ?? null;
const seed = seedOfStudent();
const base = await addressForPhones();
const models = await Promise.all(LABS.filter((each) => each.isThere && (lab === null || each === lab)).map(loadModel));
const shown = {
  isTeacher: new URLSearchParams(location.search).get("for") === "teacher",
  isForEach: false,
  name: forTab.get("name") ?? forBrowser.get("name") ?? "",
  list: forBrowser.get(CLASS_KEY, ""),
};
const title = lab === null ? t("sheet.title-all") : t("sheet.title", { title: t(`lab.${lab.name}.title`) });
document.title = title;
const count = el("span.hint", { role: "status", testid: "sheet-count" });
buildBar(document.getElementById("bar"));
draw();
document.documentElement.dataset.ready = "true";

/** Where phones reach the pages, while a class is on: on this machine the own address may lead nowhere from elsewhere. */
async function addressForPhones() {
  const join = (await classOn())?.address;
  return join ? new URL("./", join) : address("");
}

// ---- the bar, which is not printed

function buildBar(bar) {
  const kinds = ["student", "teacher"].map((kind) => button(t(`sheet.${kind}`), () => choose(kind), { testid: `for-${kind}` }));
  const each = el("input", { type: "checkbox", testid: "for-each", on: { change: () => change({ isForEach: each.checked }) } });
  const name = el("input", { type: "text", value: shown.name, maxlength: LONGEST_NAME, autocomplete: "off", testid: "sheet-name", size: 16 });
  const list = el("textarea", { rows: 3, testid: "class-list" });
  list.value = shown.list;
  name.addEventListener("input", () => change({ name: name.value.trim() }));
  list.addEventListener("input", () => {
    forBrowser.set(CLASS_KEY, list.value);
    change({ list: list.value });
  });

  function choose(kind) {
    const url = new URL(location.href);
    if (kind === "teacher") url.searchParams.set("for", kind);
    else url.searchParams.delete("for");
    history.replaceState(null, "", url);
    change({ isTeacher: kind === "teacher" });
  }

  function change(changes) {
    Object.assign(shown, changes);
    press();
    draw();
  }

  function press() {
    kinds.forEach((kind, index) => kind.setAttribute("aria-pressed", String((index === 1) === shown.isTeacher)));
    each.disabled = shown.isTeacher;
  }

  press();
  bar.append(
    el("div.bar-row", {}, el("h1", {}, title), languageSwitch()),
    el("div.bar-row", {},
      el("span.buttons", { role: "group", "aria-label": t("sheet.bar") }, kinds),
      button(t("sheet.print"), () => window.print(), { class: "start", testid: "print", disabled: models.length === 0 }), count,
      lab === null ? null : el("a", { href: address(`labs/${lab.number}`) }, t("sheet.this")),
      lab === null ? null : el("a", { href: address("labs/sheet") }, t("sheet.all")),
      el("a", { href: address("labs") }, t("labs.all"))),
    el("div.bar-row", {}, field(t("sheet.name"), name), seedField(seed)),
    el("details", {}, el("summary", {}, t("sheet.class")),
      field(t("sheet.class"), list, t("sheet.class.what", { most: MOST_IN_CLASS, seeds: CLASS_SEEDS })),
      el("label.check", {}, each, " ", t("sheet.each"))));
}

// ---- the sheets

function draw() {
  const people = classOf(shown.list);
  const { isTeacher, isForEach } = shown;
  const writers = isForEach && !isTeacher ? people : [{ name: shown.name, seed }];
  const sheets = writers.flatMap((writer) => models.map((model) => (isTeacher ? forTeacher(model, writer, people) : forStudent(model, writer))));
  count.textContent = t("sheet.made", { count: sheets.length });
  place.replaceChildren(...sheets);
  if (sheets.length === 0) place.append(el("p.sheet", {}, t("sheet.missing")));
}

function forStudent(model, { name, seed: own }) {
  const enterAt = new URL(`labs/${model.number}?seed=${own}`, base).href;
  return studentSheet(sheetOf(model, own), { who: name, enterAt, of: LABS.length });
}

function forTeacher(model, { name, seed: own }, people) {
  return teacherSheet(sheetOf(model, own), { who: name, of: LABS.length, table: classTable(model, people) });
}

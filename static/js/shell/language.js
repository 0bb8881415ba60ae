/**
 * The language of the pages. Every text that a person reads stands in `static/lang/<language>.json` under a key such as
 * `join.title`; which language it is says the address (`?lang=zh`), else the choice of last time, else the browser.
 *
 * A text may hold places, `{count}`, which are filled in; a number goes in as the language writes it. One that depends on
 * a count is an object, `{"one": …, "other": …}`, of which `Intl.PluralRules` takes one by the value `count`. Words between
 * backticks are code where the text goes in by `rich`.
 */

import { el } from "./dom.js";
import { forBrowser } from "./storage.js";

export const LANGUAGES = [
  { tag: "en", name: "English", short: "En", locale: "en" },
  { tag: "zh", name: "中文", short: "中", locale: "zh-Hans" },
];
const ATTRIBUTES = [["label", "aria-label"], ["title", "title"], ["placeholder", "placeholder"], ["content", "content"]];
const PLACE = /\{(\w+)\}/g;
const PIECE = /(`[^`]+`|\{\w+\})/;

let chosen = LANGUAGES[0];
let texts = {};
let numbers = null;
let plurals = null;

if (typeof document !== "undefined") await begin(); // a script outside a page, such as a test, calls useTexts itself

async function begin() {
  const read = await readTexts(languageOfPage());
  useTexts(read.tag, read.texts);
  document.documentElement.lang = chosen.locale;
  fillPage();
}

/** Read the texts of a language, or of another one where its file cannot be read: a page of keys is better than none. */
export async function readTexts(wanted, fetch = globalThis.fetch) {
  for (const { tag } of [wanted, ...LANGUAGES.filter((each) => each !== wanted)]) {
    const answer = await fetch(new URL(`../../lang/${tag}.json`, import.meta.url)).catch(() => null);
    const found = answer?.ok ? await answer.json().catch(() => null) : null;
    if (found !== null) return { tag, texts: found };
  }
  return { tag: wanted.tag, texts: {} };
}

/** Set the language and its texts, by key. */
export function useTexts(tag, given) {
  chosen = LANGUAGES.find((each) => each.tag === tag);
  texts = given;
  numbers = new Intl.NumberFormat(chosen.locale);
  plurals = new Intl.PluralRules(chosen.locale);
}

/** The language in use: `{ tag, name, locale }`; `locale` is for Intl. */
export function language() {
  return chosen;
}

/** Use another language: remembered, and the page is loaded again in it. */
export function chooseLanguage(tag) {
  forBrowser.set("language", tag);
  const url = new URL(location.href);
  url.searchParams.delete("lang");
  history.replaceState(history.state, "", url);
  location.reload();
}

function languageOfPage() {
  const asked = new URLSearchParams(location.search).get("lang");
  const known = (tag) => LANGUAGES.find((each) => each.tag === String(tag).toLowerCase().split("-")[0]);
  if (known(asked)) forBrowser.set("language", known(asked).tag);
  const wishes = [asked, forBrowser.get("language"), ...(navigator.languages ?? [navigator.language])];
  return wishes.map(known).find(Boolean) ?? LANGUAGES[0];
}

/** Returns the text of a key with its places filled in; one that is missing shows as its key. */
export function t(key, values = {}) {
  return filled(template(key, values), values);
}

function filled(text, values) {
  return text.replace(PLACE, (place, name) => (name in values ? written(values[name]) : place));
}

/** Returns the nodes of a text: code between backticks as code, and in its places strings, numbers or nodes. */
export function rich(key, values = {}) {
  return template(key, values).split(PIECE).filter(Boolean).map((piece) => {
    if (piece.startsWith("`") && piece.length > 1) return el("code", {}, filled(piece.slice(1, -1), values));
    const name = piece.startsWith("{") ? piece.slice(1, -1) : null;
    return name !== null && name in values ? written(values[name]) : piece;
  });
}

function template(key, values) {
  const found = texts[key];
  if (found === undefined) return key;
  return typeof found === "string" ? found : found[plurals.select(values.count)] ?? found.other;
}

function written(value) {
  return typeof value === "number" ? numbers.format(value) : value;
}

/**
 * Fill in the texts of elements that name a key: `data-text` and `data-rich` (with code) for what stands in them, and
 * `data-label`, `data-title`, `data-placeholder`, `data-content` for an attribute.
 */
export function fillPage(root = document) {
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of root.querySelectorAll("[data-rich]")) element.replaceChildren(...rich(element.dataset.rich));
  for (const [name, attribute] of ATTRIBUTES) {
    for (const element of root.querySelectorAll(`[data-${name}]`)) element.setAttribute(attribute, t(element.dataset[name]));
  }
}

/** Texts by key: places, numbers, plurals and code. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { LANGUAGES, readTexts, t, useTexts } from "../../static/js/shell/language.js";

test("a text's places are filled in, numbers as the language writes them", () => {
  useTexts("en", { many: "{who} wrote {size} characters" });
  assert.equal(t("many", { who: "li", size: 1234567 }), "li wrote 1,234,567 characters");
});

test("a value is not read for places again", () => {
  useTexts("en", { said: "{who} said {what}" });
  assert.equal(t("said", { who: "{what}", what: "hi" }), "{what} said hi");
});

test("a count chooses the plural of its language", () => {
  useTexts("en", { people: { one: "{count} person", other: "{count} people" } });
  assert.deepEqual([0, 1, 2].map((count) => t("people", { count })), ["0 people", "1 person", "2 people"]);
  useTexts("zh", { people: { other: "{count} 人" } });
  assert.equal(t("people", { count: 1 }), "1 人");
});

test("a text that is missing shows as its key, and a place that nobody fills stays", () => {
  useTexts("en", { half: "{who} here" });
  assert.equal(t("none.such"), "none.such");
  assert.equal(t("half"), "{who} here");
});

test("where a language's file cannot be read there is another, and without any the page has its keys", async () => {
  const [english, chinese] = LANGUAGES;
  const answering = (answers) => async (url) => {
    const answer = answers[url.pathname.split("/").at(-1)];
    if (answer === undefined) throw new TypeError("Failed to fetch");
    return answer;
  };
  const en = { ok: true, json: async () => ({ hi: "hello" }) };
  const zh = { ok: true, json: async () => ({ hi: "你好" }) };
  const missing = { ok: false, json: async () => ({ status: 404 }) };
  const torn = { ok: true, json: async () => JSON.parse("{") };
  const read = (wanted, answers) => readTexts(wanted, answering(answers));
  assert.deepEqual(await read(chinese, { "en.json": en, "zh.json": zh }), { tag: "zh", texts: { hi: "你好" } });
  for (const broken of [missing, torn, undefined]) {
    assert.deepEqual(await read(chinese, { "en.json": en, "zh.json": broken }), { tag: "en", texts: { hi: "hello" } });
  }
  assert.deepEqual(await read(english, {}), { tag: "en", texts: {} });
});

/** Texts by key: places, numbers, plurals and code. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { t, useTexts } from "../../static/js/shell/language.js";

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

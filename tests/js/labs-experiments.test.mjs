import { texts } from "./texts.mjs"; // first
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { isNear } from "../../static/js/labs/marking.js";
import { LABS } from "../../static/js/labs/catalogue.js";

const SEEDS = Array.from({ length: 200 }, (_, index) => 1 + index * 50);
const EXPERIMENTS = await Promise.all(LABS.filter(({ isThere }) => isThere).map(async ({ name }) => ({ name, ...(await import(`../../static/js/labs/experiments/${name}.js`)) })));
const PLACE = /\{(\w+)\}/g;

for (const experiment of EXPERIMENTS) {
  const { name, parameters, questions, values = (own) => own } = experiment;

  describe(name, () => {
    test("neighbours have other numbers, and the same seed has the same", () => {
      assert.deepEqual(parameters(7), parameters(7));
      const kinds = new Set(SEEDS.map((seed) => JSON.stringify(parameters(seed))));
      assert.ok(kinds.size >= 8, `only ${kinds.size} kinds`);
    });

    test("one to four questions, with theory that can be told from what comes of the known mistakes", () => {
      for (const seed of SEEDS) {
        const asked = questions(parameters(seed));
        assert.ok(asked.length >= 1 && asked.length <= 4);
        for (const { key, theory, tolerance, mistakes = [] } of asked) {
          assert.ok(theory === null || Number.isFinite(theory), `${key} at ${seed}`);
          for (const mistake of mistakes) {
            assert.ok(theory === null || !isNear(mistake.value, { value: theory }, tolerance), `${key}: ${mistake.key} is right at ${seed}`);
          }
        }
      }
    });

    test("every text is there, and its places are filled", () => {
      const given = values(parameters(1));
      const asked = questions(parameters(1));
      const keys = [
        "title", "claim", "question", "do", "verdict", ...Array.from({ length: experiment.explanations }, (_, index) => `explain.${index + 1}`),
        ...asked.flatMap(({ key, mistakes = [] }) => [`ask.${key}`, `name.${key}`, ...mistakes.map((mistake) => `mistake.${mistake.key}`)]),
        ...(experiment.fields ?? []).map((field) => `set.${field.name}`),
      ];
      for (const key of keys) {
        const text = texts[`lab.${name}.${key}`];
        assert.equal(typeof text, "string", key);
        for (const [, place] of text.matchAll(PLACE)) assert.ok(place in given, `${key}: {${place}}`);
      }
      for (const unit of [...asked, ...(experiment.fields ?? [])].map((each) => each.unit)) assert.ok(texts[`unit.${unit}`], unit);
    });

    test("its fields hold the student's numbers", () => {
      for (const seed of SEEDS) {
        for (const { name: field, min, max, step } of experiment.fields ?? []) {
          const value = parameters(seed)[field];
          assert.ok(value >= min && value <= max, `${field} ${value}`);
          assert.ok(Math.abs((value - min) / step - Math.round((value - min) / step)) < 1e-6, `${field} ${value} is no step from ${min}`);
        }
      }
    });
  });
}

describe("what is measured", () => {
  const find = (name) => EXPERIMENTS.find((each) => each.name === name);
  const delay = { count: 50, mean: 250, error: 10, median: 240, p95: 480, max: 498 };
  const NOTHING = { count: 0, mean: null, error: null, median: null, p95: null, max: null };
  const lane = (more) => ({ key: "own", delay, received: 50, during: { requests: 90, empty: 45 }, ...more });

  test("of short polling, in the questions' units", () => {
    const { empty, mean, max, requests } = find("waste").measure({ seconds: 45, lanes: [lane({})] });
    assert.deepEqual([empty.value, empty.samples, mean.value, max.value, requests.value], [50, 90, 250, 498, 120]);
    assert.ok(Math.abs(empty.error - 5.27) < 0.01);
  });

  test("of long polling, too", () => {
    const { mean, max, requests } = find("gap").measure({ seconds: 45, lanes: [lane({ received: 150 })] });
    assert.deepEqual([mean.value, mean.error, max.value, requests.value], [250, 10, 498, 60]);
  });

  test("nothing is nothing", () => {
    const lanes = [lane({ delay: NOTHING, received: 0, during: { requests: 0, empty: 0 } })];
    assert.deepEqual(find("waste").measure({ seconds: 0, lanes }), { empty: null, mean: null, max: null, requests: null });
    assert.deepEqual(find("gap").measure({ seconds: 0, lanes }), { mean: null, max: null, requests: null });
  });
});

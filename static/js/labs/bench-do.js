/**
 * The third step of an experiment that the bench makes: what is set, Run and Stop, how far it is, and the lanes' frames.
 *
 * The frames stay in the window while it runs, in a strip at its edge: a browser slows the timers of a frame of another
 * origin that nobody sees, and short polling would ask no more than once a second.
 *
 * An experiment with means of its own exports a function like `createBenchDo`: it calls `onBegin(parameters)` when
 * something is to be seen, `onNews(results)` while it is, and `onDone(results, isOwn)` at the end, where `isOwn` says that
 * it is to be marked; it returns `free()` (the own run is marked: anything may be set) and `leave()` (the page goes).
 */

import { onAppearance } from "../shell/appearance.js";
import { button, el, field, setText } from "../shell/dom.js";
import { rich, t } from "../shell/language.js";
import { createBench } from "./bench.js";
import { unitText } from "./words.js";

const SHOW_EVERY_MS = 500; // seldom, for the frames share the page's time
const ON = ["opening", "running", "settling"];

export function createBenchDo(place, { experiment, own, values, strip, seed, onBegin, onNews, onDone }) {
  let bench = null;
  let timer = null;
  const inputs = (experiment.fields ?? []).map((each) => createInput(each, experiment.name, own[each.name]));
  const press = button(t("labs.run"), () => (isOn() ? bench.stop() : begin()), { class: "start", testid: "run" });
  const words = el("p.run-words", { role: "status", testid: "run-state" }, t("labs.run.ready", { seconds: experiment.plan(own).seconds }));
  const progress = el("progress", { max: 1, value: 0, "aria-label": t("labs.run.progress") });
  const note = el("p.hint", { testid: "free-note" }, t("labs.set.closed"));
  const isOn = () => bench !== null && ON.includes(bench.state);
  place.append(
    el("p", {}, rich(`lab.${experiment.name}.do`, values)),
    el("div.bench-fields", {}, inputs.map(({ element }) => element)), note,
    el("div.run-line", {}, press, words), progress);

  function begin() {
    if (!inputs.every(({ input }) => input.reportValidity())) return;
    const changed = Object.fromEntries(inputs.map(({ name, input }) => [name, input.valueAsNumber]));
    const isOwn = inputs.every(({ name }) => changed[name] === own[name]);
    const parameters = { ...own, ...changed };
    bench = createBench(withSeed(experiment.plan(parameters), seed), { onLanes: showLanes, onChange: () => change(isOwn) });
    onBegin(parameters);
    clearInterval(timer);
    timer = setInterval(look, SHOW_EVERY_MS);
    bench.start();
    place.parentElement.scrollIntoView({ block: "start" }); // so that the pictures are seen, too
  }

  function change(isOwn) {
    if (bench === null) return;
    look();
    if (isOn()) return;
    clearInterval(timer);
    strip.hidden = true;
    strip.replaceChildren();
    if (bench.state === "done") onDone(bench.results(), isOwn);
    else if (bench.state === "stopped") onDone(bench.results(), false);
  }

  function look() {
    const results = bench.results();
    setText(press, t(isOn() ? /* text */ "labs.stop" : /* text */ "labs.run.again"));
    setText(words, sentence(results));
    words.dataset.bad = String(bench.error !== null);
    progress.value = results.seconds / bench.plan.seconds;
    for (const lane of bench.lanes) if (lane.lamp) lane.lamp.dataset.state = lane.state;
    for (const { input } of inputs) input.disabled = isOn();
    if (results.lanes.length > 0) onNews(results);
  }

  function sentence({ seconds, published, disturbed }) {
    const { state, error, plan } = bench;
    if (state === "failed") return t("labs.run.failed", { error });
    if (error !== null) return t("labs.run.unpublished", { error });
    if (state === "running" && disturbed.includes("hidden") && document.hidden) return t("labs.run.hidden");
    return t(`labs.run.${state}`, { seconds: Math.floor(seconds), of: plan.seconds, published });
  }

  function showLanes(lanes) {
    strip.replaceChildren(...lanes.map((lane) => {
      lane.lamp = el("span.lane-state", { data: { state: lane.state } }, el("span.lamp", { "aria-hidden": "true" }));
      return el("div.bench-head", { data: { accent: lane.technique.name } },
        el("p.bench-name", {}, el("span.bench-label", {}, lane.label), lane.lamp), lane.frame);
    }));
    strip.hidden = false;
  }

  onAppearance(() => bench?.lanes.forEach((lane) => lane.showAppearance()));
  return {
    free() {
      for (const { input } of inputs) input.readOnly = false;
      setText(note, t("labs.set.open"));
    },
    leave: () => bench?.leave(),
  };
}

/** The chances are the student's own, so that the same run can be made again. */
function withSeed(plan, seed) {
  return plan.schedule === null ? plan : { ...plan, schedule: { seed, ...plan.schedule } };
}

function createInput({ name, unit, min, max, step }, experiment, value) {
  const input = el("input", { type: "number", required: true, inputmode: "decimal", min, max, step, value, readonly: true, testid: `set-${name}` });
  const made = field(t(`lab.${experiment}.set.${name}`), input);
  made.append(el("span.unit", {}, unitText(unit)));
  return { name, input, element: made };
}

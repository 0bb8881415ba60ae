/** What a student's page counts and keeps: the ledger of a stretch, the watch over a fault, posting by itself. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createAutomatic } from "../../static/js/class/student/automatic.js";
import { createFaultWatch, LATE_MS } from "../../static/js/class/student/fault-watch.js";
import { faultWords } from "../../static/js/class/student/figures-view.js";
import { createLedger, MOST_DELAYS, SETTLE_MS } from "../../static/js/class/student/ledger.js";
import { isNear } from "../../static/js/class/student/near.js";
import { createReporter } from "../../static/js/class/student/reporter.js";
import { isAutomatic } from "../../static/js/class/words.js";
import { useTexts } from "../../static/js/shell/language.js";

const LIVE = { delayMs: 10, late: false, at: 0 };
let ledger;

beforeEach(() => {
  ledger = createLedger();
});

function take(...numbers) {
  for (const number of numbers) ledger.take(`k3f9-${number}`, LIVE);
}

test("messages in order are received, and nothing is wrong with them", () => {
  take(1, 2, 3);
  assert.deepEqual(ledger.counts, { received: 3, lost: 0, doubled: 0, reordered: 0, late: 0, left_out: 0 });
});

test("what is left out in the numbers is lost, what comes again is doubled, what comes after its time is out of order", () => {
  take(1, 4, 4, 3);
  assert.deepEqual(ledger.counts, { received: 3, lost: 2, doubled: 1, reordered: 1, late: 0, left_out: 0 });
});

test("numbers of another epoch tell nothing of what was lost", () => {
  take(7);
  ledger.take("other-1", LIVE);
  assert.equal(ledger.counts.lost, 0);
});

test("another stretch counts from nothing, and goes on in the numbers", () => {
  take(1, 2);
  ledger.reset();
  take(3, 5);
  assert.deepEqual([ledger.counts.received, ledger.counts.lost], [2, 1]);
});

test("history is not counted, and is not taken for a loss", () => {
  ledger.skipTo("k3f9-40");
  take(41);
  assert.deepEqual([ledger.counts.received, ledger.counts.lost], [1, 0]);
});

test("only what came live has a delay; late ones are counted apart", () => {
  ledger.take("a-1", { ...LIVE, delayMs: 12.5 });
  ledger.take("a-2", { ...LIVE, late: true, delayMs: 9000 });
  ledger.take("a-3", { ...LIVE, delayMs: null });
  assert.deepEqual(ledger.takeDelays(), [12.5]);
  assert.deepEqual([ledger.counts.received, ledger.counts.late], [3, 1]);
});

test("a delay that comes while the page is hidden, or just after, is left out", () => {
  ledger.hide();
  ledger.take("a-1", { ...LIVE, at: 1000 });
  ledger.show(2000);
  ledger.take("a-2", { ...LIVE, at: 2000 + SETTLE_MS - 1 });
  ledger.take("a-3", { ...LIVE, at: 2000 + SETTLE_MS });
  assert.equal(ledger.counts.left_out, 2);
  assert.equal(ledger.takeDelays().length, 1);
});

test("each delay goes with one report, as many as a report takes, unless that did not go", () => {
  for (let number = 1; number <= MOST_DELAYS + 1; number += 1) ledger.take(`a-${number}`, { ...LIVE, delayMs: number });
  const first = ledger.takeDelays();
  assert.equal(first.length, MOST_DELAYS);
  ledger.putBack(first);
  assert.equal(ledger.takeDelays()[0], 1);
  assert.deepEqual(ledger.takeDelays(), [MOST_DELAYS + 1]);
  assert.deepEqual(ledger.takeDelays(), []);
});

const CUT = { number: 1, at: 10_000, fault: "cut", seconds: null };

test("a fault is noticed when the connection breaks, and over when it is open again", () => {
  const watch = createFaultWatch();
  watch.strike(CUT);
  watch.status("broken", 10_250);
  watch.status("connecting", 10_300);
  watch.status("open", 11_000);
  watch.status("broken", 12_000);
  assert.deepEqual(watch.record, { number: 1, noticed_ms: 250, back_ms: 1000, late: 0, lost: 0 });
});

test("a fault that nobody notices stays so, and the same fault told again changes nothing", () => {
  const watch = createFaultWatch();
  watch.strike(CUT);
  watch.status("open", 10_100);
  watch.lose(2);
  watch.strike({ ...CUT });
  assert.deepEqual(watch.record, { number: 1, noticed_ms: null, back_ms: null, late: 0, lost: 2 });
  watch.strike({ ...CUT, number: 2 });
  assert.equal(watch.record.lost, 0);
});

test("what a page goes through while it is hidden is marked, unless it was over before", () => {
  const watch = createFaultWatch();
  watch.strike(CUT);
  watch.message({ sentAt: 10_100, delayMs: 5, late: false });
  watch.hide();
  assert.equal(watch.report.hidden, false);
  watch.strike({ ...CUT, number: 2 });
  watch.show();
  assert.equal(watch.report.hidden, true);
  watch.strike({ ...CUT, number: 3 });
  assert.equal(watch.report.hidden, false);
  watch.hide();
  watch.show();
  assert.deepEqual(watch.report, { ...watch.record, hidden: true });
});

test("a stretch as long as the class does not fill the memory", () => {
  for (let number = 1; number <= 20_001; number += 1) ledger.take(`a-${number}`, LIVE);
  ledger.take("a-2", LIVE);
  assert.equal(ledger.counts.doubled, 1);
  ledger.take("a-1", LIVE); // forgotten
  assert.deepEqual([ledger.counts.doubled, ledger.counts.reordered], [1, 1]);
});

test("late is what was caught up with, or held up longer than its technique takes", () => {
  const watch = createFaultWatch();
  const message = { sentAt: 10_500, delayMs: 50, late: false, usualMs: 0 };
  watch.message(message);
  watch.strike(CUT);
  watch.message(message);
  watch.message({ ...message, late: true });
  watch.message({ ...message, delayMs: LATE_MS + 1 });
  watch.message({ ...message, delayMs: LATE_MS + 1, usualMs: 2000 });
  watch.message({ ...message, sentAt: 1000, late: true });
  assert.equal(watch.record.late, 2);
});

test("a phone writes at random times, as often as it is told, and stops", () => {
  let due = [];
  const timers = { setTimeout: (action, ms) => due.push({ action, ms }), clearTimeout: () => { due = []; } };
  let posts = 0;
  const automatic = createAutomatic({ post: () => { posts += 1; }, random: () => 1 - Math.exp(-1), timers });
  automatic.set(6);
  assert.equal(Math.round(due[0].ms), 10_000); // the mean of exponential gaps at six a minute
  due.shift().action();
  automatic.set(6);
  assert.deepEqual([posts, due.length], [1, 1]);
  automatic.stop();
  assert.equal(due.length, 0);
});

test("what was measured is told as the technique's that ran then, once, and kept where it cannot be told", () => {
  const said = [];
  let isAway = false;
  let technique = "short-poll";
  const phone = { ledger, report: () => ({ technique, delays: ledger.takeDelays(), received: ledger.counts.received }) };
  const reporter = createReporter({ phone, say: ({ report }) => !isAway && said.push([report.technique, report.delays.length]) > 0 });
  reporter.before({ technique, group: "A" });
  assert.equal(said.length, 0);
  take(1);
  reporter.before({ technique: "sse", group: "A" });
  technique = "sse";
  isAway = true;
  take(2);
  reporter.report();
  isAway = false;
  reporter.report();
  reporter.report(); // that no delays came is news,
  reporter.report(); // and nothing is none
  reporter.before({ technique, group: "A" });
  assert.deepEqual(said, [["short-poll", 1], ["sse", 1], ["sse", 0]]);
});

test("a prediction is right within a fifth of what was measured", () => {
  assert.deepEqual([[80, 100], [120, 100], [79, 100], [0, 0], [null, 1], [1, null]].map(([given, found]) => isNear(given, found)),
    [true, true, false, true, false, false]);
});

test("what nobody wrote is known by its key, and not by its sender alone", () => {
  assert.ok(isAutomatic({ sender: "metronome", client_message_id: "tick-1-2" }));
  assert.ok(isAutomatic({ sender: "li", client_message_id: "auto-abc" }));
  assert.ok(!isAutomatic({ sender: "li", client_message_id: "tick-1-2" }));
  assert.ok(!isAutomatic({ sender: "li" }));
});

test("a break that came before the fault was told is of that fault, and an older one is not", () => {
  const watch = createFaultWatch();
  watch.status("broken", 5000);
  watch.status("open", 6000);
  watch.status("broken", 10_004);
  watch.status("open", 10_030);
  watch.strike(CUT);
  assert.deepEqual([watch.record.noticed_ms, watch.record.back_ms], [4, 30]);
  watch.strike({ ...CUT, number: 2, at: 20_000 });
  assert.equal(watch.record.noticed_ms, null);
});

test("a fault is over when what was sent after it has come, and not while the connection is broken", () => {
  const watch = createFaultWatch();
  watch.strike(CUT);
  assert.equal(watch.isOver, false);
  watch.message({ sentAt: 10_100, delayMs: 5, late: false });
  assert.equal(watch.isOver, true);
  watch.status("broken", 10_250);
  assert.equal(watch.isOver, false);
  watch.status("open", 10_500);
  assert.equal(watch.isOver, true);
});

test("what a phone went through is said in sentences, and that nothing is lost only when it is over", () => {
  useTexts("en", {
    "join.fault": "{at}: {what}", "fault.cut": "Every connection was cut.", "join.fault.unnoticed": "Not noticed.",
    "join.fault.noticed": "Noticed after {time}.", "join.fault.back": "Back after {time}.", "join.fault.nothing-lost": "Nothing is lost.",
    "join.fault.lost": { one: "{count} is lost.", other: "{count} are lost." }, "join.fault.late": "{count} late.",
  });
  const watch = createFaultWatch();
  watch.strike(CUT);
  assert.deepEqual(faultWords(watch).slice(1), ["Not noticed."]);
  watch.status("broken", 10_810);
  assert.deepEqual(faultWords(watch).slice(1), ["Noticed after 810 ms."]);
  watch.status("open", 12_300);
  watch.message({ sentAt: 11_000, delayMs: null, late: true });
  assert.deepEqual(faultWords(watch).slice(1), ["Noticed after 810 ms.", "Back after 2300 ms.", "1 late.", "Nothing is lost."]);
  watch.lose(2);
  assert.deepEqual(faultWords(watch).slice(-1), ["2 are lost."]);
});

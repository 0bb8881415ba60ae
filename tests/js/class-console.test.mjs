/** The teacher's console without a page: the order of its table, and what its commands ask and say when they fail. */

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { createCommands } from "../../static/js/class/commands.js";
import { createRoster, troubles } from "../../static/js/class/console/roster.js";
import { useTexts } from "../../static/js/shell/language.js";

const fetchOfNode = globalThis.fetch;
afterEach(() => { globalThis.fetch = fetchOfNode; });

function seat(name, more = {}) {
  return { id: name, name, group: "A", median: null, connected: true, report: null, ...more };
}

test("students stand by group and name, and a few letters find one", () => {
  const seats = [seat("Zoë", { group: "B" }), seat("Li"), seat("Ann", { group: "B" })];
  const roster = createRoster();
  assert.deepEqual(roster.arrange(seats, { order: "group" }), ["Li", "Ann", "Zoë"]);
  assert.deepEqual(roster.arrange(seats, { order: "group", wanted: " zO" }), ["Zoë"]);
});

test("figures that change move no row until the order is asked for anew", () => {
  const roster = createRoster();
  const slow = (name) => [seat("Li", { median: name === "Li" ? 9 : 1 }), seat("Ann", { median: name === "Ann" ? 9 : 1 })];
  assert.deepEqual(roster.arrange(slow("Li"), { order: "delay" }), ["Li", "Ann"]);
  assert.deepEqual(roster.arrange(slow("Ann"), { order: "delay" }), ["Li", "Ann"]);
  assert.deepEqual(roster.arrange(slow("Ann"), { order: "delay", anew: true }), ["Ann", "Li"]);
});

test("who comes or moves to another group puts the table in order", () => {
  const roster = createRoster();
  roster.arrange([seat("Li"), seat("Zoë")], { order: "group" });
  assert.deepEqual(roster.arrange([seat("Li"), seat("Zoë"), seat("Ann")], { order: "group" }), ["Ann", "Li", "Zoë"]);
  assert.deepEqual(roster.arrange([seat("Li", { group: "C" }), seat("Zoë"), seat("Ann")], { order: "group" }), ["Ann", "Zoë", "Li"]);
});

test("troubles are all that did not come once, in order and at once", () => {
  assert.equal(troubles(seat("Li")), 0);
  assert.equal(troubles(seat("Li", { report: { late: 1, lost: 2, doubled: 3, reordered: 4 } })), 10);
});

test("a command carries the token and its settings", async () => {
  const asked = [];
  globalThis.fetch = async (url, init) => { asked.push([url.pathname.split("/api/")[1], init]); return new Response(null, { status: 204 }); };
  await createCommands("secret").strike("all", "stall", 5);
  await createCommands("secret").removeSeat("a/b");
  const [[path, init], [other]] = asked;
  assert.equal(path, "class/groups/all/faults");
  assert.equal(init.headers.Authorization, "Bearer secret");
  assert.deepEqual(JSON.parse(init.body), { fault: "stall", seconds: 5 });
  assert.equal(other, "class/seats/a%2Fb");
});

test("a command that fails says the server's sentence, or that nobody answers", async () => {
  useTexts("en", { "console.unreachable": "Nobody answers." });
  globalThis.fetch = async () => Response.json({ detail: "An experiment runs." }, { status: 409 });
  await assert.rejects(createCommands("x").zero(), { message: "An experiment runs.", status: 409 });
  globalThis.fetch = async () => { throw new TypeError("failed"); };
  await assert.rejects(createCommands("x").zero(), { message: "Nobody answers." });
});

/**
 * The page on which all five techniques carry the same messages side by side.
 *
 * Each runs in a small frame at the port of a lab session of its own, so that all that crosses the port is its; the page
 * publishes, to the main port, and shows what the five tell and what the relays counted.
 */

import { createNetworkPanel } from "../lab/network-panel.js";
import { stayAtMainPort } from "../lab/place.js";
import { ACCOUNTS } from "../lab/traffic-store.js";
import { legend, timeControls } from "../ladder/controls.js";
import { createTimeWindow, SPANS_MS } from "../ladder/time-window.js";
import { onAppearance, restoreAppearance } from "../shell/appearance.js";
import { buildHeader } from "../shell/header.js";
import { el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { roomOfPage } from "../shell/room.js";
import { TECHNIQUES } from "../techniques.js";
import { createAllSessions, networkInWords } from "./all-sessions.js";
import { createBytesChart } from "./bytes-chart.js";
import { createColumn } from "./column.js";
import { createDelayChart } from "./delay-chart.js";
import { figuresOf } from "./figures.js";
import { createRun } from "./run.js";
import { createSettings } from "./settings.js";
import { createTable } from "./table.js";
import { meanByTheory } from "./theory.js";
import { captionOf, wordsOf } from "./words.js";

const PAINT_EVERY_MS = 250;
const SHOWN_MESSAGES = 20; // in a ladder, and
const SHOWN_POLLS = 2;

restoreAppearance();
stayAtMainPort();
const place = (id) => document.getElementById(id);
buildHeader(place("header"), { page: "compare", room: roomOfPage().room });

// ---- what is set

let run = null;
const settings = createSettings(place("run"), { onPress: press, onChange: change });
const network = createAllSessions({
  onState: showNetwork,
  onDisturbed: () => { if (run?.state === "running") run.isMixed = true; },
});
const panel = createNetworkPanel(place("network"), network);
network.show();

function showNetwork(session) {
  panel.show(session);
  setText(place("network-words"), networkInWords(session.network));
}

// ---- what is shown

const timeWindow = createTimeWindow({ spanMs: spanFor(settings.read()) });
let fittedMs = timeWindow.span; // it is fitted to each run, until somebody zooms
const columns = TECHNIQUES.map((technique) => createColumn(technique, timeWindow));
place("heads").append(...columns.map((column) => column.head));
place("lanes").append(...columns.map((column) => column.element));
place("keys").append(timeControls(timeWindow, network.now).element, accountLegend(), legend());
const bytesChart = createBytesChart(place("bytes-chart"));
const delayChart = createDelayChart(place("delay-chart"));
const table = createTable(place("table"));

function accountLegend() {
  return el("ul.account-legend", { "aria-label": t("account.title") }, ACCOUNTS.filter(({ name }) => !["page", "unknown"].includes(name)).map(({ name, label, meaning }) =>
    el("li", { title: meaning }, el("span.swatch", { data: { account: name }, "aria-hidden": "true" }), label)));
}

/** As much time as shows how each technique goes about it, and no more, for that would be a thicket. */
function spanFor({ rate, intervalMs }) {
  const wanted = Math.max((1000 * SHOWN_MESSAGES) / rate, SHOWN_POLLS * intervalMs);
  return SPANS_MS.find((each) => each >= wanted) ?? SPANS_MS.at(-1);
}

/** Everything but the ladders, which draw themselves. */
function paint() {
  settings.show(wordsOf(run));
  if (run === null) return;
  run.look();
  const errorMs = run.clock?.uncertaintyMs ?? 0;
  for (const column of columns) column.show(errorMs);
  bytesChart.show(run.bytes.columns());
  delayChart.show(run.recent.columns());
  table.show(TECHNIQUES.map((_, index) => rowOf(run.lanes[index])), captionOf(run));
}

function rowOf(lane) {
  return lane === undefined ? null : { ...figuresOf(lane), theory: theoryOf(lane) };
}

/** Only where the whole run was under one setting, on a line that does nothing but delay, and something was measured. */
function theoryOf({ technique, samples }) {
  if (run.isMixed || !run.line?.isSimple || samples.summary().samples === 0) return null;
  return meanByTheory(technique.name, { ...run.settings, timeoutMs: 1000 * run.settings.timeoutS, transitMs: run.line.transitMs });
}

// ---- a run

function press() {
  if (run?.state === "running" || run?.state === "opening") run.stop();
  else begin();
}

function begin() {
  for (const column of columns) column.clear();
  timeWindow.goOn();
  if (timeWindow.span === fittedMs) timeWindow.zoomTo(fittedMs = spanFor(settings.read()));
  run = createRun({
    settings: settings.read(), network, onChange: changed,
    onLanes: (lanes) => lanes.forEach((lane, index) => columns[index].attach(lane)),
  });
  paint();
  run.start();
}

function changed() {
  if (run.state === "stopped") timeWindow.pause(run.lanes[0]?.store.now() ?? Date.now());
  settings.show(wordsOf(run));
}

function change(news) {
  if (run?.state === "running") run.change(news);
}

function showAppearance() {
  for (const lane of run?.lanes ?? []) lane.showAppearance();
}

setInterval(paint, PAINT_EVERY_MS);
onAppearance(showAppearance);
window.addEventListener("resize", showAppearance);
window.addEventListener("pagehide", () => run?.leave());
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
paint();
document.documentElement.dataset.ready = "true";

/**
 * A technique's page: on the left a chat room, on the right the instruments that show what it costs.
 *
 * Everything is built here, in one place, and reads from top to bottom: what the page knows, what it
 * shows, the connection between the two, and what happens when the page comes and goes.
 */

import { createAnnouncer } from "./chat/announcer.js";
import { createComposer } from "./chat/composer.js";
import { createConversation } from "./chat/conversation.js";
import { createConversationView } from "./chat/conversation-view.js";
import { createIdentity } from "./chat/identity.js";
import { createOutbox } from "./chat/outbox.js";
import { browserNow, measureClockOffset } from "./instruments/clock-offset.js";
import { createConnectionCount } from "./instruments/connections.js";
import { chosenSettings, createControls, holdsConnection } from "./instruments/controls.js";
import { createDelayChart } from "./instruments/delay-chart.js";
import { createDelays, summarize } from "./instruments/delays.js";
import { createExchangeList } from "./instruments/exchanges.js";
import { createMeter } from "./instruments/meter.js";
import { createPanel, delayNote } from "./instruments/panel.js";
import { createStatus } from "./instruments/status.js";
import { createTabs, wouldStarve } from "./instruments/tabs.js";
import { showConnectionWarning } from "./instruments/warning.js";
import { createLab } from "./lab/lab.js";
import { createWireMeter } from "./lab/wire-meter.js";
import { createCounting } from "./lesson/counting.js";
import { createCurlLines } from "./lesson/curl.js";
import { createSources } from "./lesson/source.js";
import { restoreAppearance } from "./shell/appearance.js";
import { address } from "./shell/base.js";
import { buildHeader } from "./shell/header.js";
import { isOwn, newClientMessageId } from "./shell/ids.js";
import { t } from "./shell/language.js";
import { rememberRoom, roomOfPage } from "./shell/room.js";
import { forTab } from "./shell/storage.js";
import { techniqueNamed } from "./techniques.js";

const COMPARE_AGAIN_MS = 2 * 60 * 1000;
restoreAppearance();

// ---- what this page is

const technique = techniqueNamed(document.body.dataset.technique);
const { connect } = await import(`./transports/${technique.name}.js`);
const { room, refused } = roomOfPage();
const place = (id) => document.getElementById(id);
rememberRoom(room);
buildHeader(place("header"), { page: technique.name, room });

// ---- what it knows

let connection = null; // what `connect` returned, while there is one
let clock = null; // how the server's clock differs from ours, once measured
let clockReadAt = -Infinity;
let takeWarningAway = null;
const delays = createDelays();
const meter = createMeter();
const connections = createConnectionCount();
const tabs = createTabs();
const lab = createLab(place("lab"), { technique: technique.name }); // what crosses this page's port; null at the main port
const wire = lab && createWireMeter(lab, technique.name);
const conversation = createConversation({ room, store: forTab, onEntry: (entry) => view.append(entry) });
const outbox = createOutbox({
  room, store: forTab, send: publish, newId: newClientMessageId,
  onChange: (items) => view.showWaiting(items),
});

// ---- the conversation

const identity = createIdentity(place("identity"), { technique: technique.name, room, refused, onName: () => composer.focus() });
const isMine = (message) => isOwn(message, identity.name());
const view = createConversationView(place("conversation"), {
  isOwn: isMine,
  delayOf: (entry) => (entry.delayed ? null : delays.of(entry.message, entry)),
  actions: outbox,
  announce: createAnnouncer(place("chat"), isMine),
});
const composer = createComposer(place("composer"), { onSend: write });

function write(text) {
  if (identity.name() === "") {
    identity.ask();
    return false;
  }
  outbox.add(identity.name(), text);
  return true;
}

// ---- the instruments

const status = createStatus(place("status"), { onDisconnect: disconnect, onReconnect: reconnect });
createPanel(place("meters"), {
  read: () => ({ ...traffic(), summary: summarize(delays.all()), errorMs: delays.errorMs }),
  onReset: () => [meter, delays, connections, wire].forEach((each) => each?.reset()),
  inLab: lab !== null,
});
createDelayChart(place("delays"), {
  delays, note: () => delayNote(summarize(delays.all()), clock), accent: technique.name,
});
createControls(place("controls"), {
  technique: technique.name, room, onChange: (settings) => connection?.configure(settings), onTransports: reconnect,
});
const exchanges = createExchangeList(place("exchanges"));
const curl = createCurlLines(place("curl"), { technique: technique.name, room });
createSources(place("sources"), technique.name);
createCounting(place("counting"));

// ---- the connection

async function open() {
  close();
  const others = holdsConnection(technique) ? await tabs.countOthers() : 0;
  if (!wouldStarve(others)) return openAnyway();
  status.show({ state: "empty", detail: t("page.last-connection") });
  takeWarningAway?.();
  takeWarningAway = showConnectionWarning(place("warning"), { others, room, onAnyway: openAnyway });
  return undefined;
}

function openAnyway() {
  takeWarningAway?.();
  close();
  tabs.hold(holdsConnection(technique));
  connection = connect({
    room, after: conversation.cursor, settings: { ...chosenSettings(technique.name), ...clockSettings() },
    onMessage: receive, onStatus: showStatus, onTraffic: countExchange,
  });
}

function publish(message) {
  return connection ? connection.send(message) : Promise.reject(new Error(t("page.disconnected")));
}

function receive(message, arrival) {
  if (conversation.add(message, arrival)) {
    delays.add(message, arrival);
    meter.countMessage();
  }
  lab?.noteBirth(message);
  outbox.seen(message);
  curl.moveTo(message.id);
}

function showStatus(news) {
  if (news.state === "gap") conversation.addGap(news.detail);
  if (news.cursor) {
    conversation.moveTo(news.cursor);
    curl.moveTo(news.cursor);
  }
  if (news.state === "open") {
    view.serverAnswered();
    outbox.goOn();
    compareClocks();
  }
  if (news.state === "broken") outbox.stop();
  status.show(news);
}

function countExchange(exchange) {
  meter.count(exchange);
  connections.countExchange(exchange);
  exchanges.show(exchange);
}

/** What the meters show: as the relay counted it, or else as far as a script sees it. */
function traffic() {
  if (wire === null) return { totals: meter.totals, opened: connections.total };
  const counted = wire.read();
  return { totals: { ...meter.totals, ...counted }, opened: counted.opened, wire: counted };
}

function close() {
  outbox.stop();
  connection?.close();
  connection = null;
  tabs.hold(false);
}

function disconnect() {
  close();
  conversation.save();
}

function reconnect() {
  close();
  open();
}

// ---- the clock

/** Clocks drift, and a computer that slept has lost count: compare again now and then. */
async function compareClocks() {
  if (browserNow() - clockReadAt < COMPARE_AGAIN_MS) return;
  clockReadAt = browserNow();
  clock = await measureClockOffset(address("api/time")).catch(() => clock ?? { failed: true });
  if (clock.failed) clockReadAt = -Infinity;
  if (clock.failed) return;
  delays.setClock(clock);
  connection?.configure(clockSettings());
}

function clockSettings() {
  return clock === null || clock.failed ? {} : { clockOffsetMs: clock.offsetMs };
}

// ---- coming and going

window.addEventListener("pagehide", () => {
  close();
  conversation.save();
  tabs.close();
});
window.addEventListener("pageshow", (event) => event.persisted && open());
if (conversation.restore()) curl.moveTo(conversation.cursor);
view.showWaiting(outbox.items);
open();
document.documentElement.dataset.ready = "true";

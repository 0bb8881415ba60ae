/**
 * One technique, in a frame of /compare that is at the port of a lab session: nothing but the technique's own connection
 * goes through that port, besides this page's files.
 *
 * It does what the page around it says, and tells what comes; both only between these two origins.
 */

import { browserNow } from "../instruments/clock-offset.js";
import { labOfPage } from "../lab/place.js";
import { restoreAppearance } from "../shell/appearance.js";
import { setText } from "../shell/dom.js";
import { techniqueNamed } from "../techniques.js";

restoreAppearance();
const WORDS = { connecting: "Connecting", open: "Open", gap: "Gap", broken: "Broken", closed: "Closed" };
const query = new URLSearchParams(location.search);
const technique = techniqueNamed(query.get("technique"));
const room = query.get("room");
const lab = labOfPage();
const said = document.getElementById("said");
let connection = null;

if (technique === undefined || room === null || lab === null || window.parent === window) {
  setText(said, "This page is one of the five within Compare.");
} else {
  const { connect } = await import(`../transports/${technique.name}.js`);
  obey(connect);
}

function obey(connect) {
  const commands = {
    connect: ({ after, settings }) => {
      connection ??= connect({ room, after, settings, onMessage: tellMessage, onStatus: tellStatus });
    },
    configure: ({ settings }) => connection?.configure(settings),
    stop: () => connection?.close(),
    appearance: showAppearance,
  };
  window.addEventListener("message", ({ origin, source, data }) => {
    if (origin === lab.main.origin && source === window.parent) commands[data.command]?.(data);
  });
  window.addEventListener("pagehide", () => connection?.close());
  setText(said, "Ready.");
  tell("ready");
}

function showAppearance({ theme, projector, fontSize }) {
  Object.assign(document.documentElement.dataset, { theme, projector });
  document.documentElement.style.fontSize = fontSize;
}

function tellMessage({ id, sent_at }, { receivedAt }) {
  tell("message", { id, sent_at, receivedAt });
}

function tellStatus({ state, detail }) {
  setText(said, detail);
  said.title = detail;
  said.dataset.word = WORDS[state]; // stands in its place where there is little room
  tell("status", { state, detail });
}

/** `at` is this frame's clock: from it the page around learns how that differs from its own. */
function tell(what, more = {}) {
  window.parent.postMessage({ what, at: browserNow(), ...more }, lab.main.origin);
}

/**
 * A technique at work, in a frame that is at the port of a lab session: nothing but the technique's own connection goes
 * through that port, besides this page's files.
 *
 * It does what the page around it says, and tells what comes; both only between these two origins. All five are loaded
 * before it is ready, for the network may be a slow one afterwards, or none.
 *
 * Commands: `connect` (technique, room, after, settings; `toy`: a client in its place that does one thing otherwise,
 * labs/toys/), `configure` (settings), `send` (number, message), `stop`, `appearance`. Told: `ready`, `status`, `message` (and how it arrived), `traffic` (requests so far, of this connection),
 * `sent` (number; the message as the feed has it, or the error).
 */

import { browserNow } from "../instruments/clock-offset.js";
import { createMeter } from "../instruments/meter.js";
import { labOfPage } from "../lab/place.js";
import { restoreAppearance } from "../shell/appearance.js";
import { setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { TOYS } from "../labs/toys/toys.js";
import { TECHNIQUES } from "../techniques.js";

restoreAppearance();
const lab = labOfPage();
const said = document.getElementById("said");
let connection = null;

if (lab === null || window.parent === window) {
  setText(said, t("inside.part"));
} else {
  const loaded = await Promise.all(TECHNIQUES.map(({ name }) => import(`../transports/${name}.js`)));
  obey(new Map(TECHNIQUES.map(({ name }, index) => [name, loaded[index].connect])));
}

/** @param {Map<string, Function>} transports - what connects, by technique. */
function obey(transports) {
  const commands = {
    connect: ({ technique, toy, ...options }) => open(toy === undefined ? transports.get(technique) : TOYS[toy], options),
    configure: ({ settings }) => connection?.configure(settings),
    send: ({ number, message }) => send(number, message),
    stop: () => connection?.close(),
    appearance: showAppearance,
  };
  window.addEventListener("message", ({ origin, source, data }) => {
    if (origin === lab.main.origin && source === window.parent) commands[data.command]?.(data);
  });
  window.addEventListener("pagehide", () => connection?.close());
  setText(said, t("inside.ready"));
  tell("ready");
}

/** One at a time: the one before is closed, and what it still says is not passed on. */
function open(connect, { room, after, settings }) {
  connection?.close();
  const meter = createMeter();
  const mine = connect({
    room, after, settings,
    onMessage: (message, arrival) => tell("message", { message, ...arrival }),
    onStatus: (status) => mine === connection && tellStatus(status),
    onTraffic: (exchange) => {
      meter.count(exchange);
      if (mine === connection) tell("traffic", { requests: meter.totals.requests });
    },
  });
  connection = mine;
}

async function send(number, message) {
  try {
    if (connection === null) throw new Error(t("inside.not-yet"));
    tell("sent", { number, message: await connection.send(message) });
  } catch (error) {
    const { problem, retryable, retryAfterMs } = error; // an error itself would lose what it carries on its way
    tell("sent", { number, error: { message: error.message, problem, retryable, retryAfterMs } });
  }
}

function showAppearance({ theme, projector, fontSize }) {
  Object.assign(document.documentElement.dataset, { theme, projector });
  document.documentElement.style.fontSize = fontSize;
}

function tellStatus({ state, detail, cursor }) {
  setText(said, detail);
  said.title = detail;
  said.dataset.word = t(`status.${state}`); // stands in its place where there is little room
  tell("status", { state, detail, cursor });
}

/** `at` is this frame's clock: from it the page around learns how that differs from its own. */
function tell(what, more = {}) {
  window.parent.postMessage({ what, at: browserNow(), ...more }, lab.main.origin);
}

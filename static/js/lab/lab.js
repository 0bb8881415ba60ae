/**
 * The lab of a technique's page: at the main port the door to it, at a lab port the network and the wire.
 */

import { createLadder, createTimeWindow } from "../ladder/ladder.js";
import { el, setText } from "../shell/dom.js";
import { createWirePanel } from "../wire/panel.js";
import { createDoor } from "./door.js";
import { createLabSession } from "./lab-session.js";
import { createNetworkPanel } from "./network-panel.js";
import { labOfPage, withPort } from "./place.js";
import { createTrafficStore } from "./traffic-store.js";

const SPAN_MS = 10_000; // of the ladder: long enough to write, to scroll down, and to see what came of it
const DOOR = {
  title: "See the bytes, break the network",
  text: "In the lab this page gets a port of its own, which leads to the server through a relay. There you see every byte that crosses, "
    + "and can delay, cut and stall the network, or put a bad proxy into it.",
};

/**
 * @param {string} technique - whose page it is.
 * @returns the traffic store of the page's lab session, or null where it has none.
 */
export function createLab(place, { technique }) {
  const lab = labOfPage();
  if (lab === null) {
    place.append(createDoor(DOOR));
    return null;
  }
  return instruments(place, lab, technique);
}

// ---- at a lab port

function instruments(place, lab, technique) {
  const store = createTrafficStore();
  const state = el("p.lab-state", { role: "status", testid: "lab-state" });
  const network = el("div.network");
  const ladder = el("div.ladder-place");
  const wire = el("div.wire-place");
  const session = createLabSession(lab, {
    onNews(news) {
      if (news.session) panel.show(news.session);
      store.take(news);
    },
    onState: showState,
  });
  const panel = createNetworkPanel(network, { ...session, now: store.now });
  place.append(
    el("div.lab-head", {}, el("h2", {}, "The lab"), state, captures(session),
      el("a", { href: withPort(location.href, lab.main.port), testid: "lab-leave" }, "Leave the lab")),
    el("section.panel", { "aria-label": "The network" }, el("h2", {}, "The network"), network),
    el("section.panel", { "aria-label": "Ladder diagram" }, ladder),
    el("section", { "aria-label": "The wire" }, wire),
  );
  const bytes = createWirePanel(wire, { store, readUnit: session.readUnit, technique });
  createLadder(ladder, {
    store, accent: technique, onPick: bytes.open, title: "Ladder", window: createTimeWindow({ spanMs: SPAN_MS }),
  });
  window.addEventListener("pagehide", session.close);
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  document.documentElement.dataset.lab = "true";
  return store;

  function showState(now) {
    place.dataset.state = now;
    setText(state, {
      connecting: "Asking the server for what crosses this port…",
      live: `This page is at port ${location.port}: all that crosses it is this session's, and is shown here.`,
      away: "The server cannot be reached at its main port: asking again and again.",
      ended: "This lab session has ended, and its port is closed. Leave the lab, and open another.",
    }[now]);
  }
}

function captures(session) {
  return el("span.captures", {}, "Save the capture: ",
    el("a", { href: session.captureAddress("pcapng"), testid: "lab-pcapng" }, "pcapng, for Wireshark"), " ",
    el("a", { href: session.captureAddress("json"), testid: "lab-json" }, "JSON"));
}

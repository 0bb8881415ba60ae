/**
 * The lab of a technique's page: at the main port the door to it, at a lab port the network and the wire.
 */

import { createLadder, createTimeWindow } from "../ladder/ladder.js";
import { el, setText } from "../shell/dom.js";
import { t } from "../shell/language.js";
import { createWirePanel } from "../wire/panel.js";
import { createDoor } from "./door.js";
import { createLabSession } from "./lab-session.js";
import { createNetworkPanel } from "./network-panel.js";
import { labOfPage, withPort } from "./place.js";
import { createTrafficStore } from "./traffic-store.js";

const SPAN_MS = 10_000; // of the ladder: long enough to write, to scroll down, and to see what came of it

/**
 * @param {string} technique - whose page it is.
 * @returns the traffic store of the page's lab session, or null where it has none.
 */
export function createLab(place, { technique }) {
  const lab = labOfPage();
  if (lab === null) {
    place.append(createDoor({ title: t("lab.door.title"), text: t("lab.door.text") }));
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
    el("div.lab-head", {}, el("h2", {}, t("lab.title")), state, captures(session),
      el("a", { href: withPort(location.href, lab.main.port), testid: "lab-leave" }, t("lab.leave"))),
    el("section.panel", { "aria-label": t("network.title") }, el("h2", {}, t("network.title")), network),
    el("section.panel", { "aria-label": t("lab.ladder.label") }, ladder),
    el("section", { "aria-label": t("lab.wire.label") }, wire),
  );
  const bytes = createWirePanel(wire, { store, readUnit: session.readUnit, technique });
  createLadder(ladder, {
    store, accent: technique, onPick: bytes.open, title: t("lab.ladder"), window: createTimeWindow({ spanMs: SPAN_MS }),
  });
  window.addEventListener("pagehide", session.close);
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  document.documentElement.dataset.lab = "true";
  return store;

  function showState(now) {
    place.dataset.state = now;
    setText(state, now === "live" ? t("lab.live", { port: location.port }) : t(`lab.state.${now}`));
  }
}

function captures(session) {
  return el("span.captures", {}, t("lab.capture"),
    el("a", { href: session.captureAddress("pcapng"), testid: "lab-pcapng" }, t("lab.capture.pcapng")), " ",
    el("a", { href: session.captureAddress("json"), testid: "lab-json" }, "JSON"));
}

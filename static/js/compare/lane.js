/**
 * One of the five: a lab session of its own, all that crossed its port, and the frame at that port in which the technique
 * runs.
 */

import { APP_BASE } from "../environment.js";
import { browserNow } from "../instruments/clock-offset.js";
import { createLabSession } from "../lab/lab-session.js";
import { addressInLab } from "../lab/place.js";
import { createTrafficStore } from "../lab/traffic-store.js";
import { address } from "../shell/base.js";
import { projector, theme } from "../shell/appearance.js";
import { el } from "../shell/dom.js";
import { createSamples } from "./samples.js";

/**
 * @param {object} options
 * @param {object} options.technique - one of TECHNIQUES.
 * @param {{id: string, port: number}} options.lab - the session, opened.
 * @param {string} options.room
 * @param {(lane: object, arrival: {id: string, sent_at: number, receivedAt: number}) => void} options.onArrival -
 *   `receivedAt` in ms since 1970 by this page's clock.
 * @param {(lane: object) => void} options.onStatus
 * @param {(lane: object, session: object) => void} options.onSession - what the server says the session is set to.
 */
export function createLane({ technique, lab, room, onArrival, onStatus, onSession }) {
  const store = createTrafficStore();
  const url = address("compare/one");
  url.search = new URLSearchParams({ technique: technique.name, room }).toString();
  const source = addressInLab(lab, url.href);
  const frame = el("iframe.one", { title: `${technique.label}: what its connection does`, testid: `frame-${technique.name}` });
  const live = createLabSession({ id: lab.id, main: APP_BASE }, { onNews, onState: noteEnd });
  const samples = createSamples();
  let becameReady;
  let isReady = false;
  let skewMs = Infinity; // our clock minus the frame's, and how long a word takes from there: the least is the truest
  const lane = {
    technique, store, frame, live, samples,
    messages: 0, leftOut: 0, state: "connecting", detail: "",
    ready: new Promise((resolve) => { becameReady = resolve; }),
    load: () => { frame.src = source.href; },
    command,
    showAppearance: () => lane.command("appearance", { theme: theme(), projector: projector(), fontSize: fontSize() }),
    close,
    end,
  };

  function onNews(news) {
    store.take(news);
    if (news.session) onSession(lane, news.session);
  }

  function noteEnd(state) {
    if (state === "ended") showStatus({ state: "broken", detail: "Its lab session has ended." });
  }

  function hear({ origin, source: from, data }) {
    if (origin !== source.origin || from !== frame.contentWindow) return;
    skewMs = Math.min(skewMs, browserNow() - data.at);
    if (data.what === "ready") {
      isReady = true;
      lane.showAppearance();
      becameReady();
    }
    if (data.what === "status") showStatus(data);
    if (data.what === "message") arrived(data);
  }

  /** Nobody listens before the frame is ready, nor any more once it is closed. */
  function command(name, more = {}) {
    if (isReady) frame.contentWindow?.postMessage({ command: name, ...more }, source.origin);
  }

  function arrived({ id, sent_at, receivedAt }) {
    store.noteBirth({ id, sent_at });
    onArrival(lane, { id, sent_at, receivedAt: receivedAt + skewMs });
  }

  function showStatus({ state, detail }) {
    [lane.state, lane.detail] = [state, detail];
    onStatus(lane);
  }

  /** Hear no more of it; what is known stays. */
  function close() {
    window.removeEventListener("message", hear);
    live.close();
  }

  /** Give its port back. */
  function end() {
    close();
    return endSession(lab);
  }

  window.addEventListener("message", hear);
  return lane;
}

/** On a projector it depends on the window's width, which a frame does not know. */
function fontSize() {
  return getComputedStyle(document.documentElement).fontSize;
}

/** Ends a lab session now, also while the page goes; it would end by itself some time after. */
export function endSession({ id }) {
  return fetch(address(`api/lab/sessions/${id}`), { method: "DELETE", keepalive: true }).catch(() => null);
}

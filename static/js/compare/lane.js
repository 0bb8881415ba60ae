/**
 * A technique at work beside others: a lab session of its own, all that crossed its port, and the frame at that port in
 * which the technique runs.
 */

import { APP_BASE } from "../environment.js";
import { createFrame } from "../frame/frame.js";
import { createLabSession, openSession } from "../lab/lab-session.js";
import { createTrafficStore } from "../lab/traffic-store.js";
import { address } from "../shell/base.js";
import { createSamples } from "./samples.js";
import { t } from "../shell/language.js";

/**
 * @param {object} options
 * @param {object} options.technique - one of TECHNIQUES.
 * @param {{id: string, port: number}} options.lab - the session, opened.
 * @param {string} options.room
 * @param {string} [options.title] - what its frame is, for who cannot see it.
 * @param {string} [options.key] - by which it is told from others of the same technique.
 * @param {(lane: object, arrival: {id: string, sent_at: number, receivedAt: number, delayed?: boolean}) => void}
 *   options.onArrival - `receivedAt` in ms since 1970 by this page's clock.
 * @param {(lane: object) => void} options.onStatus
 * @param {(lane: object, session: object) => void} options.onSession - what the server says the session is set to.
 */
export function createLane({
  technique, lab, room, onArrival, onStatus, onSession, key = technique.name, title = t("compare.frame", { technique: technique.label }),
}) {
  const store = createTrafficStore();
  const frame = createFrame({
    lab, title, testid: `frame-${key}`,
    onMessage: arrived, onStatus: showStatus,
  });
  const live = createLabSession({ id: lab.id, main: APP_BASE }, { onNews, onState: noteEnd });
  const samples = createSamples();
  const lane = {
    key, technique, store, frame: frame.element, live, samples,
    messages: 0, leftOut: 0, state: "connecting", detail: "",
    ready: frame.ready, load: frame.load, command: frame.command, send: frame.send, showAppearance: frame.showAppearance,
    connect: (after, settings, toy) => frame.command("connect", { technique: technique.name, toy, room, after, settings }),
    close,
    end,
  };

  function onNews(news) {
    store.take(news);
    if (news.session) onSession(lane, news.session);
  }

  function noteEnd(state) {
    if (state === "ended") showStatus({ state: "broken", detail: t("compare.lab-ended") });
  }

  function arrived({ id, sent_at }, { receivedAt, delayed }) {
    store.noteBirth({ id, sent_at });
    onArrival(lane, { id, sent_at, receivedAt, delayed });
  }

  function showStatus({ state, detail }) {
    [lane.state, lane.detail] = [state, detail];
    onStatus(lane);
  }

  /** Hear no more of it; what is known stays. */
  function close() {
    frame.close();
    live.close();
  }

  /** Give its port back. */
  function end() {
    close();
    return endSession(lab);
  }

  return lane;
}

/** Opens so many lab sessions, all or none: a port that cannot be used is given back. */
export async function openSessions(count) {
  const labs = [];
  try {
    while (labs.length < count) labs.push(await openSession(APP_BASE));
  } catch (error) {
    await Promise.all(labs.map(endSession));
    throw error;
  }
  return labs;
}

/** Ends a lab session now, also while the page goes; it would end by itself some time after. */
export function endSession({ id }) {
  return fetch(address(`api/lab/sessions/${id}`), { method: "DELETE", keepalive: true }).catch(() => null);
}

/**
 * A frame at the port of a lab session, in which a technique works (inside.js): how the page around it has it connect,
 * and hears what comes.
 */

import { browserNow } from "../instruments/clock-offset.js";
import { addressInLab } from "../lab/place.js";
import { projector, theme } from "../shell/appearance.js";
import { address } from "../shell/base.js";
import { el } from "../shell/dom.js";
import { t } from "../shell/language.js";

/**
 * @param {object} options
 * @param {{id: string, port: number}} options.lab - the session; of one that this page does not command, only the port counts.
 * @param {string} options.title - what the frame is, for who cannot see it.
 * @param {string} options.testid
 * @param {(message: object, arrival: {receivedAt: number, delayed?: boolean}) => void} options.onMessage - `receivedAt` in
 *   ms since 1970 by this page's clock.
 * @param {(status: {state: string, detail: string, cursor: string | null}) => void} options.onStatus
 * @param {(traffic: {requests: number}) => void} [options.onTraffic]
 */
export function createFrame({ lab, title, testid, onMessage, onStatus, onTraffic }) {
  const source = addressInLab(lab, address("frame").href);
  const element = el("iframe.one", { title, testid });
  const waiting = new Map(); // number of what is being sent -> how its promise is settled
  let sent = 0;
  let loads = 0;
  let becameReady;
  let isReady = false;
  let skewMs = Infinity; // our clock minus the frame's, and how long a word takes from there: the least is the truest
  const frame = {
    element,
    ready: new Promise((resolve) => { becameReady = resolve; }),
    get isReady() { return isReady; },
    load,
    command,
    send,
    showAppearance: () => command("appearance", { theme: theme(), projector: projector(), fontSize: fontSize() }),
    close: () => window.removeEventListener("message", hear),
  };
  const told = {
    ready: () => {
      isReady = true;
      frame.showAppearance();
      becameReady();
    },
    status: onStatus,
    message: ({ message, receivedAt, delayed }) => onMessage(message, { receivedAt: receivedAt + skewMs, delayed }),
    traffic: (news) => onTraffic?.(news),
    sent: settle,
  };

  /** Load it, or load it anew: under another address, for the same one with a fragment would only be scrolled to. */
  function load() {
    isReady = false;
    loads += 1;
    if (loads > 1) source.searchParams.set("load", loads);
    element.src = source.href;
    for (const number of waiting.keys()) settle({ number, error: { message: t("inside.anew") } });
  }

  function hear({ origin, source: from, data }) {
    if (origin !== source.origin || from !== element.contentWindow) return;
    skewMs = Math.min(skewMs, browserNow() - data.at);
    told[data.what]?.(data);
  }

  /** Nobody listens before the frame is ready, nor any more once it is closed. */
  function command(name, more = {}) {
    if (isReady) element.contentWindow?.postMessage({ command: name, ...more }, source.origin);
  }

  /** Publish by the technique; fulfilled with the message as the feed has it, or rejected as `send` of a transport is. */
  function send(message) {
    if (!isReady) return Promise.reject(new Error(t("inside.not-yet")));
    sent += 1;
    command("send", { number: sent, message });
    return new Promise((resolve, reject) => waiting.set(sent, { resolve, reject }));
  }

  function settle({ number, message, error }) {
    const promise = waiting.get(number);
    waiting.delete(number);
    if (error) promise?.reject(Object.assign(new Error(error.message), error));
    else promise?.resolve(message);
  }

  window.addEventListener("message", hear);
  return frame;
}

/** On a projector it depends on the window's width, which a frame does not know. */
function fontSize() {
  return getComputedStyle(document.documentElement).fontSize;
}

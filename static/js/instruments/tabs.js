/**
 * How many connections the tabs of this browser keep to this server. Over HTTP/1.1 a browser opens six
 * per host, for all its tabs together: a sixth held one leaves none to send with, or to load a page.
 */

import { randomLetters } from "../shell/ids.js";

export const CONNECTIONS_PER_HOST = 6;
const CHANNEL = "pushdemo-connections";
const ANSWERS_WITHIN_MS = 150;

/**
 * @returns `countOthers()` (how many other tabs hold a connection), `hold(boolean)`, `close()`.
 */
export function createTabs({ Channel = window.BroadcastChannel, timers = window } = {}) {
  const me = randomLetters(8);
  let holding = false;
  let channel = null;
  let answers = new Set();

  function open() {
    if (!Channel || channel) return;
    channel = new Channel(CHANNEL);
    channel.onmessage = ({ data }) => {
      if (data.ask && holding) channel.postMessage({ to: data.ask, from: me });
      if (data.to === me) answers.add(data.from);
    };
  }

  async function countOthers() {
    open();
    if (!channel) return 0;
    answers = new Set();
    channel.postMessage({ ask: me });
    await new Promise((resolve) => timers.setTimeout(resolve, ANSWERS_WITHIN_MS));
    return answers.size;
  }

  function close() {
    channel?.close();
    channel = null;
  }

  return { countOthers, hold: (now) => { holding = now; open(); }, close };
}

/** Whether one more held connection would leave no room for anything else. */
export function wouldStarve(othersHolding) {
  return othersHolding + 1 >= CONNECTIONS_PER_HOST;
}

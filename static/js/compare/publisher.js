/**
 * Publishes messages as they are due, each by a POST of its own to the page's own origin, so that nothing of it crosses
 * the ports at which the techniques are.
 */

import { createRandom, createSchedule } from "./schedule.js";

const SENDER_RATE = 5; // a second: the server lets one sender publish no more than 10
const LATE_MS = 1000; // what is due longer ago (the machine slept) is passed over, not sent in a bunch
const MOST_UNDER_WAY = 60; // the server does not answer: more requests would only wait in the browser

/**
 * @param {object} options
 * @param {(draft: {sender: string, text: string}) => Promise<object>} options.post - publishes; returns the message.
 * @param {(message: object) => void} options.onPublished
 * @param {(error: Error) => void} options.onFailed
 * @param {object} options.settings - `rate`, `isRandom`, `seed`, `textBytes`; `textOf(number, bytes)`, if it is not the one below.
 */
export function createPublisher({ post, onPublished, onFailed, settings, now = () => performance.now(), timers = globalThis }) {
  const random = createRandom(settings.seed);
  const counts = { published: 0, failed: 0, passedOver: 0 };
  let current = settings;
  let schedule = null; // while it publishes
  let timer = null;
  let number = 0;
  let underWay = 0;

  function goOn() {
    pause();
    schedule = createSchedule({ ...current, random, startMs: now() });
    tick();
  }

  function pause() {
    timers.clearTimeout(timer);
    schedule = null;
  }

  function tick() {
    while (schedule.next <= now()) {
      const isLate = now() - schedule.next > LATE_MS;
      schedule.advance();
      if (isLate || underWay >= MOST_UNDER_WAY) counts.passedOver += 1;
      else publish();
    }
    timer = timers.setTimeout(tick, schedule.next - now());
  }

  async function publish() {
    number += 1;
    underWay += 1;
    try {
      const message = await post({ sender: senderOf(number, current.rate), text: (current.textOf ?? textOf)(number, current.textBytes) });
      counts.published += 1;
      onPublished(message);
    } catch (error) {
      counts.failed += 1;
      onFailed(error);
    } finally {
      underWay -= 1;
    }
  }

  /** Another rate makes another schedule, from now on. */
  function change(changed) {
    const isRhythm = changed.rate !== current.rate || changed.isRandom !== current.isRandom;
    current = changed;
    if (isRhythm && schedule !== null) goOn();
  }

  return { goOn, pause, change, counts, isIdle: () => underWay === 0 };
}

/** Senders take turns: as many as the rate needs. */
export function senderOf(number, rate) {
  return `sender ${1 + (number % Math.ceil(rate / SENDER_RATE))}`;
}

/** A text of so many bytes that begins with its number. */
export function textOf(number, bytes) {
  return `${number} ${"abcdefghijklmnopqrstuvwxyz ".repeat(Math.ceil(bytes / 27))}`.slice(0, bytes);
}

/**
 * Identifiers of our own. A page served over http on a LAN address is no secure context and has no
 * `crypto.randomUUID`; `getRandomValues` it does have.
 *
 * A `client_message_id` reads `browser-tab-random`: by its first two parts a page knows its own
 * messages again after a reload.
 */

import { forBrowser, forTab } from "./storage.js";

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567"; // 32 of them: 5 bits a letter

export function randomLetters(count) {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return Array.from(bytes, (byte) => LETTERS[byte & 31]).join("");
}

function remembered(store, key, count) {
  const known = store.get(key);
  if (typeof known === "string") return known;
  const made = randomLetters(count);
  store.set(key, made);
  return made;
}

const browserId = remembered(forBrowser, "browser", 6);
const tabId = remembered(forTab, "tab", 4);

export function newClientMessageId() {
  return `${browserId}-${tabId}-${randomLetters(10)}`;
}

/** Whether this tab wrote a message, or this browser did under the name now in use. */
export function isOwn(message, name) {
  const [browser, tab] = (message.client_message_id ?? "").split("-");
  return browser === browserId && (tab === tabId || message.sender === name);
}

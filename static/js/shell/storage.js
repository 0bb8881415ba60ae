/**
 * What the browser remembers. `forBrowser` lasts and is shared by all tabs, `forTab` lasts as long as
 * the tab and goes with it from page to page. Storage may be full or forbidden: then nothing is
 * remembered, and the page works all the same.
 */

const PREFIX = "pushdemo:";

export const forBrowser = remembering(() => window.localStorage);
export const forTab = remembering(() => window.sessionStorage);

/** Wrap a Storage so that it holds JSON and never throws. */
export function remembering(storage) {
  return {
    get(key, fallback = null) {
      try {
        return JSON.parse(storage().getItem(PREFIX + key)) ?? fallback;
      } catch {
        return fallback;
      }
    },
    set(key, value) {
      try {
        storage().setItem(PREFIX + key, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
  };
}

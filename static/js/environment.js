/**
 * What a transport takes from the browser, in one object, so that a test can put something else in its place.
 *
 * `now` is milliseconds since 1970 by a clock that does not jump; `io` is null until socket.io-client is needed.
 */

/** The address of the application, wherever it is mounted: this file is <base>static/js/environment.js. */
export const APP_BASE = new URL("../../", import.meta.url);

export function completeEnvironment(given = {}) {
  const environment = { ...browserEnvironment(), ...given };
  environment.base = new URL(environment.base);
  return environment;
}

function browserEnvironment() {
  return {
    fetch: (...args) => globalThis.fetch(...args),
    EventSource: globalThis.EventSource,
    WebSocket: globalThis.WebSocket,
    io: null,
    setTimeout: (...args) => globalThis.setTimeout(...args),
    clearTimeout: (timer) => globalThis.clearTimeout(timer),
    now: () => performance.timeOrigin + performance.now(),
    random: Math.random,
    window: globalThis.window ?? null,
    report: (error) => queueMicrotask(() => { throw error; }), // as if nobody had caught it
    base: APP_BASE,
  };
}

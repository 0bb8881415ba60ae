/**
 * How many TCP connections this page's own traffic opened, as far as the browser tells.
 *
 * Resource Timing shows a request on a new connection as one whose connect phase took time; on a kept
 * connection it has no length. A WebSocket is not in there, but each one is a connection of its own.
 * A response that is still open, such as an event stream, is not in there yet either.
 */

const OWN_TRAFFIC = /\/(api\/rooms\/|socket\.io\/)/;
const NEW_WEBSOCKET = /Upgrade: websocket$/;
const FAILED = new Set(["failed", "cancelled"]);

/** Whether a request opened a connection; null when the browser does not say. */
export function openedConnection({ fetchStart, connectStart, connectEnd, requestStart }) {
  if (!requestStart || !connectEnd) return null;
  return connectEnd > connectStart || connectStart > fetchStart;
}

export function createConnectionCount(Observer = window.PerformanceObserver) {
  let opened = 0;
  let told = false; // whether the browser said anything at all
  const observer = Observer ? new Observer((list) => countEntries(list.getEntries())) : null;
  observer?.observe({ type: "resource" });

  function countEntries(entries) {
    for (const entry of entries) {
      if (!OWN_TRAFFIC.test(new URL(entry.name).pathname)) continue;
      const isNew = openedConnection(entry);
      if (isNew === null) continue;
      told = true;
      opened += Number(isNew);
    }
  }

  function countExchange({ label, status, done }) {
    if (!done || FAILED.has(status) || !NEW_WEBSOCKET.test(label)) return;
    told = true;
    opened += 1;
  }

  return {
    countExchange,
    reset: () => { opened = 0; told = false; },
    get total() { return told ? opened : null; },
  };
}

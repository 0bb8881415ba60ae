/**
 * SSE with several EventSources to one host and port at once, as a page with several tabs or a careless script has them:
 * `streams` of them at first, and when it is set to fewer, those beyond are closed. The first one's messages are passed on.
 *
 * Sends by fetch, and waits for the answer as long as it takes: the browser has no connection left for it.
 */

import { completeEnvironment } from "../../environment.js";

const OPEN = 1; // EventSource.readyState

export function connect({ room, after, settings, onMessage, onStatus, environment: given }) {
  const { EventSource, fetch, base, now } = completeEnvironment(given);
  const inRoom = (path) => new URL(`api/rooms/${encodeURIComponent(room)}/${path}`, base);
  const sources = Array.from({ length: settings.streams }, open);

  function open(_, index) {
    const url = inRoom("sse");
    url.searchParams.set("after", after);
    url.searchParams.set("stream", index + 1); // told apart on the wire; the server takes no notice
    const source = new EventSource(url.href);
    source.onopen = tell;
    source.onerror = tell;
    if (index === 0) source.onmessage = ({ data }) => onMessage?.(JSON.parse(data), { receivedAt: now() });
    return source;
  }

  function tell() {
    const count = sources.filter(({ readyState }) => readyState === OPEN).length;
    onStatus?.({ state: count > 0 ? "open" : "broken", detail: `${count} / ${sources.length}`, cursor: null });
  }

  async function send(message) {
    const response = await fetch(inRoom("messages").href, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(message) });
    return response.json();
  }

  function closeFrom(index) {
    for (const source of sources.splice(index)) source.close();
  }

  return {
    send,
    configure: ({ streams }) => {
      closeFrom(streams);
      tell();
    },
    close: () => {
      closeFrom(0);
      onStatus?.({ state: "closed", detail: "", cursor: null });
    },
  };
}

/**
 * Server-sent events: one HTTP answer that never ends (WHATWG HTML, "Server-sent events").
 *
 * Who opens:  the client, once: an EventSource makes one GET request.
 * Who waits:  nobody. The response stays open and the server writes each message as it comes.
 * On the wire: text/event-stream: `id: <cursor>` and `data: <message>`, a blank line ends the event; comments keep the
 *             connection alive (no script sees them). One way only: publishing is a POST beside it.
 * Resumes:    the browser reconnects by itself and sends the last event ID, our cursor, as Last-Event-ID. When it
 *             has given up (any status but 200), we make a new EventSource with ?after=<cursor>.
 * Costs:      one request per connection, then some 20 bytes around each message, and the cursor once more; one of the
 *             six connections that a browser allows to a host under HTTP/1.1.
 */
import { post } from "../posting.js";
import { createReader, explainRefusal, findLatest } from "../reading.js";
import { createSession } from "../session.js";
import { t } from "../shell/language.js";

export const technique = "sse";
const CONNECTING = 0; // EventSource.readyState: the browser is about to reconnect
const HELP_AFTER_MS = 15_000; // a browser that has not reconnected by then gets a new EventSource

// ---- connect

export function connect(options) {
  const session = createSession(options, { dial, hangUp });
  const reader = createReader(session);
  let source = null;
  let request = null; // the record of the response that stays open

  async function dial() {
    if (session.after === "latest" && !(await findLatest(session, reader))) return;
    request = beginRequest();
    source = new session.environment.EventSource(session.address("sse").href);
    source.onopen = opened;
    source.onmessage = session.guard(receive);
    source.addEventListener("gap", session.guard(receiveGap));
    source.onerror = resume;
  }

  function opened() {
    if (session.state === "broken") session.connecting(t("transport.asked-again"));
    request ??= beginRequest(); // the browser reconnected by itself
    session.traffic.update(request, { status: 200 });
    session.opened(t("transport.stream-open"));
  }

  function beginRequest() {
    return session.traffic.begin({ direction: "both", kind: "request", label: "GET sse" });
  }

  function endRequest(status = request?.status) {
    if (request !== null) session.traffic.end(request, { status });
    request = null;
  }

  // ---- receive

  function receive(event) {
    noteEvent("message", event.data, 1);
    session.deliver(JSON.parse(event.data));
  }

  function receiveGap(event) {
    noteEvent("gap", event.data, 0);
    session.gap(JSON.parse(event.data).cursor);
  }

  function noteEvent(label, text, messages) {
    session.traffic.note({ direction: "in", kind: "event", label, text, messages });
  }

  // ---- resume

  function resume() {
    const wasOpen = session.state === "open";
    endRequest(wasOpen ? 200 : "failed");
    if (source.readyState === CONNECTING) {
      const byBrowser = { byItself: true, helpAfterMs: HELP_AFTER_MS };
      session.broken(t("transport.stream-broke"), byBrowser);
    } else if (wasOpen) {
      session.broken(t("transport.stream-ended"));
    } else {
      if (session.state === "broken") session.connecting(t("transport.browser-refused"));
      explainRefusal(session, reader, t("transport.stream-refused"));
    }
  }

  // ---- send

  function send(message) {
    return post(session, message);
  }

  // ---- close

  function hangUp() {
    reader.cancel();
    endRequest();
    if (source === null) return;
    source.onopen = source.onmessage = source.onerror = null;
    source.close();
    source = null;
  }

  return { send, close: session.close, configure: session.configure };
}

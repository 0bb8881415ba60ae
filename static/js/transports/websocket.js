/**
 * WebSocket: one HTTP request becomes a connection on which both sides speak at any time (RFC 6455).
 *
 * Who opens:  the client, once, by the opening handshake: GET with Upgrade, answered 101.
 * Who waits:  nobody. Both send frames when they have something to say.
 * On the wire: text frames. First {"control":"joined"}, then each message; upwards {"text","sender"} for a publish,
 *             which is answered {"control":"ack"}. Ping and Pong frames keep it alive (no script sees them).
 * Resumes:    not by itself. We connect again with ?after=<cursor> and send unanswered publishes again under the same
 *             client_message_id.
 * Costs:      one handshake, then 2 to 14 bytes of framing per message; a connection held on both sides.
 */
import { explainClose } from "../close-codes.js";
import { createPending } from "../pending.js";
import { problemError, retryableError } from "../problems.js";
import { createReader, explainRefusal } from "../reading.js";
import { createSession } from "../session.js";
import { t } from "../shell/language.js";

export const technique = "websocket";
const SUBPROTOCOL = "pushdemo.v1";
const NORMAL_CLOSURE = 1000;
const ABNORMAL_CLOSURE = 1006; // never on the wire: all that a browser tells of a refused handshake

// ---- connect

export function connect(options) {
  const session = createSession(options, { dial, hangUp });
  const reader = createReader(session);
  const pending = createPending(session.environment);
  let socket = null;
  let handshake = null; // the record of the opening handshake

  function dial() {
    const url = session.address("ws");
    url.protocol = url.protocol.replace("http", "ws"); // https becomes wss
    const about = `${url.href}\n${t("transport.subprotocol-asked", { name: SUBPROTOCOL })}`;
    handshake = session.traffic.begin({ direction: "both", kind: "handshake", label: "GET ws, Upgrade: websocket", about });
    socket = new session.environment.WebSocket(url.href, [SUBPROTOCOL]);
    socket.onopen = () => session.traffic.end(handshake, { status: 101, about: `${about}\n${chosen()}` });
    socket.onmessage = session.guard(receive);
    socket.onclose = resume;
  }

  function chosen() {
    return socket.protocol ? t("transport.subprotocol-chosen", { name: socket.protocol }) : t("transport.subprotocol-none");
  }

  // ---- receive

  function receive({ data }) {
    const content = JSON.parse(data);
    const label = content.control ?? "message";
    noteFrame("in", label, data, label === "message" ? 1 : 0);
    if (content.control === undefined) session.deliver(content);
    else receiveControl(content);
  }

  function receiveControl(content) {
    if (content.control === "joined") joined(content);
    if (content.control === "gap") session.gap(content.cursor);
    if (content.control === "ack") pending.resolve(content.client_message_id, { id: content.id });
    if (content.control === "error") pending.reject(content.client_message_id, problemError(content.problem));
  }

  function joined({ cursor }) {
    session.opened(t("transport.websocket-open"), cursor);
    pending.flush(sendFrame);
  }

  function noteFrame(direction, label, text, messages = 0) {
    session.traffic.note({ direction, kind: "frame", label, text, messages });
  }

  // ---- resume

  function resume(event) {
    session.traffic.end(handshake, { status: "failed" });
    if (event.code !== ABNORMAL_CLOSURE) noteFrame("in", `close ${event.code}`, event.reason);
    pending.breakOff(t("transport.lost-before-ack"));
    const isRefused = session.state === "connecting" && event.code === ABNORMAL_CLOSURE;
    if (isRefused) explainRefusal(session, reader, explainClose(event));
    else session.broken(explainClose(event));
  }

  // ---- send

  /** Sends at once, or as soon as the connection stands; rejects as retryable when no ack comes in time. */
  function send({ sender, text, client_message_id }) {
    if (session.state === "closed") return Promise.reject(retryableError(t("transport.closed")));
    const acked = pending.add(client_message_id, JSON.stringify({ text, sender, client_message_id }));
    if (session.state === "open") pending.flush(sendFrame);
    return acked;
  }

  function sendFrame(text) {
    noteFrame("out", "publish", text);
    socket.send(text);
  }

  // ---- close

  function hangUp(detail) {
    reader.cancel();
    pending.breakOff(detail, { unsentToo: session.state === "closed" });
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(NORMAL_CLOSURE);
    session.traffic.end(handshake, { status: "cancelled" });
    socket = null;
  }

  return { send, close: session.close, configure: session.configure };
}

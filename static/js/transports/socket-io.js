/**
 * Socket.IO: events with acks on top of Engine.IO, which chooses the transport (Engine.IO protocol 4).
 *
 * Who opens:  the client. Engine.IO begins with HTTP long polling, probes a WebSocket beside it, and upgrades to it.
 * Who waits:  while polling, the server holds a request; after the upgrade nobody.
 * On the wire: Engine.IO packets, a digit and data: 0 open, 2 ping, 3 pong, 4 message, 5 upgrade. Inside a 4 is a
 *             Socket.IO packet: 0 CONNECT, 2 EVENT, 3 ACK. `join` and `publish` are events that ask for an ack.
 * Resumes:    socket.io-client reconnects by itself, but as a new session; `join` with our cursor brings what was missed.
 * Costs:      a handshake of several requests, 2 more bytes than WebSocket and the event's name per message, a ping
 *             every 25 s, and 41 kB of library (13 kB compressed).
 */
import { watchEngine } from "../engine-traffic.js";
import { FIRST_LIMIT_MS, LAST_LIMIT_MS } from "../backoff.js";
import { ACK_WITHIN_MS } from "../pending.js";
import { problemError, retryableError } from "../problems.js";
import { createSession } from "../session.js";
import { t } from "../shell/language.js";
import { loadSocketIo } from "../vendor.js";

export const technique = "socket-io";
const TRANSPORTS = ["polling", "websocket"]; // begin with the first, upgrade to the second
const FULL_JITTER = 1; // randomizationFactor: from nothing to twice the delay

// ---- connect

export function connect(options) {
  const session = createSession(options, { dial, hangUp });
  let socket = null;

  async function dial() {
    try {
      await haveSocket();
    } catch (error) {
      return session.refused(error);
    }
    if (!session.isConnected()) return; // closed while the library was loading
    socket.connect();
    watchEngine(socket.io.engine, session.traffic);
  }

  async function haveSocket() {
    const io = await loadSocketIo(session.environment);
    return (socket ??= createSocket(io, session));
  }

  function createSocket(io, { environment, settings }) {
    const made = io(environment.base.origin, {
      path: `${environment.base.pathname}socket.io/`,
      transports: settings.transports ?? TRANSPORTS,
      autoConnect: false,
      multiplex: false,
      reconnectionDelay: FIRST_LIMIT_MS,
      reconnectionDelayMax: LAST_LIMIT_MS,
      randomizationFactor: FULL_JITTER,
    });
    listen(made);
    return made;
  }

  function listen(made) {
    made.on("connect", join);
    made.on("message", session.guard((message) => session.deliver(message)));
    made.on("gap", session.guard(({ cursor }) => session.gap(cursor)));
    made.on("connect_error", (error) => resume(t("transport.cannot-connect", { reason: error.message })));
    made.on("disconnect", (reason) => reason !== "io client disconnect" && resume(t("transport.disconnected", { reason })));
    made.io.on("reconnect_attempt", reconnecting);
  }

  function join() {
    const place = { room: session.room, ...(session.after !== null && { after: session.after }) };
    socket.timeout(ACK_WITHIN_MS).emit("join", place, joined);
  }

  // ---- receive

  function joined(failure, answer) {
    if (failure) return; // no answer: the session's limit for opening notices; disconnected: "disconnect" says so
    if (answer.error) session.refused(problemError(answer.error));
    else session.opened(t("transport.joined", { name: socket.io.engine.transport.name }), answer.cursor);
  }

  // ---- resume

  /** While the socket is active the library tries again by itself; after a disconnect by the server it does not. */
  function resume(detail) {
    session.broken(detail, { byItself: socket.active });
  }

  function reconnecting() {
    session.connecting(t("transport.tries-again"));
    queueMicrotask(() => watchEngine(socket.io.engine, session.traffic)); // made right after this event
  }

  // ---- send

  /** Emits at once; the library keeps it until the connection stands, or gives up when no ack comes in time. */
  async function send({ sender, text, client_message_id }) {
    if (session.state === "closed") throw retryableError(t("transport.closed"));
    const publish = { room: session.room, sender, text, client_message_id };
    const made = await haveSocket();
    return new Promise((resolve, reject) => {
      made.timeout(ACK_WITHIN_MS).emit("publish", publish, (failure, answer) => {
        if (failure) reject(retryableError(t("transport.no-ack", { reason: failure.message })));
        else if (answer.error) reject(problemError(answer.error));
        else resolve(answer);
      });
    });
  }

  // ---- close

  function hangUp() {
    socket?.disconnect();
  }

  return { send, close: session.close, configure: session.configure };
}

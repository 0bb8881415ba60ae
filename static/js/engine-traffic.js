/**
 * What Engine.IO, the layer under Socket.IO, sends and receives: its packets, its polls, its upgrade.
 *
 * A packet is one digit (its type) and its data; heartbeats are packets too, so here a script does see them.
 */
const PACKET_TYPES = { open: "0", close: "1", ping: "2", pong: "3", message: "4", upgrade: "5", noop: "6" };
const MESSAGE_TYPES = ["CONNECT", "DISCONNECT", "EVENT", "ACK", "CONNECT_ERROR", "BINARY_EVENT", "BINARY_ACK"]; // of Socket.IO
const OPENING_HANDSHAKE = "GET socket.io, Upgrade: websocket"; // of a WebSocket, as the page of WebSocket calls it
const MESSAGE_EVENT = '2["message",'; // a Socket.IO EVENT packet that carries a message of the feed

/** Follows one engine: the one of one connection, from before its first packet on. */
export function watchEngine(engine, traffic) {
  const transportName = () => engine.transport?.name ?? "transport";
  engine.on("packet", (packet) => notePacket(traffic, "in", packet, transportName()));
  engine.on("packetCreate", (packet) => notePacket(traffic, "out", packet, transportName()));
  engine.on("upgrade", () => notePacket(traffic, "out", { type: "upgrade" }, "websocket"));
  watchProbe(engine, traffic);
  if (transportName() === "polling") watchPolls(engine, traffic);
  if (transportName() === "websocket") watchHandshake(engine, traffic);
}

function notePacket(traffic, direction, { type, data = "" }, transportName) {
  const text = `${PACKET_TYPES[type] ?? ""}${data}`;
  const kind = type === "ping" || type === "pong" ? "heartbeat" : type === "open" ? "handshake" : "packet";
  const messages = direction === "in" && type === "message" && String(data).startsWith(MESSAGE_EVENT) ? 1 : 0;
  traffic.note({ direction, kind, label: `${nameOf(type, String(data))} (${transportName})`, text, messages });
}

/** An Engine.IO message carries a packet of Socket.IO: a digit, for an ack its number, and JSON. */
function nameOf(type, data) {
  if (type !== "message") return type;
  const event = /^2\d*\["([^"]*)"/.exec(data);
  return event ? `EVENT ${event[1]}` : MESSAGE_TYPES[data[0]] ?? type;
}

/** A WebSocket is tried beside the polling. The engine tells only what came of it; either way it was asked for. */
function watchProbe(engine, traffic) {
  let isTold = false;
  const noteHandshake = (status) => {
    if (!isTold) traffic.note({ direction: "out", kind: "handshake", label: OPENING_HANDSHAKE, text: "", status });
    isTold = true;
  };
  engine.on("upgradeError", () => noteHandshake("failed"));
  engine.on("upgrading", () => { // "2probe" was sent on it and "3probe" came back
    noteHandshake(101);
    traffic.note({ direction: "out", kind: "packet", label: "ping probe (websocket)", text: "2probe" });
    traffic.note({ direction: "in", kind: "packet", label: "pong probe (websocket)", text: "3probe" });
  });
}

/** Engine.IO begins with a WebSocket: its opening handshake is under way already. */
function watchHandshake(engine, traffic) {
  const handshake = traffic.begin({ direction: "both", kind: "handshake", label: OPENING_HANDSHAKE });
  engine.transport.on("open", () => traffic.end(handshake, { status: 101 }));
  engine.on("close", () => traffic.end(handshake, { status: "failed" }));
}

/** Engine.IO's own long polling. Its packets are counted one by one, so the requests carry no bytes here. */
function watchPolls(engine, traffic) {
  const begin = () => traffic.begin({ direction: "both", kind: "request", label: "GET polling" });
  const notePost = () => traffic.note({ direction: "out", kind: "request", label: "POST polling", text: "", status: 200 });
  let poll = begin(); // the first one has begun already
  engine.transport.on("poll", () => (poll = begin()));
  engine.transport.on("pollComplete", () => traffic.end(poll, { status: 200 }));
  engine.transport.on("drain", notePost);
  engine.on("close", () => traffic.end(poll, { status: "failed" }));
}

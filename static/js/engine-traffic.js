/**
 * What Engine.IO, the layer under Socket.IO, sends and receives: its packets, its polls, its upgrade.
 *
 * A packet is one digit (its type) and its data; heartbeats are packets too, so here a script does see them.
 */
const PACKET_TYPES = { open: "0", close: "1", ping: "2", pong: "3", message: "4", upgrade: "5", noop: "6" };
const MESSAGE_EVENT = '2["message",'; // a Socket.IO EVENT packet that carries a message of the feed

/** Follows one engine: the one of one connection, from before its first packet on. */
export function watchEngine(engine, traffic) {
  const transportName = () => engine.transport?.name ?? "transport";
  engine.on("packet", (packet) => notePacket(traffic, "in", packet, transportName()));
  engine.on("packetCreate", (packet) => notePacket(traffic, "out", packet, transportName()));
  engine.on("upgrading", () => noteProbe(traffic));
  engine.on("upgrade", () => notePacket(traffic, "out", { type: "upgrade" }, "websocket"));
  if (transportName() === "polling") watchPolls(engine, traffic);
}

function notePacket(traffic, direction, { type, data = "" }, transportName) {
  const text = `${PACKET_TYPES[type] ?? ""}${data}`;
  const kind = type === "ping" || type === "pong" ? "heartbeat" : type === "open" ? "handshake" : "packet";
  const messages = direction === "in" && type === "message" && String(data).startsWith(MESSAGE_EVENT) ? 1 : 0;
  traffic.note({ direction, kind, label: `${type} (${transportName})`, text, messages });
}

/** A WebSocket is tried beside the polling: "2probe" was sent on it and "3probe" came back. */
function noteProbe(traffic) {
  traffic.note({ direction: "out", kind: "packet", label: "ping probe (websocket)", text: "2probe" });
  traffic.note({ direction: "in", kind: "packet", label: "pong probe (websocket)", text: "3probe" });
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

/**
 * Traffic as a lab session would tell of it, made up: the same each time, at any rate, with any delay.
 *
 * Used by the tests of what draws the traffic, in Node and in a browser.
 */

export const START_MS = 1_763_791_234_000;
const TURN_AROUND_MS = 1;
const HEADERS = { up: 402, down: 187 };
const MESSAGE_BYTES = 96;

/** Moments from `from` to `to`, one each `every` ms. */
export function beats(from, to, every) {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / every)) }, (_, index) => from + index * every);
}

/**
 * @param {string} technique - short-poll, long-poll, sse or websocket.
 * @param {object} options
 * @param {number} options.delayMs - each way.
 * @param {number} options.forMs - from START_MS on.
 * @param {number[]} options.born - when messages are born, in ms after START_MS.
 * @param {number} options.pollEveryMs - of short polling.
 * @param {number} options.holdMs - of long polling.
 * @param {number} options.heartbeatEveryMs - of the streams.
 * @returns {{units: object[], connections: object[], births: Map<string, number>}} all in the order of time.
 */
export function syntheticTraffic(technique, {
  delayMs = 0, forMs = 5000, born = [], pollEveryMs = 1000, holdMs = 25_000, heartbeatEveryMs = 15_000, publishes = true,
} = {}) {
  const end = START_MS + forMs;
  const messages = born.map((at, index) => ({ id: `k3f9-${index + 1}`, at: START_MS + at }));
  const traffic = { units: [], connections: [], births: new Map(messages.map(({ id, at }) => [id, Math.floor(at)])) };
  const wire = createWire(traffic, { technique, delayMs, end });
  const makers = { "short-poll": shortPoll, "long-poll": longPoll, sse: stream, websocket: stream };
  makers[technique](wire, { messages, end, technique, delayMs, pollEveryMs, holdMs, heartbeatEveryMs });
  if (publishes) publish(traffic, { messages, delayMs, end });
  traffic.units.sort((one, other) => one.arrived_at - other.arrived_at);
  return traffic;
}

/** One connection: `up` and `down` put a unit on it, which is there after the delay. */
function createWire(traffic, { technique, delayMs, end, number = 1, openedAt = START_MS }) {
  const offsets = { up: 0, down: 0 };
  let count = 0;
  const connection = {
    number, opened_at: openedAt, closed_at: null, end: "open", size: offsets, waiting: { up: 0, down: 0 },
    techniques: [technique], up: {}, down: {}, requests: 0, empty: 0, messages: 0,
  };
  traffic.connections.push(connection);

  function put(direction, kind, at, label, accounts, more = {}) {
    const size = Object.values(accounts).reduce((sum, each) => sum + each, 0);
    count += 1;
    const unit = {
      connection: number, number: count, direction, kind, label, technique, offset: offsets[direction], size,
      sent_at: at, arrived_at: at + delayMs, answers: null, status: null, messages: [], empty: false, whole: true, accounts, ...more,
    };
    offsets[direction] += size;
    if (unit.arrived_at <= end) traffic.units.push(unit);
    return unit;
  }

  return {
    connection,
    up: (...unit) => put("up", ...unit),
    down: (...unit) => put("down", ...unit),
  };
}

function answer(wire, request, at, found) {
  const ids = found.map(({ id }) => id);
  const accounts = { http_headers: HEADERS.down, framing: 31 + ids.length, ...(ids.length ? { payload: ids.length * MESSAGE_BYTES } : {}) };
  const label = ids.length === 0 ? "200 empty" : ids.length === 1 ? `200 message ${ids[0]}` : `200 ${ids.length} messages`;
  return wire.down("response", at, label, accounts, { answers: request.number, status: 200, messages: ids, empty: ids.length === 0 });
}

function shortPoll(wire, { messages, end, pollEveryMs }) {
  let next = 0;
  for (const at of beats(START_MS + 40, end, pollEveryMs)) {
    const request = wire.up("request", at, `GET short-poll?after=k3f9-${next}`, { http_headers: HEADERS.up });
    const found = messages.slice(next).filter((each) => each.at <= request.arrived_at);
    next += found.length;
    answer(wire, request, request.arrived_at + TURN_AROUND_MS, found);
  }
}

function longPoll(wire, { messages, end, holdMs }) {
  let next = 0;
  for (let at = START_MS + 40; at < end;) {
    const request = wire.up("request", at, `GET long-poll?after=k3f9-${next}&timeout=25`, { http_headers: HEADERS.up });
    const asked = request.arrived_at;
    const first = messages[next];
    const answered = first && first.at < asked + holdMs ? Math.max(first.at, asked) + TURN_AROUND_MS : asked + holdMs;
    const found = messages.slice(next).filter((each) => each.at < answered);
    next += found.length;
    at = answered > end ? end : answer(wire, request, answered, found).arrived_at + 2 * TURN_AROUND_MS;
  }
}

function stream(wire, { messages, end, technique, delayMs, heartbeatEveryMs }) {
  const isSocket = technique === "websocket";
  const request = wire.up("request", START_MS + 40, isSocket ? "GET ws?after=k3f9-0" : "GET sse?after=k3f9-0", isSocket ? { handshake: 523 } : { http_headers: HEADERS.up });
  const opened = request.arrived_at + TURN_AROUND_MS;
  wire.down("response", opened, isSocket ? "101 Switching Protocols" : "200 text/event-stream", isSocket ? { handshake: 166 } : { http_headers: HEADERS.down },
    { answers: request.number, status: isSocket ? 101 : 200 });
  const kind = isSocket ? "frame" : "event";
  for (const { id, at } of messages) {
    if (at < end) wire.down(kind, Math.max(at, opened) + TURN_AROUND_MS, `message ${id}`, { framing: isSocket ? 2 : 24, payload: MESSAGE_BYTES }, { messages: [id] });
  }
  for (const at of beats(opened + heartbeatEveryMs, end, heartbeatEveryMs)) {
    wire.down(isSocket ? "frame" : "comment", at, isSocket ? "ping" : "comment", { heartbeat: isSocket ? 6 : 14 });
    if (isSocket) wire.up("frame", at + delayMs + TURN_AROUND_MS, "pong", { heartbeat: 10 });
  }
}

/** Each message comes by a POST, on a connection of its own. */
function publish(traffic, { messages, delayMs, end }) {
  if (messages.length === 0) return;
  const wire = createWire(traffic, { technique: "publish", delayMs, end, number: 2, openedAt: messages[0].at - delayMs - 5 });
  for (const { id, at } of messages) {
    const request = wire.up("request", at - delayMs - TURN_AROUND_MS / 2, "POST messages", { http_headers: 480, payload: 61 });
    wire.down("response", at + TURN_AROUND_MS, "201 Created", { http_headers: HEADERS.down, payload: MESSAGE_BYTES }, { answers: request.number, status: 201, messages: [id] });
  }
}

/** What the live socket would tell between two moments: the units that arrived, the connections that changed. */
export function newsOf(traffic, from, to, remarks = []) {
  const since = (at) => at !== null && at > from && at <= to;
  return {
    now: to,
    units: traffic.units.filter(({ arrived_at: at }) => since(at)).map((unit) => ({ ...unit })),
    connections: traffic.connections.filter((each) => since(each.opened_at) || since(each.closed_at) || from < START_MS)
      .map((each) => ({ ...each, closed_at: each.closed_at > to ? null : each.closed_at })),
    remarks: remarks.filter(({ at }) => since(at)), techniques: {}, size: { up: 0, down: 0 }, missed: 0,
  };
}

/**
 * What a ladder knows of the traffic, in the order of arrival: the units, which request was held for how long, which
 * stream was open for how long, and which unit first brought a message.
 *
 * It has its own list, because a ladder that is paused keeps what the store lets go. Without DOM, so that it can be
 * tested by itself.
 */

const KEPT_LIVE = 4000;
const KEPT_PAUSED = 20_000;
const TRIMMED_AT_ONCE = 500;
const CARRIERS_KEPT = 4000;

/** Whether a response stays open behind its head: a stream of events, or a WebSocket. */
export function opensStream(unit) {
  return unit.kind === "response" && (unit.status === 101 || (unit.technique === "sse" && unit.status === 200));
}

/** Whether a unit brings messages to a reader; the answer to a POST only repeats what was sent. */
export function carries(unit) {
  return unit.direction === "down" && unit.technique !== "publish" && unit.messages.length > 0;
}

export function createTimeline() {
  const answers = new Map(); // key of a request -> its response
  const openHolds = new Map(); // key of a request -> its hold
  const openStreams = new Map(); // number of a connection -> its stream
  const carriers = new Map(); // id of a message -> the unit that first brought it
  const connections = new Map(); // number -> what the server told of it last
  const samples = new Map(); // number of a connection -> its first unit of each technique
  let units = [];
  let holds = [];
  let streams = [];
  let longestMs = 0;
  let startedAt = Infinity;

  function add(unit) {
    insert(unit);
    longestMs = Math.max(longestMs, unit.arrived_at - unit.sent_at);
    startedAt = Math.min(startedAt, unit.sent_at);
    takeSample(unit);
    if (unit.kind === "request") hold(unit);
    if (unit.kind === "response") answer(unit);
    if (carries(unit)) remember(unit);
  }

  /** News comes nearly in order, but several connections are told of one after another. */
  function insert(unit) {
    let place = units.length;
    while (place > 0 && units[place - 1].arrived_at > unit.arrived_at) place -= 1;
    units.splice(place, 0, unit);
  }

  function takeSample(unit) {
    const known = samples.get(unit.connection) ?? [];
    if (known.every(({ technique }) => technique !== unit.technique)) samples.set(unit.connection, [...known, unit]);
  }

  function hold(request) {
    finish(openStreams, request.connection, request.sent_at); // a stream that ended in peace left its connection to others
    const made = { opening: request, from: request.arrived_at, until: null, slot: freeSlot(openHolds) };
    holds.push(made);
    openHolds.set(request.key, made);
  }

  function answer(response) {
    const request = `${response.connection}/${response.answers}`;
    if (!answers.has(request)) answers.set(request, response);
    finish(openHolds, request, response.sent_at);
    if (!opensStream(response)) return;
    const made = { opening: response, from: response.sent_at, until: null, slot: freeSlot(openStreams) };
    streams.push(made);
    openStreams.set(response.connection, made);
  }

  function remember(unit) {
    for (const id of unit.messages) {
      if (!carriers.has(id)) carriers.set(id, unit);
    }
    while (carriers.size > CARRIERS_KEPT) carriers.delete(carriers.keys().next().value);
  }

  /** What is told of a connection; when it is closed, nothing on it is held or open any longer. */
  function tell(connection) {
    connections.set(connection.number, connection);
    if (connection.closed_at === null) return;
    finish(openStreams, connection.number, connection.closed_at);
    for (const [key, { opening }] of openHolds) {
      if (opening.connection === connection.number) finish(openHolds, key, connection.closed_at);
    }
  }

  /** Let go what is older than the latest units; more are kept while somebody looks back at them. */
  function trim(isPaused) {
    const most = isPaused ? KEPT_PAUSED : KEPT_LIVE;
    if (units.length < most + TRIMMED_AT_ONCE) return;
    for (const gone of units.splice(0, units.length - most)) answers.delete(gone.key);
    const isOver = ({ until }) => until !== null && until < units[0].sent_at;
    holds = holds.filter((each) => !isOver(each));
    streams = streams.filter((each) => !isOver(each));
    for (const [number, { closed_at: until }] of connections) {
      if (isOver({ until })) for (const map of [connections, samples]) map.delete(number);
    }
    longestMs = Math.max(...units.map((unit) => unit.arrived_at - unit.sent_at));
  }

  /** The units of which some part lies between two moments, in the order of arrival. */
  function between(from, to, isShown) {
    const found = [];
    for (let index = firstArrivedAfter(units, from); index < units.length; index += 1) {
      const unit = units[index];
      if (unit.arrived_at - longestMs > to) break;
      if (unit.sent_at <= to && isShown(unit)) found.push(unit);
    }
    return found;
  }

  return {
    add, tell, trim, between, carriers, connections,
    get units() { return units; },
    get holds() { return holds; },
    get streams() { return streams; },
    get startedAt() { return startedAt; },
    answerTo: (request) => answers.get(request.key) ?? null,
    hasShown: (number, isShown) => (samples.get(number) ?? []).some(isShown),
    isHeld: (request) => openHolds.has(request.key),
  };
}

function finish(open, key, at) {
  const found = open.get(key);
  if (!found) return;
  found.until = at;
  open.delete(key);
}

/** Bars that last at the same time stand beside each other. */
function freeSlot(open) {
  const taken = new Set([...open.values()].map(({ slot }) => slot));
  let slot = 0;
  while (taken.has(slot)) slot += 1;
  return slot;
}

/** The index of the first unit that arrived at `moment` or later; by halves, for there are thousands. */
export function firstArrivedAfter(units, moment) {
  let low = 0;
  let high = units.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (units[middle].arrived_at < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

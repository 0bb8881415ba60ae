/**
 * What each technique costs for a use: requests, bytes, the server's processor and memory, delays. Pure arithmetic.
 *
 * N users; λ messages a second that each gets; s that each sends; D the delay that is tolerated; d the network's one way;
 * c what the server's processor needs for one request of a poll or one delivery of a stream, b for waking for a
 * message to however many (constants.js).
 *
 * - Short polling asks every T = D - d: a message that just missed a poll waits T and then d, so T is the longest interval
 *   that keeps D. N / T requests a second, whatever happens (Van de Vyvere et al. 2020: users by acceptable latency).
 *   Mean delay T/2 + d, longest T + d.
 * - Long polling holds a request up to H = 25 s. G = 2d is the gap in which none is held. For messages by chance a request
 *   finds some of the gap with 1 - p, p = e^(-λG); held, it ends at the first message or after H: N λ / (λG + p (1 - e^(-λH)))
 *   requests a second. Mean delay d + (λG²/2) / (λG + p); longest d + G.
 * - Streams (SSE, WebSocket, Socket.IO): no request for a message; delay d. Heartbeats beside.
 * - Who is served last: a message that R users get at once is written to them one after another, so that the last waits
 *   R c more. R is λ / s, as many as share a conversation, and all users where nobody sends (one source for all). Short
 *   polls come spread over T, and do not wait for each other.
 * - Processor: requests or deliveries times c, and N s messages sent, each in the technique's own way: POST beside polls and
 *   SSE, a frame of the connection else. That is the work w. A message that finds the server at rest, as 1 - ρ of them do
 *   that come by chance, wakes it for b more: with B = N λ / R messages a second, ρ = (w + b B) / (1 + b B). One process has
 *   one core: at 1 its queue grows without end.
 * - On the wire: the bytes above TCP as they were measured, the text put in place of that of the measurement, and 52 bytes
 *   for each segment: 20 of IPv4, 20 of TCP, 12 of its timestamps. The segments were counted in benchmarks here: a short
 *   poll goes up in one and its answer comes in two, head and body, each acknowledged; a held one is acknowledged before
 *   it is answered; a delivery is one, acknowledged by one.
 */

import { longPollMeanMs } from "../theory.js";

export const NAMES = ["short-poll", "long-poll", "sse", "websocket", "socket-io"];
export const LEAST_INTERVAL_MS = 50; // nobody asks more often: a page's timers would not keep it

const HOLD_S = 25; // H, pushdemo's and its pages'
const SEGMENT_BYTES = 52;
const SEGMENT_HOLDS = 1448; // of an Ethernet frame of 1,500 bytes, less those 52

/** By technique, every so many seconds: bytes above TCP. SSE a comment in a chunk; ping and pong, and Engine.IO's in frames. */
export const HEARTBEATS = {
  sse: { everyS: 15, down: 18, up: 0 },
  websocket: { everyS: 20, down: 6, up: 10 },
  "socket-io": { everyS: 25, down: 3, up: 7 },
};

const SEGMENTS = { "short-poll": { up: 3, down: 2 }, "long-poll": { up: 1, down: 2 }, POST: { up: 3, down: 2 }, frame: { up: 2, down: 1 } };

/**
 * @param {object} use - `users`, `rate` and `sends` (a second and user), `tolerableMs`, `transitMs`, `textBytes`,
 *   `uplinkMbit` (what the server can send; 1 Mbit = 1,000,000 bit).
 * @param {object | null} constants - constantsOf's.
 * @returns {object[]} for each technique `name`, `intervalMs`, `requests` (a second), `up`, `down` (bytes a second on the
 *   wire), `share` (of the uplink), `cores`, `mib`, `meanMs`, `worstMs`, `fails` ("delay", "cores", "uplink"; a list),
 *   `unknown` (no constants: costs are null).
 */
export function decide(use, constants) {
  return NAMES.map((name) => costOf(name, use, constants));
}

export function costOf(name, use, constants) {
  const own = constants?.techniques[name] ?? null;
  const rhythm = RHYTHMS[name === "short-poll" || name === "long-poll" ? name : "stream"](use);
  const spreadMs = name === "short-poll" || own === null || own.cpuUs === null ? 0 : (readersAtOnce(use) * own.cpuUs) / 1000;
  const cost = {
    name, intervalMs: rhythm.intervalMs ?? null, requests: rhythm.requests,
    meanMs: rhythm.meanMs + spreadMs / 2, worstMs: rhythm.worstMs + spreadMs, unknown: own === null,
    ...(own === null ? { up: null, down: null, share: null, cores: null, mib: null } : measuredCosts(name, use, own, rhythm, constants)),
  };
  return { ...cost, fails: failsOf(cost, use) };
}

// ---- what theory says alone

const RHYTHMS = {
  "short-poll"({ users, tolerableMs, transitMs }) {
    const intervalMs = Math.max(LEAST_INTERVAL_MS, tolerableMs - transitMs);
    return { intervalMs, requests: users / (intervalMs / 1000), meanMs: intervalMs / 2 + transitMs, worstMs: intervalMs + transitMs };
  },
  "long-poll"({ users, rate, transitMs }) {
    const meanMs = rate > 0 ? longPollMeanMs({ rate, transitMs }) : transitMs;
    return { requests: users * heldRequests(rate, (2 * transitMs) / 1000), meanMs, worstMs: 3 * transitMs };
  },
  stream: ({ transitMs }) => ({ requests: 0, meanMs: transitMs, worstMs: transitMs }),
};

/** Long polls of one user a second; in silence one every G + H. */
export function heldRequests(rate, gapS, holdS = HOLD_S) {
  if (rate <= 0) return 1 / (gapS + holdS);
  const silent = Math.exp(-rate * gapS);
  return rate / (rate * gapS - silent * Math.expm1(-rate * holdS));
}

/** R: how many users one message is for. */
export function readersAtOnce({ users, rate, sends }) {
  return sends > 0 ? Math.min(users, Math.max(1, rate / sends)) : users;
}

// ---- what it costs here

function measuredCosts(name, use, own, { requests }, { postCpuUs }) {
  const { users, rate, sends, uplinkMbit } = use;
  const deliveries = users * rate;
  const units = own.unit === "request" ? requests : deliveries;
  const wire = own.unit === "request" ? pollBytes(name, use, own, requests) : streamBytes(name, use, own);
  const sent = sendBytes(use, own);
  const wakings = ((deliveries / readersAtOnce(use)) * own.broadcastUs) / 1e6;
  const sendCpuUs = sends === 0 ? rate * (postCpuUs ?? 0) : users * sends * (own.send?.cpuUs ?? 0); // one source for all: POST
  const down = wire.down + sent.down;
  return {
    up: wire.up + sent.up,
    down,
    share: (8 * down) / (uplinkMbit * 1e6),
    cores: own.cpuUs === null ? null : busyShare((units * own.cpuUs + sendCpuUs) / 1e6, wakings),
    mib: own.kibPerUser === null ? null : (users * own.kibPerUser) / 1024,
  };
}

/** ρ, of the work that is there in any case, and what wakings would take if each message found the server at rest. */
function busyShare(work, wakings) {
  return work >= 1 ? work : (work + wakings) / (1 + wakings);
}

function pollBytes(name, { users, rate, textBytes }, own, requests) {
  const payload = users * rate * (own.envelopeBytes + textBytes);
  const perAnswer = payload / requests;
  const segments = SEGMENTS[name];
  const more = requests * (segmentsOf(perAnswer) - 1);
  return {
    up: requests * (own.headUp + SEGMENT_BYTES * segments.up),
    down: requests * (own.headDown + own.framingBytes + SEGMENT_BYTES * segments.down) + payload + SEGMENT_BYTES * more,
  };
}

function streamBytes(name, { users, rate, textBytes }, own) {
  const payload = own.envelopeBytes + textBytes;
  const framing = own.framingBytes + (name === "sse" ? 0 : frameHead(payload) - frameHead(own.envelopeBytes + own.at.textBytes));
  const beat = HEARTBEATS[name];
  const beats = users / beat.everyS;
  return {
    up: users * rate * SEGMENT_BYTES + beats * (beat.up + SEGMENT_BYTES),
    down: users * rate * (payload + framing + SEGMENT_BYTES * segmentsOf(payload + framing)) + beats * (beat.down + SEGMENT_BYTES),
  };
}

/** What users send, with the answers to it. The answer to a POST holds the message, so its text is in both. */
function sendBytes({ users, sends, textBytes }, { send }) {
  if (send === null || sends === 0) return { up: 0, down: 0 };
  const differs = textBytes - send.textBytes;
  const segments = SEGMENTS[send.way];
  return {
    up: users * sends * (send.up + differs + SEGMENT_BYTES * segments.up),
    down: users * sends * (send.down + (send.way === "POST" ? differs : 0) + SEGMENT_BYTES * segments.down),
  };
}

/** Bytes of a frame's head towards the client, RFC 6455 section 5.2. */
export function frameHead(payloadBytes) {
  if (payloadBytes < 126) return 2;
  return payloadBytes < 65_536 ? 4 : 10;
}

function segmentsOf(bytes) {
  return Math.max(1, Math.ceil(bytes / SEGMENT_HOLDS));
}

function failsOf({ worstMs, cores, share }, { tolerableMs }) {
  return [
    ...(worstMs > tolerableMs + 1e-9 ? ["delay"] : []),
    ...(cores !== null && cores >= 1 ? ["cores"] : []),
    ...(share !== null && share > 1 ? ["uplink"] : []),
  ];
}

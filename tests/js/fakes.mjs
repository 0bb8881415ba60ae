/**
 * A browser and a server to be played by the test: time stands still until it is advanced, nothing is answered unless
 * the test answers it.
 */

export const START_MS = 1_763_791_234_567;
export const BASE = "http://class.example/push/";

/** Lets everything happen that needs no time. */
export async function settle() {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

export class FakeClock {
  #now = START_MS;
  #timers = [];

  now = () => this.#now;

  setTimeout = (action, delayMs = 0) => {
    const timer = { action, dueAt: this.#now + delayMs };
    this.#timers.push(timer);
    return timer;
  };

  clearTimeout = (timer) => {
    this.#timers = this.#timers.filter((each) => each !== timer);
  };

  get pending() {
    return this.#timers.length;
  }

  /** Moves on by `ms` and wakes, in order, whoever is due on the way. */
  async advance(ms) {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const due = this.#timers.filter((timer) => timer.dueAt <= end).sort((a, b) => a.dueAt - b.dueAt)[0];
      if (due === undefined) break;
      this.clearTimeout(due);
      this.#now = Math.max(this.#now, due.dueAt);
      due.action();
      await settle();
    }
    this.#now = end;
  }
}

/** Takes requests; the test answers or fails each. */
export class FakeHttp {
  requests = [];

  fetch = (url, init) =>
    new Promise((resolve, reject) => {
      const fail = (error = new TypeError("Failed to fetch")) => reject(error);
      init.signal.addEventListener("abort", () => fail(new DOMException("aborted", "AbortError")));
      const answer = (status, body = "", headers = {}) => {
        const text = typeof body === "string" ? body : JSON.stringify(body);
        resolve({ status, ok: status < 300, headers: new Headers(headers), text: async () => text });
      };
      this.requests.push({ url: new URL(url), ...init, answer, fail });
    });

  get last() {
    return this.requests.at(-1);
  }

  asked(path) {
    return this.requests.filter((request) => request.url.pathname.endsWith(`/${path}`));
  }
}

export class FakeEventSource {
  static made = [];
  readyState = 0;
  closed = false;
  #listeners = {};

  constructor(url) {
    this.url = new URL(url);
    FakeEventSource.made.push(this);
  }

  addEventListener(type, listener) {
    this.#listeners[type] = listener;
  }

  close() {
    this.readyState = 2;
    this.closed = true;
  }

  open() {
    this.readyState = 1;
    this.onopen?.({});
  }

  event(type, data, lastEventId = "") {
    (type === "message" ? this.onmessage : this.#listeners[type])?.({ data, lastEventId });
  }

  /** Breaks off; the browser reconnects by itself, or gives up for good. */
  breakOff({ givenUp = false } = {}) {
    this.readyState = givenUp ? 2 : 0;
    this.onerror?.({});
  }
}

export class FakeWebSocket {
  static made = [];
  sent = [];
  closedWith = null;

  constructor(url, protocols) {
    this.url = new URL(url);
    this.protocols = protocols;
    FakeWebSocket.made.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    this.closedWith = code;
  }

  open() {
    this.onopen?.({});
  }

  frame(content) {
    this.onmessage?.({ data: typeof content === "string" ? content : JSON.stringify(content) });
  }

  breakOff(code = 1006, reason = "") {
    this.onclose?.({ code, reason, wasClean: code !== 1006 });
  }
}

class Emitter {
  #listeners = [];

  on(type, listener) {
    this.#listeners.push({ type, listener });
  }

  fire(type, ...args) {
    for (const each of this.#listeners.filter((one) => one.type === type)) each.listener(...args);
  }
}

/** A socket of socket.io-client 4, as far as a transport uses it. */
export class FakeSocket extends Emitter {
  active = false;
  connected = false;
  emits = [];
  io = new Emitter();

  constructor(origin, options) {
    super();
    this.origin = origin;
    this.options = options;
    this.#newEngine();
  }

  #newEngine() {
    const name = this.options.transports[0];
    this.io.engine = Object.assign(new Emitter(), { transport: Object.assign(new Emitter(), { name }) });
  }

  connect() {
    this.active = true;
    this.#newEngine();
  }

  disconnect() {
    this.active = false;
    if (this.connected) this.breakOff("io client disconnect");
  }

  timeout(limitMs) {
    return { emit: (event, payload, ack) => this.emits.push({ event, payload, ack, limitMs }) };
  }

  accept() {
    this.connected = true;
    this.fire("connect");
  }

  breakOff(reason) {
    this.connected = false;
    if (reason.startsWith("io ")) this.active = false;
    this.fire("disconnect", reason);
  }

  emitted(event) {
    return this.emits.filter((each) => each.event === event);
  }
}

/** Connects by one transport in a browser of its own, and keeps what it tells. */
export function run(transport, options = {}) {
  const clock = new FakeClock();
  const http = new FakeHttp();
  const browserWindow = new EventTarget();
  const world = { clock, http, window: browserWindow, messages: [], arrivals: [], statuses: [], traffic: [], sockets: [], reports: [] };
  FakeEventSource.made = [];
  FakeWebSocket.made = [];
  const io = (...args) => {
    world.sockets.push(new FakeSocket(...args));
    return world.sockets.at(-1);
  };
  world.connection = transport.connect({
    room: "lobby",
    after: null,
    onMessage: (message, arrival) => (world.messages.push(message), world.arrivals.push(arrival)),
    onStatus: (status) => world.statuses.push(status),
    onTraffic: (exchange) => world.traffic.push(exchange),
    ...options,
    environment: {
      fetch: http.fetch, EventSource: FakeEventSource, WebSocket: FakeWebSocket, io,
      setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout, now: clock.now,
      random: () => 0.5, window: browserWindow, report: (error) => world.reports.push(error), base: BASE, ...options.environment,
    },
  });
  world.ids = () => world.messages.map((message) => message.id);
  world.states = () => world.statuses.map((status) => status.state);
  world.status = () => world.statuses.at(-1);
  return world;
}

/** Makes message `number`, sent `ageMs` before START_MS. */
export function message(number, { epoch = "e", ageMs = 0 } = {}) {
  return { id: `${epoch}-${number}`, room: "lobby", sender: "li", text: `hi ${number}`, sent_at: START_MS - ageMs };
}

export function messages(first, last, options) {
  return Array.from({ length: last - first + 1 }, (_, index) => message(first + index, options));
}

export function problem(status, detail) {
  return { type: "about:blank", title: "No", status, detail };
}

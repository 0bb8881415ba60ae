/**
 * One way to play the server for each technique, all with the same verbs, so that one test serves all five.
 *
 * begin()               the client's attempt gets through
 * open(cursor)          the server answers for the first time; reading starts after `cursor`
 * deliver(...messages)  it sends messages
 * gap(cursor, ...messages)
 * lose()                the connection breaks
 * again()               time goes by until the client tries again
 * askedAfter()          the `after` of the client's newest attempt, or null
 * attempts()            how many attempts there were
 */
import * as longPoll from "../../static/js/transports/long-poll.js";
import * as shortPoll from "../../static/js/transports/short-poll.js";
import * as socketIo from "../../static/js/transports/socket-io.js";
import * as sse from "../../static/js/transports/sse.js";
import * as websocket from "../../static/js/transports/websocket.js";
import { FakeEventSource, FakeWebSocket, settle } from "./fakes.mjs";

const LONGEST_WAIT_MS = 10_000;

class Server {
  constructor(world) {
    this.world = world;
  }

  async begin() {
    await settle();
  }

  async again() {
    await this.world.clock.advance(LONGEST_WAIT_MS);
  }
}

class PollServer extends Server {
  cursor = "e-0";

  async #answer(body) {
    const poll = this.world.http.asked(this.path).at(-1);
    poll.answer(200, { messages: [], ...body, cursor: this.cursor });
    await settle();
    if (this.path === "short-poll" && this.world.status().state === "open") await this.world.clock.advance(2000);
  }

  async open(cursor) {
    this.cursor = cursor;
    await this.#answer({});
  }

  async deliver(...messages) {
    this.cursor = messages.at(-1).id;
    await this.#answer({ messages });
  }

  async gap(cursor, ...messages) {
    this.cursor = messages.at(-1)?.id ?? cursor;
    await this.#answer({ messages, gap: true });
  }

  async lose() {
    this.world.http.asked(this.path).at(-1).fail();
    await settle();
  }

  askedAfter() {
    return this.world.http.asked(this.path).at(-1).url.searchParams.get("after");
  }

  attempts() {
    return this.world.http.asked(this.path).length;
  }
}

class ShortPollServer extends PollServer {
  path = "short-poll";
}

class LongPollServer extends PollServer {
  path = "long-poll";

  /** The first poll is held for its second before it is answered without messages. */
  async open(cursor) {
    await this.world.clock.advance(1000);
    await super.open(cursor);
  }
}

class SseServer extends Server {
  get source() {
    return FakeEventSource.made.at(-1);
  }

  async open() {
    this.source.open();
  }

  async deliver(...messages) {
    for (const each of messages) this.source.event("message", JSON.stringify(each), each.id);
  }

  async gap(cursor, ...messages) {
    this.source.event("gap", JSON.stringify({ cursor }), cursor);
    await this.deliver(...messages);
  }

  async lose() {
    this.source.breakOff({ givenUp: true });
  }

  askedAfter() {
    return this.source.url.searchParams.get("after");
  }

  attempts() {
    return FakeEventSource.made.length;
  }
}

class WebSocketServer extends Server {
  get socket() {
    return FakeWebSocket.made.at(-1);
  }

  async open(cursor) {
    this.socket.open();
    this.socket.frame({ control: "joined", cursor });
  }

  async deliver(...messages) {
    for (const each of messages) this.socket.frame(each);
  }

  async gap(cursor, ...messages) {
    this.socket.frame({ control: "gap", cursor });
    await this.deliver(...messages);
  }

  async lose() {
    this.socket.breakOff(1012);
  }

  askedAfter() {
    return this.socket.url.searchParams.get("after");
  }

  attempts() {
    return FakeWebSocket.made.length;
  }
}

class SocketIoServer extends Server {
  get socket() {
    return this.world.sockets.at(-1);
  }

  get #join() {
    return this.socket.emitted("join").at(-1);
  }

  /** In the fake, the library is told when to connect. */
  async #accept() {
    if (!this.socket.connected) this.socket.accept();
    await settle();
  }

  async begin() {
    await super.begin();
    await this.#accept();
  }

  async open(cursor) {
    await this.#accept();
    this.#join.ack(null, { cursor });
  }

  async deliver(...messages) {
    for (const each of messages) this.socket.fire("message", each);
  }

  async gap(cursor, ...messages) {
    this.socket.fire("gap", { room: "lobby", cursor });
    await this.deliver(...messages);
  }

  async lose() {
    this.socket.breakOff("io server disconnect");
  }

  async again() {
    await super.again();
    await this.#accept();
  }

  askedAfter() {
    return this.#join.payload.after ?? null;
  }

  attempts() {
    return this.socket.emitted("join").length;
  }
}

export const TECHNIQUES = [
  { transport: shortPoll, Server: ShortPollServer },
  { transport: longPoll, Server: LongPollServer },
  { transport: sse, Server: SseServer },
  { transport: websocket, Server: WebSocketServer },
  { transport: socketIo, Server: SocketIoServer },
];

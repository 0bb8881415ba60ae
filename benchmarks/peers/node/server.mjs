// A plain Node server, as a good Node programmer writes one: what pushdemo is measured beside.
//
// SSE by node:http, WebSocket by ws, Socket.IO by socket.io, long polling by express. Nothing is kept but a room's
// last messages. A message is turned into bytes once per technique, wherever the library lets one do that; Socket.IO
// does it by itself for a room. It prints its port first, and stops at SIGTERM or SIGINT.
//
//     node server.mjs --port 0

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

import express from 'express';
import { Server as SocketIoServer } from 'socket.io';
import { WebSocketServer } from 'ws';

const MESSAGES_KEPT = 100;
const POLL_TIMEOUT_MS = 25_000;
const RETRY_MS = 2_000;
const BODY_BYTES = 65_536;
const ROOM_PATH = /^\/api\/rooms\/([A-Za-z0-9_-]{1,64})\/(messages|sse|ws)$/;

const { values: flags } = parseArgs({ options: { port: { type: 'string', default: '0' } } });

const rooms = new Map();

function roomCalled(name) {
  let room = rooms.get(name);
  if (!room) {
    room = { name, number: 0, recent: [], streams: new Set(), sockets: new Set(), polls: new Set() };
    rooms.set(name, room);
  }
  return room;
}

const cursorOf = (room) => `node-${room.number}`;

// Publishing

function publish(room, { sender, text }) {
  room.number += 1;
  const message = { id: cursorOf(room), room: room.name, sender, text, sent_at: Date.now() };
  const json = JSON.stringify(message);
  room.recent.push(message);
  if (room.recent.length > MESSAGES_KEPT) room.recent.shift();

  const block = Buffer.from(`id: ${message.id}\ndata: ${json}\n\n`);
  for (const stream of room.streams) stream.write(block);

  const payload = Buffer.from(json);
  for (const socket of room.sockets) socket.send(payload, { binary: false });

  io.to(room.name).emit('message', message);

  const polls = [...room.polls];
  room.polls.clear(); // who asks again while these are answered waits for the next message
  const body = `{"cursor":"${message.id}","messages":[${json}]}`;
  for (const poll of polls) poll(body);
  return json;
}

async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES) throw new RangeError(`a body has at most ${BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks));
}

async function handlePublish(room, request, response) {
  try {
    const draft = await readBody(request);
    if (typeof draft?.sender !== 'string' || typeof draft.text !== 'string') throw new TypeError('sender and text are texts');
    const json = publish(room, draft);
    response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) });
    response.end(json);
  } catch (error) {
    response.writeHead(400, { 'Content-Type': 'text/plain' });
    response.end(String(error));
  }
}

// Server-sent events

function handleStream(room, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
  response.write(`retry: ${RETRY_MS}\n\nid: ${cursorOf(room)}\n\n`);
  room.streams.add(response);
  response.on('close', () => room.streams.delete(response));
}

// Long polling

const app = express();
app.disable('x-powered-by');
app.disable('etag'); // no answer is asked for twice

app.get('/api/rooms/:room/long-poll', (request, response) => {
  const room = roomCalled(request.params.room);
  const answer = (body) => response.set('Cache-Control', 'no-store').type('json').send(body);
  const after = request.query.after === 'latest' ? NaN : Number(/^node-(\d+)$/.exec(request.query.after)?.[1] ?? 0);
  const missed = after < room.number ? room.recent.filter((message) => Number(message.id.slice(5)) > after) : [];
  if (Number.isNaN(after) || missed.length > 0) {
    answer(JSON.stringify({ cursor: cursorOf(room), messages: missed }));
    return;
  }
  const poll = (body) => {
    clearTimeout(timer);
    answer(body);
  };
  const timer = setTimeout(() => {
    room.polls.delete(poll);
    answer(JSON.stringify({ cursor: cursorOf(room), messages: [] }));
  }, POLL_TIMEOUT_MS);
  room.polls.add(poll);
  response.on('close', () => {
    clearTimeout(timer);
    room.polls.delete(poll);
  });
});

// All of it on one port

const server = createServer((request, response) => {
  const [, name, what] = ROOM_PATH.exec(request.url.split('?', 1)[0]) ?? [];
  if (what === 'messages' && request.method === 'POST') handlePublish(roomCalled(name), request, response);
  else if (what === 'sse' && request.method === 'GET') handleStream(roomCalled(name), response);
  else app(request, response);
});
server.keepAliveTimeout = 60_000;

// Socket.IO takes what begins with its path, and leaves the rest to the listeners there are.
const io = new SocketIoServer(server, { serveClient: false, destroyUpgrade: false, perMessageDeflate: false });
io.on('connection', (socket) => {
  const { room: named } = socket.handshake.query; // for a client that cannot wait until it may join
  if (named) socket.join(named);
  socket.on('join', (wanted, acknowledge) => {
    socket.join(wanted.room);
    acknowledge?.({ cursor: cursorOf(roomCalled(wanted.room)) });
  });
});

const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on('upgrade', (request, socket, head) => {
  if (request.url.startsWith('/socket.io/')) return;
  const [, name, what] = ROOM_PATH.exec(request.url.split('?', 1)[0]) ?? [];
  if (what !== 'ws') {
    socket.destroy();
    return;
  }
  webSockets.handleUpgrade(request, socket, head, (webSocket) => {
    const room = roomCalled(name);
    webSocket.send(JSON.stringify({ control: 'joined', cursor: cursorOf(room) }));
    room.sockets.add(webSocket);
    webSocket.on('close', () => room.sockets.delete(webSocket));
    webSocket.on('error', () => webSocket.terminate());
  });
});

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
server.listen({ port: Number(flags.port), host: '127.0.0.1', backlog: 4096 }, () => console.log(server.address().port));

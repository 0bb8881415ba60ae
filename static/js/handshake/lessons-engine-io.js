/** How Socket.IO opens: polling, the upgrade to a WebSocket on a second connection, and an event. */

import { frame, response, switched } from "./expectations.js";
import { handshakeText, RFC_KEY } from "./lesson-steps.js";

const SID = /0\{"sid":"([^"]+)"/;
const DOCUMENT = "Engine.IO protocol, revision 4";

const polling = ({ base, sid }) => `${base}socket.io/?EIO=4&transport=polling${sid === undefined ? "" : `&sid=${sid}`}`;
const get = (here) => ({ text: `GET ${polling(here)} HTTP/1.1\nHost: ${here.host}\n\n` });
const known = (here) => ({ sid: "SID", ...here }); // where the first step was passed over

function has(pattern, missing) {
  return ({ text }) => (pattern.test(text) ? null : missing);
}

function packet(text, step) {
  return { on: 2, needsWebSocket: true, send: () => ({ frame: { opcode: 0x1, text } }), ...step };
}

export const ENGINE_IO = [
  {
    name: "engine-io", title: "From polling to WebSocket",
    steps: [
      {
        on: 1, send: get, learn: (answers) => ({ sid: answers.map(({ text }) => SID.exec(text)?.[1]).find(Boolean) }),
        title: "GET: open a session",
        does: "Engine.IO opens by polling, because that passes every proxy. The answer is packet 0 (open): the session's id, what it may be upgraded to, and its heartbeat.",
        source: `${DOCUMENT}, Handshake`, expect: response(200, "200 with 0{\"sid\":…}", has(SID, "but no packet 0 with a sid")),
      },
      {
        on: 1,
        send: (here) => ({ text: `POST ${polling(known(here))} HTTP/1.1\nHost: ${here.host}\nContent-Type: text/plain;charset=UTF-8\nContent-Length: 2\n\n40` }),
        title: "POST 40: CONNECT",
        does: "What the client has to say goes by POST. 4 is an Engine.IO message, 0 is Socket.IO's CONNECT: the client wants into the main namespace.",
        source: "Socket.IO protocol, revision 5, Connection", expect: response(200, "200 with OK", has(/ok/i, "but no ok")),
        differs: "The documents say “ok” in small letters; this server (python-engineio) says “OK”. No client looks.",
      },
      {
        on: 1, send: (here) => get(known(here)),
        title: "GET: its answer",
        does: "What the server has to say is fetched by GET, a long poll. Its answer to CONNECT is there already: 40 with the id of the Socket.IO session, which is another than Engine.IO's.",
        source: "Socket.IO protocol, revision 5, Connection", expect: response(200, "200 with 40{\"sid\":…}", has(/40\{"sid"/, "but no packet 40")),
      },
      {
        on: 2,
        send: (here) => ({
          text: handshakeText(here, { "": `GET ${here.base}socket.io/?EIO=4&transport=websocket&sid=${known(here).sid} HTTP/1.1`, "Sec-WebSocket-Protocol": null }),
        }),
        title: "a WebSocket with the same sid",
        does: "On a second connection a WebSocket is opened, with the id of the session that it is to take over.",
        source: `${DOCUMENT}, Upgrade`, expect: switched(RFC_KEY),
      },
      packet("2probe", {
        title: "2probe",
        does: "Does the new way carry anything at all? 2 is a ping, of the kind that says probe.",
        source: `${DOCUMENT}, Upgrade`, expect: frame(0x1, "3probe", "3probe, the pong"),
      }),
      packet("5", {
        title: "5, the upgrade",
        does: "It does: packet 5 takes the session over to the WebSocket. From now on there is no polling any more.",
        source: `${DOCUMENT}, Upgrade`, expect: frame(0x1, "6", "6, a noop"),
        differs: "In the document the server's noop (6) lets the poll go that waits meanwhile. Here none waits; python-engineio has queued its noop all the same when it answered the probe, and so it comes by the WebSocket.",
      }),
      packet("420[\"join\",{\"room\":\"by-hand\"}]", {
        title: "the event join",
        does: "4 message, 2 event, 0 the number under which an acknowledgement is wanted: the event join of this laboratory, with a room of that name. Older messages of the room may come before it.",
        source: "Socket.IO protocol, revision 5, Packet encoding", expect: frame(0x1, /^430\[\{"cursor"/, "430[{\"cursor\":…}], the acknowledgement with number 0"),
      }),
      packet("42[\"publish\",{\"room\":\"by-hand\",\"sender\":\"by hand\",\"text\":\"hi\"}]", {
        title: "the event publish",
        does: "An event without a number: nothing acknowledges it, but the room gets the message, and so does whoever sent it. (Nobody answers the server's heartbeat 2 here, every 25 s: the session ends after 20 s more.)",
        source: "Socket.IO protocol, revision 5, Packet encoding", expect: frame(0x1, /^42\["message",.*"by hand"/, "42[\"message\",…], which came through the room"),
      }),
    ],
  },
];

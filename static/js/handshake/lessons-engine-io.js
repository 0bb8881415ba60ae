/** How Socket.IO opens: polling, the upgrade to a WebSocket on a second connection, and an event. */

import { t } from "../shell/language.js";
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
    name: "engine-io", title: t("lesson-engine-io.1"),
    steps: [
      {
        on: 1, send: get, learn: (answers) => ({ sid: answers.map(({ text }) => SID.exec(text)?.[1]).find(Boolean) }),
        title: t("lesson-engine-io.2"),
        does: t("lesson-engine-io.3"),
        source: `${DOCUMENT}, Handshake`, expect: response(200, t("expect.open"), has(SID, t("expect.no-sid"))),
      },
      {
        on: 1,
        send: (here) => ({ text: `POST ${polling(known(here))} HTTP/1.1\nHost: ${here.host}\nContent-Type: text/plain;charset=UTF-8\nContent-Length: 2\n\n40` }),
        title: t("lesson-engine-io.4"),
        does: t("lesson-engine-io.5"),
        source: "Socket.IO protocol, revision 5, Connection", expect: response(200, t("expect.ok"), has(/ok/i, t("expect.no-ok"))),
        differs: t("lesson-engine-io.6"),
      },
      {
        on: 1, send: (here) => get(known(here)),
        title: t("lesson-engine-io.7"),
        does: t("lesson-engine-io.8"),
        source: "Socket.IO protocol, revision 5, Connection", expect: response(200, t("expect.connected"), has(/40\{"sid"/, t("expect.no-40"))),
      },
      {
        on: 2,
        send: (here) => ({
          text: handshakeText(here, { "": `GET ${here.base}socket.io/?EIO=4&transport=websocket&sid=${known(here).sid} HTTP/1.1`, "Sec-WebSocket-Protocol": null }),
        }),
        title: t("lesson-engine-io.9"),
        does: t("lesson-engine-io.10"),
        source: `${DOCUMENT}, Upgrade`, expect: switched(RFC_KEY),
      },
      packet("2probe", {
        title: t("lesson-engine-io.11"),
        does: t("lesson-engine-io.12"),
        source: `${DOCUMENT}, Upgrade`, expect: frame(0x1, "3probe", t("expect.3probe")),
      }),
      packet("5", {
        title: t("lesson-engine-io.13"),
        does: t("lesson-engine-io.14"),
        source: `${DOCUMENT}, Upgrade`, expect: frame(0x1, "6", t("expect.noop")),
        differs: t("lesson-engine-io.15"),
      }),
      packet("420[\"join\",{\"room\":\"by-hand\"}]", {
        title: t("lesson-engine-io.16"),
        does: t("lesson-engine-io.17"),
        source: "Socket.IO protocol, revision 5, Packet encoding", expect: frame(0x1, /^430\[\{"cursor"/, t("expect.430")),
      }),
      packet("42[\"publish\",{\"room\":\"by-hand\",\"sender\":\"by hand\",\"text\":\"hi\"}]", {
        title: t("lesson-engine-io.18"),
        does: t("lesson-engine-io.19"),
        source: "Socket.IO protocol, revision 5, Packet encoding", expect: frame(0x1, /^42\["message",.*"by hand"/, t("expect.42")),
      }),
    ],
  },
];

/**
 * Both messages of the handshake (those of RFC 6455 section 1.2, with another key), and what is to be said of each line.
 *
 * `pair` names what it has to do with in the other message. `gone` marks what older drafts sent and RFC 6455 does not.
 * What "here" says is what this server does; tests/server/test_handshake.py holds it to that.
 */

const NO_SCRIPT = "The browser. A script cannot set it (forbidden request-header in WHATWG Fetch).";
const THE_SERVER = "The server: its WebSocket library writes it when the application accepts.";
const FAILS = "The browser must fail the connection (section 4.1): the script gets error and close 1006, and no frame is sent.";

export const REQUEST = [
  {
    value: "GET /chat HTTP/1.1", pair: "start",
    meaning: "An ordinary HTTP request. So a WebSocket needs no port of its own, and a server that knows HTTP can read it. The path says which of the server's WebSockets is meant.",
    setBy: "The browser. Path and query are the script's: they come from the address given to new WebSocket().",
    otherwise: "Another method, or HTTP before 1.1, is no handshake: an error such as 400 (here 405 for POST). A path that is not there: 404.",
    source: "RFC 6455 section 4.1, request 1 to 3; section 4.2.1, 1",
  },
  {
    name: "Host", value: "server.example.com", pair: "address",
    meaning: "The name, and the port if it is not the usual one, that the client wants to reach. Many names may share one address; with this both sides know which one they speak of.",
    setBy: `${NO_SCRIPT} It comes from the address given to new WebSocket().`,
    otherwise: "Missing: 400. A name that is not this server's: here 403, so that a foreign name made to point at this machine (DNS rebinding) opens nothing.",
    source: "RFC 6455 section 1.3; section 4.1, request 4; section 4.2.1, 2",
  },
  {
    name: "Upgrade", value: "websocket", pair: "upgrade",
    meaning: "Please let us go on with another protocol on this connection: WebSocket. Upper and lower case do not matter.",
    setBy: NO_SCRIPT,
    otherwise: "Without it this is a plain GET, and is answered as one; here with 426 Upgrade Required. A proxy that knows nothing of it drops it, and no WebSocket opens behind that proxy.",
    source: "RFC 6455 section 4.1, request 5; section 4.2.1, 3; RFC 9110 section 7.8",
  },
  {
    name: "Connection", value: "Upgrade", pair: "connection",
    meaning: "Says that Upgrade is for the next station alone: whoever passes the request on has to take it out. It is a list; some browsers send keep-alive, Upgrade.",
    setBy: NO_SCRIPT,
    otherwise: "Without Upgrade in the list this is no handshake; here 426.",
    source: "RFC 6455 section 4.1, request 6; section 4.2.1, 4; RFC 9110 section 7.6.1",
  },
  {
    name: "Origin", value: "http://example.com", pair: "origin",
    meaning: "Which site's script is asking. Browsers apply no same-origin policy to WebSocket and send cookies along, so this is all by which a server can tell its own page from a foreign one.",
    setBy: `${NO_SCRIPT} A program that is no browser may write what it likes, or leave it out.`,
    otherwise: "Missing: not a browser; here let in. Foreign: the server should refuse, here with 403. A server that does not look lets any page speak for its visitor (cross-site WebSocket hijacking).",
    source: "RFC 6455 section 4.1, request 8; section 4.2.2, 4; section 10.2",
  },
  {
    name: "Sec-WebSocket-Key", value: "x3JJHMbDL1EzLkh9GBhXDw==", pair: "key",
    meaning: "16 random bytes in base64, new for every connection. The answer must hold what is computed from it. It is no password and encrypts nothing.",
    setBy: `${NO_SCRIPT} Nor any other whose name begins with Sec-: the prefix was made for that.`,
    otherwise: "Missing, or not 16 bytes in base64: 400.",
    source: "RFC 6455 section 4.1, request 7; section 4.2.1, 5; section 1.6",
  },
  {
    name: "Sec-WebSocket-Protocol", value: "chat, superchat", pair: "protocol",
    meaning: "Subprotocols: the languages that the page can speak over the connection, the preferred one first. Page and server agree on what the names mean.",
    setBy: "The script, by new WebSocket(address, [\"chat\", \"superchat\"]). The one Sec- header in which it has a say; the browser checks the names.",
    otherwise: "Missing: the server must choose none. A name with a space, or the same twice: the browser throws SyntaxError and sends nothing.",
    source: "RFC 6455 section 1.9; section 4.1, request 10; section 4.2.1, 8",
  },
  {
    name: "Sec-WebSocket-Version", value: "13", pair: "version",
    meaning: "The version of the protocol: RFC 6455 is 13. Numbers up to 8 were drafts; 9 to 12 were never used.",
    setBy: NO_SCRIPT,
    otherwise: "Missing: 400. Another version: an error such as 426, with a Sec-WebSocket-Version that names those the server knows; here 400.",
    source: "RFC 6455 section 4.1, request 9; section 4.2.2, 4; section 4.4",
  },
  {
    value: "", pair: "end",
    meaning: "An empty line ends the request; it has no body. Now the client has to wait: before the answer has come and was checked it may send nothing more.",
    setBy: "The browser.",
    otherwise: "Missing: the server waits for the rest.",
    source: "RFC 9112 section 2.1; RFC 6455 section 4.1",
  },
];

export const RESPONSE = [
  {
    value: "HTTP/1.1 101 Switching Protocols", pair: "start",
    meaning: "Agreed: after the empty line below, this connection is no longer HTTP.",
    setBy: THE_SERVER,
    otherwise: "Any other status means that HTTP goes on. A program may then sign in (401) or go elsewhere (3xx); a browser tells its script error and close 1006, but not the status.",
    source: "RFC 6455 section 4.2.2, 5.1; section 4.1, response 1; RFC 9110 section 15.2.2",
  },
  {
    name: "Upgrade", value: "websocket", pair: "upgrade",
    meaning: "The protocol that was changed to.",
    setBy: THE_SERVER, otherwise: FAILS,
    source: "RFC 6455 section 4.2.2, 5.2; section 4.1, response 2",
  },
  {
    name: "Connection", value: "Upgrade", pair: "connection",
    meaning: "Upgrade is for this connection alone, in this direction as well.",
    setBy: THE_SERVER, otherwise: FAILS,
    source: "RFC 6455 section 4.2.2, 5.3; section 4.1, response 3",
  },
  {
    name: "Sec-WebSocket-Accept", value: "HSmrc0sMlYUkAGmm5OPpG2HaGWk=", pair: "key",
    meaning: "The base64 of the SHA-1 of the key and a fixed GUID: this server has read this request, and speaks WebSocket. Computed step by step below.",
    setBy: THE_SERVER, otherwise: FAILS,
    source: "RFC 6455 section 1.3; section 4.2.2, 5.4; section 4.1, response 4",
  },
  {
    name: "Sec-WebSocket-Protocol", value: "chat", pair: "protocol",
    meaning: "The one subprotocol that the server has chosen out of those offered; the script reads it as ws.protocol.",
    setBy: "The server's application.",
    otherwise: "One that was not offered: the browser must fail the connection. None although some were offered: the RFC allows it, but browsers fail the connection all the same (WHATWG WebSockets).",
    source: "RFC 6455 section 4.2.2, 5.5; section 4.1, response 6",
  },
  {
    name: "Sec-WebSocket-Origin", value: "http://example.com", pair: "origin", gone: true,
    meaning: "In drafts of 2010 the server repeated the page's origin, and the browser compared. Gone since draft 04 of January 2011: now the server itself looks at Origin and refuses by a status such as 403, and Sec-WebSocket-Accept shows that the answer belongs to this request.",
    setBy: "Servers of that time. Some examples and servers still carry it along.",
    otherwise: "Sent today, it is an unknown header and is ignored.",
    source: "draft-hixie-thewebsocketprotocol-76, the same as draft-ietf-hybi-thewebsocketprotocol-00; not in RFC 6455",
  },
  {
    name: "Sec-WebSocket-Location", value: "ws://server.example.com/chat", pair: "address", gone: true,
    meaning: "In drafts of 2010 the server repeated the address, and the browser compared it with the one it had asked for. Gone since draft 04 of January 2011: Host and the path are in the request, and Sec-WebSocket-Accept shows that it was read.",
    setBy: "Servers of that time. Some examples and servers still carry it along.",
    otherwise: "Sent today, it is an unknown header and is ignored.",
    source: "draft-hixie-thewebsocketprotocol-76, the same as draft-ietf-hybi-thewebsocketprotocol-00; not in RFC 6455",
  },
  {
    value: "", pair: "end",
    meaning: "The end of HTTP on this connection. The very next byte, from either side, is the first of a WebSocket frame.",
    setBy: THE_SERVER,
    otherwise: "Missing: the browser waits for the rest.",
    source: "RFC 9112 section 2.1; RFC 6455 section 5.2",
  },
];

/**
 * The four doors to the demonstration account, and how a page of another origin knocks at each.
 */

const PATH = "api/labs/whose-page";

/** `path` is below the application's base; `method` null is a WebSocket. In this order they are tried. */
export const DOORS = [
  { key: "get", method: "GET", path: `${PATH}/bookings` },
  { key: "post", method: "POST", path: `${PATH}/bookings` },
  { key: "unchecked", method: null, path: `${PATH}/account/unchecked` },
  { key: "checked", method: null, path: `${PATH}/account` },
];

export const door = (key) => DOORS.find((each) => each.key === key);

/** The request with which a browser knocks for a page of `origin`, less the cookie and what the server does not look at. */
export function requestBy({ method, path }, { host, origin, base }) {
  const lines = [`${method ?? "GET"} ${base}${path} HTTP/1.1`, `Host: ${host}`, `Origin: ${origin}`];
  if (method === null) lines.push("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13");
  else lines.push("Connection: close");
  if (method === "POST") lines.push("Content-Type: text/plain", "Content-Length: 0");
  return [...lines, "", ""].join("\r\n");
}

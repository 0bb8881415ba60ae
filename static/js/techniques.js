/**
 * The five techniques: what each is called, where its page is, and whether it keeps one of the six
 * connections that a browser allows per host over HTTP/1.1.
 */

export const TECHNIQUES = [
  { name: "short-poll", label: "Short polling", page: "short-polling", holds: false },
  { name: "long-poll", label: "Long polling", page: "long-polling", holds: true },
  { name: "sse", label: "SSE", page: "sse", holds: true },
  { name: "websocket", label: "WebSocket", page: "websocket", holds: false },
  { name: "socket-io", label: "Socket.IO", page: "socket-io", holds: false },
];

export function techniqueNamed(name) {
  return TECHNIQUES.find((technique) => technique.name === name);
}

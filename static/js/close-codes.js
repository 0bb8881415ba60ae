/** What a WebSocket's close code says (RFC 6455 section 7.4.1 and IANA's registry), in a sentence for people. */
const MEANINGS = {
  1000: "The server closed the connection normally.",
  1001: "The server is going away.",
  1002: "The server found a protocol error.",
  1003: "The server does not take binary frames.",
  1005: "The connection was closed without a code.",
  1006: "The connection broke off without a close frame, or was refused.",
  1007: "The server was sent text that is not UTF-8.",
  1008: "The server refused by its policy.",
  1009: "A frame was too big for the server.",
  1011: "The server met an error.",
  1012: "The server restarts.",
  1013: "The server is too busy, or this reader too slow.",
};

export function explainClose({ code, reason }) {
  const meaning = MEANINGS[code] ?? "The connection was closed.";
  return reason ? `${meaning} (${code}: ${reason})` : `${meaning} (${code})`;
}

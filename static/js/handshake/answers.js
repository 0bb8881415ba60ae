/**
 * What the server answered, as far as a lesson has to know it: a response's status and fields, a frame's opcode and text.
 */

const decoder = new TextDecoder();
const CLOSE = 0x8;

/**
 * Returns `{ kind: "response", status, reason, fields, text }` or `{ kind: "frame", opcode, text, code }`, or null for
 * anything else. The bytes are those of one whole unit from the server, whose frames have no mask.
 */
export function readAnswer(unit, bytes) {
  if (unit.direction !== "down") return null;
  if (unit.kind === "response") return readResponse(decoder.decode(bytes));
  if (unit.kind === "frame") return readFrame(bytes);
  return null;
}

function readResponse(message) {
  const end = message.indexOf("\r\n\r\n");
  const [first, ...lines] = message.slice(0, end < 0 ? message.length : end).split("\r\n");
  const [, status, ...reason] = first.split(" ");
  return {
    kind: "response", status: Number(status), reason: reason.join(" "), fields: fieldsOf(lines),
    text: end < 0 ? "" : message.slice(end + 4),
  };
}

function fieldsOf(lines) {
  const fields = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) fields[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return fields;
}

function readFrame(bytes) {
  const opcode = bytes[0] & 0x0f;
  const more = { 126: 2, 127: 8 }[bytes[1] & 0x7f] ?? 0;
  const payload = bytes.subarray(2 + more);
  if (opcode !== CLOSE) return { kind: "frame", opcode, text: decoder.decode(payload), code: null };
  const code = payload.length < 2 ? null : (payload[0] << 8) | payload[1];
  return { kind: "frame", opcode, text: decoder.decode(payload.subarray(2)), code };
}

/** Returns the `Sec-WebSocket-Key` of a request, or null. */
export function keyOfRequest(bytes) {
  const [, ...lines] = decoder.decode(bytes).split(/\r?\n/);
  return fieldsOf(lines)["sec-websocket-key"] ?? null;
}

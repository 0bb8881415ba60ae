"""What a server writes, byte for byte: answers, chunks, frames, packets; and ways to cut them into pieces."""

from itertools import pairwise

from websockets.frames import Frame, Opcode
from websockets.utils import accept_key

PAYLOAD = b'{"id":"k3f9-1","room":"room","sender":"bench-1","text":"00000000003 hi.","sent_at":1763791234567}'
SECOND = PAYLOAD.replace(b"k3f9-1", b"k3f9-2").replace(b"003 hi.", b"004 \xe6\x9d\x8e.")
NO_ID = PAYLOAD.replace(b'"id"', b'"no"')
NO_JSON = PAYLOAD[:-1]

# --- HTTP ---


def answer(body: bytes, status: bytes = b"200 OK", fields: bytes = b"") -> bytes:
    return b"HTTP/1.1 %b\r\n%bcontent-length: %d\r\n\r\n%b" % (status, fields, len(body), body)


def envelope(*messages: bytes, cursor: bytes = b"k3f9-1", more: bool = False) -> bytes:
    """Return the body of a poll's answer."""
    return b'{"cursor":"%b","messages":[%b]%b}' % (cursor, b",".join(messages), b',"more":true' if more else b"")


def polled(*messages: bytes, cursor: bytes = b"k3f9-1", more: bool = False) -> bytes:
    return answer(envelope(*messages, cursor=cursor, more=more))


# --- Server-Sent Events ---

SSE_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
OPENING_BLOCKS = b"retry: 2000\n\nid: k3f9-0\n\n"
HEARTBEAT = b": heartbeat\n\n"
LAST_CHUNK = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def event(payload: bytes, last_id: bytes = b"k3f9-1") -> bytes:
    return b"id: %b\ndata: %b\n\n" % (last_id, payload)


# --- WebSocket ---

JOINED = b'{"control":"joined","cursor":"k3f9-0"}'


def frame(text: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    return Frame(opcode, text, fin=fin).serialize(mask=False)


def close_frame(code: int, reason: bytes = b"") -> bytes:
    return frame(code.to_bytes(2, "big") + reason, Opcode.CLOSE)


def accept(request: bytes, fields: str = "") -> bytes:
    """Return the answer to a WebSocket handshake."""
    head = request.partition(b"\r\n\r\n")[0].decode()
    lines = head.split("\r\n")
    [key] = [line.partition(": ")[2] for line in lines if line.lower().startswith("sec-websocket-key")]
    protocol = "Sec-WebSocket-Protocol: pushdemo.v1\r\n" if "pushdemo.v1" in head else ""
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept_key(key)}\r\n{protocol}{fields}\r\n"
    ).encode()


def unmasked(frames: bytes) -> list[bytes]:
    """Return the payloads of a client's frames of under 126 bytes."""
    found = []
    while frames:
        size = frames[1] & 0x7F
        mask, data, frames = frames[2:6], frames[6 : 6 + size], frames[6 + size :]
        found.append(bytes(byte ^ mask[place % 4] for place, byte in enumerate(data)))
    return found


# --- Socket.IO ---

OPEN = b'0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}'
CONNECTED = b'40{"sid":"def"}'
PROBED = b"3probe"
JOIN_ACK = b'430[{"cursor":"k3f9-0"}]'


def packet(payload: bytes) -> bytes:
    return b'42["message",%b]' % payload


# --- pieces ---


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Cut `data` at these places, those that lie in it."""
    ends = sorted({min(place, len(data)) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(ends)]


def single(data: bytes) -> list[bytes]:
    """Cut `data` into bytes."""
    return [bytes([byte]) for byte in data]

"""Conversations with pushdemo as they cross the wire, one for each technique: what was sent, by whom, in order."""

from pushdemo.wire.dissectors.conversation import Conversation
from pushdemo.wire.dissectors.fields import Direction, Unit, by_account

Turns = list[tuple[Direction, bytes]]

MESSAGE = '{"id":"k3f9-43","room":"lobby","sender":"li","text":"hé","sent_at":1763791234567}'.encode()
SECOND = b'{"id":"k3f9-44","room":"lobby","sender":"bo","text":"{\\"[x\\\\","sent_at":1763791234999}'
DATE = b"date: Tue, 24 Nov 2026 15:06:27 GMT\r\n"
BROWSER = (
    b"Host: 127.0.0.1:8001\r\nConnection: keep-alive\r\n"
    b'sec-ch-ua-platform: "Linux"\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nsec-ch-ua-mobile: ?0\r\n'
    b"Accept: */*\r\nSec-Fetch-Site: same-origin\r\nAccept-Encoding: gzip, deflate, br\r\n"
)


def request(target: bytes, *lines: bytes, method: bytes = b"GET", body: bytes = b"") -> bytes:
    """Return a request as a browser sends it."""
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    return b"%s %s HTTP/1.1\r\n%s%s%s\r\n%s" % (method, target, BROWSER, b"".join(lines), length, body)


def answer(body: bytes, *lines: bytes, status: bytes = b"200 OK", kind: bytes = b"application/json") -> bytes:
    """Return a response as uvicorn sends it."""
    head = b"HTTP/1.1 %s\r\n%scache-control: no-store\r\n%s" % (status, DATE, b"".join(lines))
    return b"%scontent-length: %d\r\ncontent-type: %s\r\n\r\n%s" % (head, len(body), kind, body)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def chunked(*chunks: bytes, kind: bytes) -> bytes:
    """Return a response in chunks, which has not ended."""
    head = b"HTTP/1.1 200 OK\r\n%scontent-type: %s\r\ntransfer-encoding: chunked\r\n\r\n" % (DATE, kind)
    return head + b"".join(map(chunk, chunks))


def packets(body: bytes) -> bytes:
    return chunked(body, kind=b"text/plain; charset=UTF-8") + b"0\r\n\r\n"


def frame(text: bytes, first: int = 0x81) -> bytes:
    """Return a frame of the server."""
    return bytes([first, len(text)]) + text


def masked(text: bytes, first: int = 0x81) -> bytes:
    """Return a frame of the client."""
    return (
        bytes([first, 0x80 | len(text)])
        + b"\1\2\3\4"
        + bytes(byte ^ (1, 2, 3, 4)[i % 4] for i, byte in enumerate(text))
    )


UPGRADE = (
    b"Upgrade: websocket\r\nOrigin: http://127.0.0.1:8001\r\nSec-WebSocket-Version: 13\r\n",
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
)
SWITCHED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
DRAFT = b'{"sender":"li","text":"hi","client_message_id":"a1"}'
NOT_FOUND = b'{"type":"about:blank","title":"Not Found","status":404,"detail":"There is nothing at /api/nope."}'
POSTED = (b"Content-Type: application/json\r\n",)
SOCKET_IO = b"/socket.io/?EIO=4&transport="
OPEN = b'0{"sid":"AAAA","upgrades":["websocket"],"pingTimeout":20000,"pingInterval":25000,"maxPayload":65536}'

POLLING: Turns = [
    ("up", request(b"/api/rooms/lobby/short-poll?after=latest")),
    ("down", answer(b'{"cursor":"k3f9-42","messages":[]}', b'etag: "k3f9-42"\r\n')),
    ("up", request(b"/api/rooms/lobby/short-poll?after=k3f9-42", b'If-None-Match: "k3f9-42"\r\n')),
    ("down", b'HTTP/1.1 304 Not Modified\r\n%scache-control: no-store\r\netag: "k3f9-42"\r\n\r\n' % DATE),
    ("up", request(b"/api/rooms/lobby/messages", *POSTED, method=b"POST", body=DRAFT)),
    ("down", answer(MESSAGE, status=b"201 Created")),
    ("up", request(b"/api/rooms/lobby/long-poll?after=k3f9-42&timeout=25")),
    ("down", answer(b'{"cursor":"k3f9-44","messages":[%s,%s],"gap":true,"more":true}' % (MESSAGE, SECOND))),
    ("up", request(b"/api/rooms/lobby/long-poll?after=k3f9-44&timeout=25", method=b"HEAD")),
    ("down", answer(b'{"cursor":"k3f9-44","messages":[]}').partition(b"{")[0]),
    ("up", request(b"/api/nope") + request(b"/api/rooms/lobby/short-poll?after=k3f9-44")),
    ("down", answer(NOT_FOUND, status=b"404 Not Found", kind=b"application/problem+json")),
    ("down", answer(b'{"cursor":"k3f9-44","messages":[]}')),
]
EVENTS: Turns = [
    ("up", request(b"/mounted/api/rooms/lobby/sse", b"Last-Event-ID: k3f9-42\r\n")),
    ("down", chunked(b"retry: 2000\n\nid: k3f9-42\n\n", kind=b"text/event-stream; charset=utf-8")),
    ("down", chunk(b"id: k3f9-43\ndata: %s\n\n" % MESSAGE)),
    ("down", chunk(b": heartbeat\n\n") + chunk(b'event: gap\nid: k3f9-50\ndata: {"cursor":"k3f9-50"}\n\n')),
    ("down", chunk(b": heartbeat\n\nid: k3f9-44\nda") + chunk(b"ta: " + SECOND) + chunk(b"\n\n: heartbeat\n\n")),
    ("down", b"0\r\n\r\n"),
    ("up", request(b"/")),
    ("down", answer(b"<!doctype html>", kind=b"text/html")),
]
WEBSOCKET: Turns = [
    ("up", request(b"/api/rooms/lobby/ws?after=latest", *UPGRADE, b"Sec-WebSocket-Protocol: pushdemo.v1\r\n")),
    ("down", SWITCHED + frame(b'{"control":"joined","cursor":"k3f9-42"}')),
    ("up", masked(DRAFT)),
    ("down", frame(b'{"control":"ack","id":"k3f9-43","client_message_id":"a1"}') + frame(MESSAGE)),
    ("down", frame(b"abcd", 0x89)),
    ("up", masked(b"abcd", 0x8A) + masked(b"\x03\xe8", 0x88)),
    ("down", frame(b"\x03\xe8", 0x88)),
]
SOCKET_IO_POLLING: Turns = [
    ("up", request(SOCKET_IO + b"polling&t=abc")),
    ("down", packets(OPEN)),
    ("up", request(SOCKET_IO + b"polling&sid=AAAA", method=b"POST", body=b"40")),
    ("down", packets(b"OK")),
    ("up", request(SOCKET_IO + b"polling&sid=AAAA")),
    ("down", packets(b'40{"sid":"BBBB"}')),
    ("up", request(SOCKET_IO + b"polling&sid=AAAA", method=b"POST", body=b'420["join",{"room":"lobby","after":null}]')),
    ("down", packets(b"OK")),
    ("up", request(SOCKET_IO + b"polling&sid=AAAA")),
    ("down", packets(b'430[{"cursor":"k3f9-42"}]\x1e42["message",' + MESSAGE + b"]\x1e2")),
    ("up", request(SOCKET_IO + b"polling&sid=AAAA")),
    ("down", packets(b"6")),
]
SOCKET_IO_UPGRADE: Turns = [
    ("up", request(SOCKET_IO + b"websocket&sid=AAAA", *UPGRADE) + masked(b"2probe")),
    ("down", SWITCHED + frame(b"3probe")),
    ("up", masked(b"5")),
    ("up", masked(b'421["publish",{"room":"lobby","sender":"li","text":"hi"}]')),
    ("down", frame(b"2")),
    ("up", masked(b"3")),
    ("down", frame(b'42["message",%s]' % MESSAGE)),
]
ALL = {
    "polling": POLLING,
    "events": EVENTS,
    "websocket": WEBSOCKET,
    "socket-io-polling": SOCKET_IO_POLLING,
    "socket-io-upgrade": SOCKET_IO_UPGRADE,
}


def units_of(turns: Turns) -> list[Unit]:
    """Return the units of a conversation that comes turn by turn, and ends."""
    conversation = Conversation()
    units = [unit for direction, data in turns for unit in conversation.feed(direction, data)]
    return units + conversation.end("up") + conversation.end("down")


def sums(units: list[Unit], direction: Direction) -> dict[str, int]:
    """Return the bytes of a direction by account."""
    fields = [field for unit in units if unit.direction == direction for field in unit.fields]
    return {str(account): size for account, size in by_account(fields).items()}


def told(units: list[Unit], turns: Turns) -> str:
    """Return what a person sees of them, for messages of failed tests and for trying out."""
    sent = {way: b"".join(data for direction, data in turns if direction == way) for way in ("up", "down")}
    lines = []
    for unit in units:
        lines.append(f"{unit.number:3} {unit.direction:4} {unit.kind:9} {unit.technique}: {unit.label}")
        place = unit.offset
        for field in unit.fields:
            shown = sent[unit.direction][place : place + field.length]
            lines.append(f"      {field.account:12} {field.kind.name:24} {shown!r:.60} {field.value}")
            place += field.length
    return "\n".join(lines)

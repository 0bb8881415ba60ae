"""Units of a lab session in literal bytes, and the news that tells them."""

import base64
from typing import Any

Json = dict[str, Any]

AT = 1763791234567.25  # ms since 1970
FRAME = bytes.fromhex("818537fa213d7f9f4d5158")
"""The masked frame that RFC 6455 section 5.7 prints: "Hello" from a client."""
EVENT = b'3b\r\nid: k3f9-42\ndata: {"id":"k3f9-42","text":"Gr\xc3\xbc\xc3\x9fe"}\n\n\r\n'
REQUEST = b"GET /api/rooms/lobby/sse?after=latest HTTP/1.1\r\nHost: 127.0.0.1:8001\r\nAccept: text/event-stream\r\n\r\n"


def field(name: str, data: bytes, account: str, value: str = "", **others: Any) -> Json:
    meaning = {"meaning": f"What a {name} is for.", "source": "RFC 9112 section 2.1", "bits": []}
    return {"name": name, "bytes": data, "account": account, "value": value} | meaning | others


def bits(*parts: tuple[int, str, str]) -> list[Json]:
    return [{"width": width, "name": name, "value": value} for width, name, value in parts]


FIRST_BITS = [
    (1, "FIN", "1, the last fragment"),
    *((1, f"RSV{number}", "0") for number in (1, 2, 3)),
    (4, "opcode", "1, text"),
]
FRAME_FIELDS = [
    field("FIN, RSV, opcode", FRAME[:1], "framing", source="RFC 6455 section 5.2", bits=bits(*FIRST_BITS)),
    field("MASK, payload length", FRAME[1:2], "framing", bits=bits((1, "MASK", "1"), (7, "payload length", "5"))),
    field("masking key", FRAME[2:6], "framing", "37 fa 21 3d", meaning="Four random bytes, by which each is combined."),
    field("payload data", FRAME[6:], "payload", "Hello", source="RFC 6455 section 5.3"),
]
EVENT_FIELDS = [
    field("chunk size", EVENT[:4], "framing", "59 bytes follow", source="RFC 9112 section 7.1"),
    field("id", EVENT[4:16], "framing", "k3f9-42", source="WHATWG HTML, server-sent events"),
    field("data", EVENT[16:22], "framing", source="WHATWG HTML, server-sent events"),
    field("message", EVENT[22:-4], "payload", source="DESIGN.md section 2"),
    field("blank line", EVENT[-4:-2], "framing", "the event ends here", source="WHATWG HTML, server-sent events"),
    field("end of the chunk", EVENT[-2:], "framing", source="RFC 9112 section 7.1"),
]
REQUEST_FIELDS = [field("request line", REQUEST[:48], "http_headers")] + [
    field(line.split(b":")[0].decode().strip() or "end of the head", line, "http_headers")
    for line in REQUEST[48:].splitlines(keepends=True)
]
BODY_FIELDS = [field("body", bytes(range(256)) * 256, "page"), field("rest", b"end", "page")]
UNKNOWN_FIELDS = [
    field("not understood", b"\x16\x03\x01\x02\x00\x01", "unknown", "expected a request line", source="none")
]
ANSWER_FIELDS = [field("status line", b"HTTP/1.1 304 Not Modified\r\n\r\n", "http_headers")]
COMMENT_FIELDS = [field("comment", b"4\r\n:\n\n\n\r\n", "heartbeat")]


def unit(number: int, fields: list[Json], **others: Any) -> Json:
    """Return a unit as the live socket tells it, with its fields under "fields"."""
    accounts: dict[str, int] = {}
    for each in fields:
        accounts[each["account"]] = accounts.get(each["account"], 0) + len(each["bytes"])
    usual = {"connection": 3, "direction": "down", "kind": "event", "label": f"unit {number}", "technique": "sse"}
    told: Json = {"answers": None, "status": None, "messages": [], "empty": False, "whole": True, "offset": 0}
    times = {"sent_at": AT + 100 * number, "arrived_at": AT + 100 * number + 1.5}
    size = sum(accounts.values())
    return usual | told | times | {"number": number, "size": size, "accounts": accounts, "fields": fields} | others


REQUEST_LABEL = "GET /api/rooms/lobby/sse?after=latest"
UNITS = [
    unit(1, BODY_FIELDS, technique="page", kind="response", label="200 static/js/page.js", connection=1),
    unit(2, REQUEST_FIELDS, direction="up", kind="request", label=REQUEST_LABEL),
    unit(3, EVENT_FIELDS, label="message k3f9-42", messages=["k3f9-42"]),
    unit(4, COMMENT_FIELDS, kind="comment", label="comment"),
    unit(5, FRAME_FIELDS, direction="up", kind="frame", label="text frame", technique="websocket", connection=4),
    unit(6, UNKNOWN_FIELDS, kind="unknown", label="not understood", technique="page", whole=False),
    unit(7, ANSWER_FIELDS, kind="response", label="304", technique="short-poll", empty=True),
]


def in_full(told: Json, *, kept: bool = True) -> Json:
    """Return the bytes and fields of a unit, as the server would on demand."""
    fields: list[Json] = []
    offset = 0
    for each in told["fields"]:
        data = each["bytes"]
        fields.append({**each, "offset": offset, "length": len(data), "bytes": None})
        offset += len(data)
    whole = b"".join(each["bytes"] for each in told["fields"])
    return {"bytes": base64.b64encode(whole).decode() if kept else None, "fields": fields}


def news(units: list[Json], *, uncounted: int = 0) -> Json:
    """Return a message of the live socket that tells of these units and of nothing before them."""
    told = [{name: value for name, value in each.items() if name != "fields"} for each in units]
    sums: dict[str, Json] = {}
    connections: dict[int, Json] = {}
    size = {"up": 0, "down": uncounted}
    for each in told:
        usual = {"up": {}, "down": {}, "requests": 0, "empty": 0, "messages": 0}
        more = {"number": each["connection"], "opened_at": AT, "closed_at": None, "end": "open", "techniques": []}
        more |= {"size": {"up": 0, "down": 0}, "waiting": {"up": 0, "down": 0}, "up": {}, "down": {}}
        connection = connections.setdefault(each["connection"], usual | more)
        connection["techniques"] = list(dict.fromkeys([*connection["techniques"], each["technique"]]))
        for accounts in (connection, sums.setdefault(each["technique"], {"up": {}, "down": {}} | {"requests": 0})):
            for account, count in each["accounts"].items():
                way = accounts[each["direction"]]
                way[account] = way.get(account, 0) + count
        connection["size"][each["direction"]] += each["size"]
        size[each["direction"]] += each["size"]
    common = {"now": AT, "remarks": [], "missed": 0, "techniques": sums, "size": size}
    return common | {"units": told, "connections": list(connections.values())}

"""A capture as JSON: what pushdemo/lab/pcapng.py writes for Wireshark, without the packets that it makes up.

One object. Times are in milliseconds since 1970, sizes and offsets in bytes; `up` is from the client to the server.

    {
      "schema": 1,                    another number, if a reader of this could go wrong
      "application": "pushdemo 0.1.0",
      "opened": 2,                    all connections there were, and what passed on them, kept or gone
      "bytes_up": 1234,
      "bytes_down": 5678,
      "records_gone": 0,              how many records before the first one here are no longer kept
      "connections": [{               those that are open, and those of which a record is kept
        "number": 1,
        "client": ["127.0.0.1", 50001], or ["", 0], if it was gone at once
        "relay": ["127.0.0.1", 8001], the relay's own address, on this connection
        "opened_at": 1763791234567.0,
        "closed_at": null,            or when it was gone
        "bytes_up": 617,
        "bytes_down": 2839,
        "kept_from_up": 0,            the first offset of which the data is kept: so many bytes are gone
        "kept_from_down": 0
      }],
      "records": [                    in the order in which the relay did it
        {"connection": 1, "what": "opened", "at": 1763791234567.0},
        {"connection": 1, "what": "data", "at": 1763791234618.0, "direction": "up", "came_at": 1763791234568.0,
         "offset": 0, "data": "R0VUIC8="},
        {"connection": 1, "what": "told", "at": 1763791234619.0, "text": "an answer is held back"},
        {"connection": 1, "what": "ended", "at": 1763791234620.0, "direction": "up"}
      ]
    }

`what` is `opened`, `data`, `ended` (by FIN), `reset` (by RST), `closed` (it is gone), or `told`, a remark of what broke
the network. `data` came to the relay at `came_at`, was handed on at `at`, and is in base64 (RFC 4648 section 4).
"""

from typing import Literal

import msgspec

from pushdemo import __version__
from pushdemo.lab.capture import Capture, Record
from pushdemo.lab.connection import Address

MEDIA_TYPE = "application/json"
SCHEMA = 1


class _Connection(msgspec.Struct):
    number: int
    client: Address
    relay: Address
    opened_at: float
    closed_at: float | None
    bytes_up: int
    bytes_down: int
    kept_from_up: int
    kept_from_down: int


class _Record(msgspec.Struct, omit_defaults=True):
    connection: int
    what: str
    at: float
    direction: Literal["up", "down"] | None = None
    came_at: float | None = None
    offset: int | None = None
    data: bytes | None = None
    text: str | None = None


class _File(msgspec.Struct):
    schema: int
    application: str
    opened: int
    bytes_up: int
    bytes_down: int
    records_gone: int
    connections: list[_Connection]
    records: list[_Record]


def write(capture: Capture) -> bytes:
    """Return the file."""
    news = capture.since(0)
    file = _File(
        schema=SCHEMA,
        application=f"pushdemo {__version__}",
        opened=capture.opened_in_all,
        bytes_up=capture.bytes_up,
        bytes_down=capture.bytes_down,
        records_gone=news.missed,
        connections=_connections(capture),
        records=_records(capture, news.records),
    )
    return msgspec.json.encode(file)


def _connections(capture: Capture) -> list[_Connection]:
    return [
        _Connection(
            number=each.number,
            client=each.client,
            relay=each.relay,
            opened_at=_ms(capture, each.opened_at),
            closed_at=None if each.closed_at is None else _ms(capture, each.closed_at),
            bytes_up=each.bytes_up,
            bytes_down=each.bytes_down,
            kept_from_up=each.kept.up,
            kept_from_down=each.kept.down,
        )
        for each in capture.connections.values()
    ]


def _records(capture: Capture, records: list[Record]) -> list[_Record]:
    offsets: dict[tuple[int, bool], int] = {}
    for number, connection in capture.connections.items():
        offsets[number, True], offsets[number, False], _ = connection.kept
    written = []
    for record in records:
        one = _Record(record.number, record.what, _ms(capture, record.at))
        if record.what in {"data", "ended"}:
            one.direction = "up" if record.to_server else "down"
        if record.what == "data":
            one.came_at = _ms(capture, record.came_at)
            one.offset = offsets[record.number, record.to_server]
            one.data = record.data
            offsets[record.number, record.to_server] += len(record.data)
        elif record.what == "told":
            one.text = record.data.decode()
        written.append(one)
    return written


def _ms(capture: Capture, at: float) -> float:
    return round(capture.wall_ms(at), 3)  # a double holds no more

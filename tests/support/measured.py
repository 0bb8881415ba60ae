"""What a benchmark found, as /api/measured tells it, in round figures: 10 messages to 100 readers and to 1,000."""

from typing import Any

PUBLISHED = 10
SECONDS = 5.0
POST_US = 400.0

COSTS: dict[str, tuple[float, float, float]] = {
    "short-poll": (200.0, 0.0, 10.0),
    "long-poll": (15.0, 1000.0, 10.0),
    "sse": (6.0, 1000.0, 7.0),
    "websocket": (6.0, 1000.0, 15.0),
    "socket-io": (6.5, 1000.0, 60.0),
}
"""Microseconds for a poll or a delivery, and for a broadcast; KiB for a reader."""


def results() -> dict[str, Any]:
    """Return results.json, docs/results.md's, with the fields that the decision page reads."""
    return {
        "schema": 1,
        "kind": "run",
        "metadata": {"created": "2026-11-24T09:00:00+00:00", "machine": {"cpu": "Round CPU"}},
        "settings": {
            "clients": 100,
            "rate": 2.0,
            "duration_s": SECONDS,
            "text_bytes": 120,
            "poll_interval_s": 1.0,
            "browser_headers": False,
        },
        "sweep": {"clients": [100, 1000]},
        "runs": [_run(technique, clients) for clients in (100, 1000) for technique in COSTS],
    }


def _run(technique: str, clients: int) -> dict[str, Any]:
    unit_us, broadcast_us, kib = COSTS[technique]
    received = PUBLISHED * clients
    requests = {"short-poll": 5 * clients, "long-poll": 12 * clients}.get(technique, clients)
    units = {"short-poll": requests, "long-poll": received}.get(technique, received)
    is_poll = technique.endswith("poll")
    way = "frame" if technique in ("websocket", "socket-io") else "POST"
    return {
        "technique": technique,
        "point": {"clients": clients},
        "clients": clients,
        "seconds": SECONDS,
        "read_s": SECONDS,
        "published": PUBLISHED,
        "received": received,
        "requests": requests,
        "accounts": {
            "sent": _accounts(http_headers=120 * requests if is_poll else 0),
            "received": _accounts(
                payload=220 * received, framing=4 * received, http_headers=140 * requests if is_poll else 0
            ),
        },
        "server_cpu_s": (units * unit_us + PUBLISHED * (broadcast_us + POST_US)) / 1e6,
        "server_kib_per_client": kib,
        "sending": {
            "way": way,
            "messages": 100,
            "bytes_sent": 30_000,
            "bytes_received": 30_000,
            "accounts": {"sent": _accounts(), "received": _accounts()},
            "server_cpu_us_per_message": POST_US if way == "POST" else POST_US / 4,
        },
        "warnings": [],
    }


def _accounts(*, payload: int = 0, framing: int = 0, http_headers: int = 0) -> dict[str, int]:
    return {"payload": payload, "http_headers": http_headers, "framing": framing, "handshake": 0, "heartbeat": 0}

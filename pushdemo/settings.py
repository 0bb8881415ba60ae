"""Every interval and limit of the server: its unit, its default and the reason for it.

The command line makes one option of each field (`publish_rate` becomes `--publish-rate`), which can also be
given in the environment (`PUSHDEMO_PUBLISH_RATE`). Embedding applications pass a `Settings` of their own.
"""

import math
import re
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from typing import Any

MOST_SEND_BUFFER_KIB = 1_048_576
"""The system takes a size in bytes as an int of C."""
LAB_PORTS = re.compile(r"none|0|(?P<first>[1-9][0-9]{0,4})(-(?P<last>[1-9][0-9]{0,4}))?")
HOST_NAME = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")


def setting(default: Any, unit: str, reason: str) -> Any:
    """Return a dataclass field that carries its unit and the reason for its default."""
    return field(default=default, metadata={"unit": unit, "reason": reason})


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The numbers the server runs by.

    Raises:
        ValueError: a value is outside what the field can mean; the sentence names the field.
    """

    # Where it listens and who may come in.
    host: str = setting("127.0.0.1", "address", "only this machine; --lan opens it to the network")
    port: int = setting(8000, "TCP port", "0 takes any free port, which is then printed")
    allow_origin: tuple[str, ...] = setting(
        (), "origins", "web pages of other origins that may read and write, with CORS"
    )
    allow_host: tuple[str, ...] = setting(
        (), "names", "Host names beside loopback and the bound address (DNS rebinding)"
    )
    trusted_proxy: tuple[str, ...] = setting((), "addresses", "whose X-Forwarded-For and -Proto headers count")

    # The network to break.
    lab_ports: str = setting(
        "8001-8063", "TCP ports", "one for each lab session, two for each of a class of thirty; 0: any, none: no lab"
    )
    lab_grace_s: float = setting(30.0, "seconds", "a lab session whose page is gone may be found again for so long")
    lab_capture_kib: int = setting(2_048, "KiB", "of the bytes that crossed last, kept for each lab session")

    # What is kept.
    sender_characters: int = setting(64, "characters", "a name, not a text")
    text_characters: int = setting(4_000, "characters", "several screens of chat")
    body_bytes: int = setting(65_536, "bytes", "4,000 characters escaped as \\uXXXX surrogate pairs fit: 48,000 bytes")
    body_timeout_s: float = setting(10.0, "seconds", "a request's body has come by then")
    max_rooms: int = setting(10_000, "rooms", "bounds what strangers can make us keep")
    messages_kept: int = setting(
        100_000, "messages per room", "a term of chat; older ones are trimmed, readers see a gap"
    )

    # Who may connect, and how often they may publish.
    max_connections: int = setting(
        20_000, "connections", "readers, and as many Socket.IO sessions; none per address: a class sits behind one"
    )
    rooms_per_connection: int = setting(16, "rooms", "how many rooms one Socket.IO connection may join")
    publish_rate: int = setting(
        200, "publishes per second and address", "a class behind one address; 0 lifts this and sender_rate"
    )
    sender_rate: int = setting(10, "publishes per second and sender", "faster than anyone types; 0 = no limit")
    sender_burst: int = setting(30, "publishes", "what a sender may send at once after a silence")

    # Reading.
    history_messages: int = setting(50, "messages", "what a reader without a cursor gets first: a screen or two")
    poll_messages: int = setting(500, "messages", "the most one poll carries; then it says more")
    long_poll_timeout_s: int = setting(25, "seconds", "under the 30 s at which many proxies and clients give up")
    long_poll_max_timeout_s: int = setting(55, "seconds", "under nginx's proxy_read_timeout of 60 s")
    sse_retry_ms: int = setting(2_000, "milliseconds", "reconnection time told to EventSource")
    sse_heartbeat_s: float = setting(15.0, "seconds", "a comment this often: WHATWG HTML advises every 15 s or so")
    ws_ping_interval_s: float = setting(20.0, "seconds", "under the 60 s at which proxies cut idle connections")
    ws_ping_timeout_s: float = setting(20.0, "seconds", "a peer that does not pong is gone")
    socket_io_ping_interval_s: int = setting(25, "seconds", "Engine.IO's own default; whole seconds only")
    socket_io_ping_timeout_s: int = setting(20, "seconds", "Engine.IO's own default")
    socket_io_connect_timeout_s: float = setting(
        45.0, "seconds", "as Node's server: an Engine.IO session that sends no CONNECT"
    )
    slow_reader_s: float = setting(10.0, "seconds", "a reader that takes nothing for so long is closed and may resume")

    # Serving.
    send_buffer_kib: int = setting(
        64,
        "KiB",
        "asked of the system for a reader that does not read; left alone, it keeps megabytes",
    )
    by_tasks: bool = setting(False, "on or off", "a task for each reader, the usual way: slower, to compare")
    keep_alive_s: int = setting(5, "seconds", "uvicorn's default: an idle HTTP connection is closed after it")
    shutdown_s: int = setting(1, "seconds", "after this, handlers that did not end are cancelled")
    deflate: bool = setting(
        False, "on or off", "WebSocket only: fewer bytes; each message is compressed once, for all connections"
    )

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, bool | str | tuple):
                continue
            least = 0 if each.name in ("port", "publish_rate", "sender_rate") else 1 if isinstance(value, int) else 0.01
            if not least <= value < math.inf:  # nor nan, which is neither above nor below anything
                raise ValueError(f"{each.name} must be at least {least} {each.metadata['unit']}, not {value}")
        parse_ports(self.lab_ports)
        for name in self.allow_host:
            if HOST_NAME.fullmatch(name) is None:
                raise ValueError(f"allow_host takes names such as demo.example, without scheme and port; not {name!a}")
        for address in self.trusted_proxy:
            try:
                ip_network(address)
            except ValueError:
                raise ValueError(
                    f"trusted_proxy takes addresses such as 10.0.0.1 or 10.0.0.0/8; not {address!a}"
                ) from None
        if self.send_buffer_kib > MOST_SEND_BUFFER_KIB:
            raise ValueError(f"send_buffer_kib must be at most {MOST_SEND_BUFFER_KIB}, not {self.send_buffer_kib}")
        if self.port > 65_535:
            raise ValueError(f"port must be at most 65535, not {self.port}")
        if self.long_poll_timeout_s > self.long_poll_max_timeout_s:
            raise ValueError("long_poll_timeout_s must not be above long_poll_max_timeout_s")


def parse_ports(text: str) -> range:
    """Return the ports that `8001-8063`, `8001`, `0` (any that is free) or `none` stand for.

    Raises:
        ValueError: it is none of these.
    """
    match = LAB_PORTS.fullmatch(text)
    first = int(match["first"] or 0) if match else -1
    last = int(match["last"] or first) if match else -1
    if not match or not first <= last <= 65_535:
        raise ValueError(f"lab_ports are a range such as 8001-8063, one port, 0 for any, or none; not {text!a}")
    return range(0) if text == "none" else range(first, last + 1)

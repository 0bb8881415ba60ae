"""What a lab session's network is set to: its conditions, and the middleboxes on it."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from pushdemo.lab.relay import Conditions
from pushdemo.problems import Problem

MOST_DELAY_MS = 2_000
MOST_SECONDS = 3_600
MOST_HELD_BYTES = 1 << 20

Milliseconds = Annotated[float, Meta(ge=0, le=MOST_DELAY_MS)]
Seconds = Annotated[float, Meta(ge=0.1, le=MOST_SECONDS)]


class Network(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of a network; what is not given is as on this machine's loopback.

    Attributes:
        delay_ms: each way.
        jitter_ms: added to it, drawn evenly from 0 to this for each piece; nothing overtakes what came before it.
        bandwidth_kbit: 1,000 bits per second, of each connection and direction; None for no limit.
        seed: of the jitter.
        strip_upgrade: a proxy that takes `Upgrade` out of requests.
        buffer_bytes: a proxy that holds a response until it ends or so many bytes are there; None for none.
        idle_timeout_s: a proxy that closes a connection on which nothing has passed for so long; None for none.
        cache_s: a proxy that answers a GET from its store for so long, whatever `Cache-Control` says; None for none.
    """

    delay_ms: Milliseconds = 0
    jitter_ms: Milliseconds = 0
    bandwidth_kbit: Annotated[float, Meta(ge=1, le=10_000_000)] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**53)] = 1
    strip_upgrade: bool = False
    buffer_bytes: Annotated[int, Meta(ge=1, le=MOST_HELD_BYTES)] | None = None
    idle_timeout_s: Seconds | None = None
    cache_s: Seconds | None = None

    @property
    def conditions(self) -> Conditions:
        """What the relay does to all bytes."""
        return Conditions(self.delay_ms, self.jitter_ms, self.bandwidth_kbit)

    @property
    def proxies(self) -> tuple[object, ...]:
        """What the middleboxes are set to."""
        return (self.strip_upgrade, self.buffer_bytes, self.idle_timeout_s, self.cache_s)

    def changed(self, data: bytes) -> "Network":
        """Return the network with the settings that stand in a JSON object changed.

        Raises:
            Problem: 400, it is no JSON object; 422, a setting is unknown, or outside what it can mean.
        """
        changes = decode_object(data)
        try:
            return msgspec.convert(msgspec.structs.asdict(self) | changes, type=Network)
        except msgspec.ValidationError as error:
            raise Problem(422, f"A network has {', '.join(Network.__struct_fields__)}: {error}.") from None


def decode_object(data: bytes) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        Problem: 400, it is none.
    """
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Problem(400, f"Expected a JSON object: {error}.") from None

"""Who really stands behind a connection that another part of this process made to the server.

A relay's connections to the server all come from this machine. The server's limits count by address, so it must know
for whom each of them was made; a header could be forged by whoever speaks on that connection, this cannot: it is noted
here, by the connection's own address, before its first byte is sent.
"""

from typing import NamedTuple

from pushdemo.lab.timing import Clock

Address = tuple[str, int]
"""Host and port of a TCP socket."""

REMEMBERED_S = 5.0
"""So long after a connection is gone, for the server may still be about to take up what was sent before."""


class Standing(NamedTuple):
    """For whom a connection was made.

    Attributes:
        client: the address of the real peer.
        reached: the address at which it reached us.
        session: the id of the lab session whose port that is; None for one that is made by hand (handshake page).
    """

    client: Address
    reached: Address
    session: str | None = None


class Peers:
    """Notes of the connections that are made to the server from within, by their own address."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._standing: dict[Address, Standing] = {}

    def note(self, address: Address, standing: Standing) -> None:
        """Note for whom the connection is made that comes from `address`; call it before any byte is sent there."""
        self._standing[address] = standing

    def forget(self, address: Address, standing: Standing) -> None:
        """Forget in a while a connection that is gone; its port may be another's by then, whose note stays.

        At once would be too soon: who sends requests and resets would have them counted as the relay's own.
        """

        def forget_it() -> None:
            if self._standing.get(address) is standing:
                del self._standing[address]

        self._clock.call_later(REMEMBERED_S, forget_it)

    def behind(self, address: Address) -> Standing | None:
        """Return who stands behind the connection that comes from `address`; None if it stands for itself."""
        return self._standing.get(address)

    def __len__(self) -> int:
        return len(self._standing)

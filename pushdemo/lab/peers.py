"""Who really stands behind a connection that another part of this process made to the server.

A relay's connections to the server all come from this machine. The server's limits count by address, so it must know
for whom each of them was made; a header could be forged by whoever speaks on that connection, this cannot: it is noted
here, by the connection's own address, before its first byte is sent.
"""

from typing import NamedTuple

Address = tuple[str, int]
"""Host and port of a TCP socket."""


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

    def __init__(self) -> None:
        self._standing: dict[Address, Standing] = {}

    def note(self, address: Address, standing: Standing) -> None:
        """Note for whom the connection is made that comes from `address`; call it before any byte is sent there."""
        self._standing[address] = standing

    def forget(self, address: Address, standing: Standing) -> None:
        """Forget a connection that is gone; its port may be another's already, whose note stays."""
        if self._standing.get(address) is standing:
            del self._standing[address]

    def behind(self, address: Address) -> Standing | None:
        """Return who stands behind the connection that comes from `address`; None if it stands for itself."""
        return self._standing.get(address)

    def __len__(self) -> int:
        return len(self._standing)

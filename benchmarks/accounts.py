"""Bytes by what they are for. The accounts of a direction add up to its bytes, exactly."""

import msgspec


class Accounts(msgspec.Struct):
    """Where the bytes of one direction went.

    - `payload`: the messages themselves, as JSON; compressed, if they crossed the network so.
    - `http_headers`: request and response heads that are paid for each time (polls, POST), or once (event stream).
    - `framing`: what wraps a message: the envelope of a poll's answer, chunk sizes, SSE fields, WebSocket frame
      headers and masks, Engine.IO and Socket.IO packet heads, acknowledgements.
    - `handshake`: what is exchanged before the first message can come: the upgrade, Engine.IO's and Socket.IO's
      opening and the join, the cursor and the reconnection time that a stream begins with.
    - `heartbeat`: comments, pings and pongs, with their framing.
    """

    payload: int = 0
    http_headers: int = 0
    framing: int = 0
    handshake: int = 0
    heartbeat: int = 0

    @property
    def total(self) -> int:
        """The bytes of all accounts."""
        return self.payload + self.http_headers + self.framing + self.handshake + self.heartbeat

    def __add__(self, other: "Accounts") -> "Accounts":
        return Accounts(*(mine + theirs for mine, theirs in zip(self.values(), other.values(), strict=True)))

    def values(self) -> tuple[int, ...]:
        """Return the bytes, account by account, in the order of `NAMES`."""
        return (self.payload, self.http_headers, self.framing, self.handshake, self.heartbeat)


NAMES = Accounts.__struct_fields__


class BothWays(msgspec.Struct):
    """The accounts of what the clients sent and of what they received."""

    sent: Accounts
    received: Accounts

"""What may stand between the network and the server and change what passes: the box that changes nothing, and a chain.

Proxies, load balancers, firewalls and caches are such boxes; RFC 3234 calls them middleboxes. Those that know HTTP are
in middleboxes/. A box stands on one connection, at the server's end of the lines:

    client ~~~ lines ~~~ box --- server
"""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from pushdemo.lab.timing import Timer


class Ways(Protocol):
    """What a connection gives its box. Before the box is made and after it is gone, nothing of it has an effect."""

    def to_server(self, data: bytes) -> None: ...

    def to_client(self, data: bytes) -> None: ...

    def end_to_server(self) -> None:
        """Tell the server that nothing more comes (FIN); what is sent to it afterwards is dropped."""

    def end_to_client(self) -> None:
        """Tell the client that nothing more comes (FIN), behind what is under way to it."""

    def close(self) -> None:
        """End both ways in peace, and take nothing more from either."""

    def now(self) -> float:
        """Return the time by the relay's clock, in seconds."""
        ...

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer: ...

    def tell(self, text: str) -> None:
        """Remark, for who watches, what the box does."""


class Middlebox:
    """Stands before the server on one connection. This one passes all on as it comes; the others change one thing."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways

    def from_client(self, data: bytes) -> None:
        self.ways.to_server(data)

    def from_server(self, data: bytes) -> None:
        self.ways.to_client(data)

    def client_ended(self) -> None:
        """The client sends no more (FIN)."""
        self.ways.end_to_server()

    def server_ended(self) -> None:
        """The server sends no more (FIN)."""
        self.ways.end_to_client()

    def gone(self) -> None:
        """The connection is gone; cancel timers."""


BoxMaker = Callable[[Ways], Middlebox]
"""Makes the box of a connection."""


class Closed(Middlebox):
    """Stands where a box has closed both ways, and drops what still comes."""

    def from_client(self, data: bytes) -> None:
        pass

    def from_server(self, data: bytes) -> None:
        pass

    def client_ended(self) -> None:
        pass

    def server_ended(self) -> None:
        pass


class Chain(Middlebox):
    """Several boxes one after another, the first of them nearest to the client."""

    def __init__(self, ways: Ways, makers: tuple[BoxMaker, ...]) -> None:
        super().__init__(ways)
        self.boxes: list[Middlebox] = []
        for place, make in enumerate(makers):
            self.boxes.append(make(_Link(self, place)))

    def from_client(self, data: bytes) -> None:
        self.boxes[0].from_client(data)

    def from_server(self, data: bytes) -> None:
        self.boxes[-1].from_server(data)

    def client_ended(self) -> None:
        self.boxes[0].client_ended()

    def server_ended(self) -> None:
        self.boxes[-1].server_ended()

    def gone(self) -> None:
        for box in self.boxes:
            box.gone()


class _Link:
    """The ways of one box in a chain: to its neighbours, and behind the last ones to the connection."""

    def __init__(self, chain: Chain, place: int) -> None:
        self._chain = chain
        self._place = place
        self.close = chain.ways.close
        self.now = chain.ways.now
        self.call_later = chain.ways.call_later
        self.tell = chain.ways.tell

    @property
    def _before(self) -> Middlebox | None:
        return self._chain.boxes[self._place - 1] if self._place else None

    @property
    def _behind(self) -> Middlebox | None:
        return self._chain.boxes[self._place + 1] if self._place + 1 < len(self._chain.boxes) else None

    def to_server(self, data: bytes) -> None:
        box = self._behind
        if box is None:
            self._chain.ways.to_server(data)
        elif data:
            box.from_client(data)

    def to_client(self, data: bytes) -> None:
        box = self._before
        if box is None:
            self._chain.ways.to_client(data)
        elif data:
            box.from_server(data)

    def end_to_server(self) -> None:
        box = self._behind
        if box is None:
            self._chain.ways.end_to_server()
        else:
            box.client_ended()

    def end_to_client(self) -> None:
        box = self._before
        if box is None:
            self._chain.ways.end_to_client()
        else:
            box.server_ended()


def chain(*makers: BoxMaker) -> BoxMaker:
    """Make one of several boxes, named from the client to the server; of none, the one that changes nothing."""
    return partial(Chain, makers=makers) if makers else Middlebox

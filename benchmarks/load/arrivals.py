"""What arrives, noted as cheaply as can be: who got which message when."""

from array import array
from time import perf_counter_ns

import msgspec

NUMBER_DIGITS = 11
LARGEST_NUMBER = 2**32 - 1
"""What a column holds; a run has far fewer messages."""


class Carried(msgspec.Struct):
    """What the harness reads of a message."""

    id: str
    text: str


decode = msgspec.json.Decoder(Carried).decode


class Arrivals:
    """The arrivals of many clients, in the order they came; times are `perf_counter_ns`."""

    def __init__(self) -> None:
        self.client = array("I")
        self.message = array("I")
        self.at_ns = array("q")
        self.foreign = 0

    def __len__(self) -> int:
        return len(self.at_ns)

    def add(self, client: int, payload: bytes | msgspec.Raw, at_ns: int) -> str:
        """Note a message, and return its id, which is the cursor to go on from.

        Raises:
            ValueError: it is no message; nothing is noted of it.
        """
        carried = decode(payload)
        digits = carried.text[:NUMBER_DIGITS]
        if len(digits) == NUMBER_DIGITS and digits.isdecimal() and (number := int(digits)) <= LARGEST_NUMBER:
            self.client.append(client)
            self.message.append(number)
            self.at_ns.append(at_ns)
        else:
            self.foreign += 1  # somebody else wrote into the room
        return carried.id

    def keep_below(self, count: int) -> None:
        """Take for foreign what bears a number that none of the `count` messages of the run has."""
        if max(self.message, default=0) < count:
            return
        rows = list(zip(self.client, self.message, self.at_ns, strict=True))
        kept = [row for row in rows if row[1] < count]
        self.foreign += len(rows) - len(kept)
        self.client = array("I", (client for client, _, _ in kept))
        self.message = array("I", (message for _, message, _ in kept))
        self.at_ns = array("q", (at_ns for _, _, at_ns in kept))

    def extend(self, other: "Arrivals") -> None:
        """Add the arrivals of other clients."""
        self.client.extend(other.client)
        self.message.extend(other.message)
        self.at_ns.extend(other.at_ns)
        self.foreign += other.foreign


now_ns = perf_counter_ns
"""The one clock of publishing and arriving: monotonic, and on one machine the same in all processes."""

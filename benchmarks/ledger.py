"""The ledger of a run: what was expected, what came, and what came wrongly. It always balances:

expected = received + lost, and arrivals = received + duplicated.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from benchmarks.samples import Samples


class Ledger(NamedTuple):
    """Counts of messages (the first two) and of deliveries (the others); the names are those of `results.Run`.

    - `published`: messages sent to the server; `acknowledged`: those of them it promised to keep (201).
    - `expected`: one delivery of each message published to each client.
    - `received`: expected deliveries that came, each counted once. `lost`: those that never came.
    - `lost_acknowledged`: those of the lost whose message was acknowledged; only these break a promise.
    - `duplicated`: arrivals beyond what was expected: the same delivery again, or a message never published.
    - `reordered`: first arrivals of a message after one that stands behind it in the feed had come to the same client.
    """

    published: int
    acknowledged: int
    expected: int
    received: int
    lost: int
    lost_acknowledged: int
    duplicated: int
    reordered: int


def settle(samples: Samples, acknowledged: Collection[int], feed_numbers: Sequence[int] | None = None) -> Ledger:
    """Return the ledger of a run.

    Args:
        samples: the publishing times and every arrival, in the order they came.
        acknowledged: the numbers of the messages that the server answered with 201.
        feed_numbers: where each message stands in the feed, -1 where that is not known. Of two that were under way at
            once, the server may have taken the later one first. Without them, messages stand in the order of the run.
    """
    clients = samples.clients
    published = [message for message, sent_ns in enumerate(samples.sent_ns) if sent_ns >= 0]
    promised = set(acknowledged).intersection(published)
    arrived, reordered = _mark(samples, feed_numbers or range(len(samples.sent_ns)))
    expected = clients * len(published)
    received = arrived.count(1)
    came_of_promised = sum(arrived.count(1, message * clients, (message + 1) * clients) for message in promised)
    return Ledger(
        published=len(published),
        acknowledged=len(promised),
        expected=expected,
        received=received,
        lost=expected - received,
        lost_acknowledged=clients * len(promised) - came_of_promised,
        duplicated=len(samples) - received,
        reordered=reordered,
    )


def _mark(samples: Samples, feed_numbers: Sequence[int]) -> tuple[bytearray, int]:
    """Mark each expected delivery that came, message by message and client by client; count those out of order.

    One byte per expected delivery, in one flat array: a set of a million pairs would take a hundred times that.
    """
    clients, sent_ns = samples.clients, samples.sent_ns
    arrived = bytearray(clients * len(sent_ns))
    newest = [-1] * clients
    reordered = 0
    for client, message in zip(samples.client, samples.message, strict=True):
        if client >= clients or message >= len(sent_ns) or sent_ns[message] < 0:
            continue
        place = message * clients + client
        if arrived[place]:
            continue
        arrived[place] = 1
        number = feed_numbers[message]
        if number >= newest[client]:
            newest[client] = number
        elif number >= 0:
            reordered += 1
    return arrived, reordered

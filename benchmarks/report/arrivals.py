"""The first seconds: when messages were published and when they arrived, so that the rhythm of a technique is seen."""

from collections.abc import Sequence

from benchmarks.report.blocks import Paragraph, Picture, Section
from benchmarks.report.charts.timeline import Arrivals, Lane, Timeline
from benchmarks.report.groups import Group
from benchmarks.report.wording import counted, number
from benchmarks.samples import Samples

NS_PER_S = 1_000_000_000
MESSAGES = 7
MOST_MESSAGES = 40
MOST_CLIENTS = 20
INTERVALS = 2.0
"""At least so many poll intervals are shown, unless that were too many messages."""


def first_seconds(groups: Sequence[Group], samples: dict[int, Samples]) -> Section:
    """Return the section with the timeline."""
    title = "The first seconds"
    sampled = [(group, samples[group.indexes[0]]) for group in groups if group.indexes[0] in samples]
    sampled = [(group, found) for group, found in sampled if len(found)]
    if not sampled:
        return Section(title, [Paragraph("Nothing arrived, so there is no timeline.")])
    published = _published_s(sampled[0][1])
    until_s = _until_s(published, sampled[0][0].settings.poll_interval_s)
    lanes = [_lane(group, found, until_s) for group, found in sampled]
    shown = [at for at in published if at < until_s * 0.999]
    clients = counted(max(lane.rows for lane in lanes), "client")
    chart = Timeline(
        label=f"Arrivals in the first {number(until_s)} s: {counted(len(shown), 'message')} published, each arriving "
        f"at {clients} by {', '.join(lane.name for lane in lanes)}.",
        until_s=until_s,
        published_s=shown,
        lanes=lanes,
    )
    text = (
        f"Each dot is a message that arrived at a client; a lane has a line for each of {clients}. A stream answers "
        "publishing with an upright line; short polling lets each client wait until its own next poll."
    )
    return Section(title, [Paragraph(text), Picture(chart)])


def _published_s(samples: Samples) -> list[float]:
    pairs = zip(samples.intended_ns, samples.sent_ns, strict=True)
    return sorted(intended / NS_PER_S for intended, sent in pairs if sent >= 0)


def _until_s(published: Sequence[float], interval_s: float) -> float:
    """Return how many seconds to show: about as many as hold a handful of messages and two polls."""
    period = (published[-1] - published[0]) / (len(published) - 1) if len(published) > 1 else interval_s
    enough = max(published[min(MESSAGES, len(published)) - 1] + period, INTERVALS * interval_s)
    most = published[min(MOST_MESSAGES, len(published)) - 1] + max(period, interval_s)
    return min(enough, most)


def _lane(group: Group, samples: Samples, until_s: float) -> Lane:
    rows = chosen_clients(samples.clients)
    row_of = {client: row for row, client in enumerate(rows)}
    until_ns = until_s * NS_PER_S
    found: dict[int, list[tuple[float, int]]] = {}
    for client, message, received_ns in samples.deliveries():
        if received_ns < until_ns and client in row_of:
            found.setdefault(message, []).append((received_ns / NS_PER_S, row_of[client]))
    arrivals = [
        Arrivals(message, samples.intended_ns[message] / NS_PER_S, points) for message, points in sorted(found.items())
    ]
    return Lane(group.name, group.technique, len(rows), arrivals)


def chosen_clients(clients: int) -> list[int]:
    """Return up to twenty clients, evenly chosen, so that short polls of every phase are among them."""
    shown = min(clients, MOST_CLIENTS)
    return [number * clients // shown for number in range(shown)]

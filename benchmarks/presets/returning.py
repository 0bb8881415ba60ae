"""How the clients of a technique came back after a cut: from the notes of a run to figures, a table and charts."""

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.load.client import FIRST_BACKOFF_S
from benchmarks.plan import Plan
from benchmarks.report import Axis, LineChart, Paragraph, Picture, Pictures, Section, Series, Table
from benchmarks.report.groups import in_a_sentence, name_of
from benchmarks.report.wording import listed, ms, number, plain, whole
from benchmarks.run import Measured
from benchmarks.statistics import percentile

NS_PER_MS = 1_000_000
MS_PER_S = 1_000
RULE = "0 to 0.5 s, then 4 transits"
CONNECTIONS = {"socket-io": 2}
"""That a client opens where nothing is cut; 1 by the others. Socket.IO's first polls, its second is the WebSocket."""


class Return(NamedTuple):
    """How the clients came back; milliseconds since the cut, in rising order.

    `back_ms`: of each client that noticed a break, when it knew that it was reading again. `first_ms`: of each client,
    when the first message after the cut had come. `longest_ms`: the latency of the message that was latest.
    """

    technique: str
    clients: int
    back_ms: list[float]
    first_ms: list[float]
    longest_ms: float | None
    lost: int
    duplicated: int
    requests: int
    requests_without: float | None
    connections: int

    @property
    def connections_without(self) -> int:
        """How many connections there would have been without the cut."""
        return self.clients * CONNECTIONS.get(self.technique, 1)


def return_of(measured: Measured, cut_ns: int) -> Return:
    """Return how the clients of a run came back.

    Args:
        measured: the run, its samples and its breaks.
        cut_ns: when all connections were cut, in nanoseconds of the run.
    """
    run = measured.run
    return Return(
        technique=run.technique,
        clients=run.clients,
        back_ms=_since(cut_ns, {client: back_ns for client, _, back_ns in measured.breaks if back_ns > cut_ns}),
        first_ms=_since(cut_ns, first_after(measured, cut_ns)),
        longest_ms=run.latency_ms.max,
        lost=run.lost,
        duplicated=run.duplicated,
        requests=run.requests,
        requests_without=run.theory.requests,
        connections=run.connections_opened,
    )


def first_after(measured: Measured, cut_ns: int) -> dict[int, int]:
    """Return when the first message after the cut came to each client."""
    found: dict[int, int] = {}
    for client, _, received_ns in measured.samples.deliveries():
        if received_ns > cut_ns:
            found[client] = min(received_ns, found.get(client, received_ns))
    return found


def _since(cut_ns: int, times_ns: dict[int, int]) -> list[float]:
    return sorted((at_ns - cut_ns) / NS_PER_MS for at_ns in times_ns.values())


def at_share(sorted_ms: Sequence[float], share: float) -> float | None:
    """Return by when so many percent of those who came had come; None where nobody did."""
    return percentile(sorted_ms, share) if sorted_ms else None


# --- words, table, charts ---

RULES = (
    "Our clients do what pushdemo's own pages do, with two exceptions. A page leaves SSE to the browser's EventSource, "
    "which waits as long as the server's retry field says, 2 s, before it asks again: where our client takes 0 to "
    "0.5 s, Chromium came back after 2.04 s. And socket.io-client, told to begin with 0.5 s and full jitter, waits 0 "
    "to 1 s. A long poll that is cut while it is held is sent again at once by Chromium too: its page does not hear "
    "of it. So all readers by long polling come back in one wave, which full jitter is there to prevent. Each client "
    "draws the same wait by every technique, so curves may coincide."
)
NOTICING = (
    "A client notices that its connection is gone when it has something under way on it: a stream always, a long poll "
    "for as long as it is held, a short poll only in the moment between asking and being answered. For long polling, "
    "back is when the request that was sent again is answered."
)
RESETS = (
    "A cut is a reset (RST), which says at once that all is over. A network that falls silent says nothing: then a "
    "client notices after its heartbeats fail, and all of this takes longer. Means and theory in the rest of this "
    "report have the cut in them, and the models know nothing of one."
)


def section(returns: Sequence[Return], plan: Plan, cut_s: float) -> Section:
    """Return how the clients came back, in words, as a table and drawn."""
    half_ms = plan.delay_ms / 2
    lost = sum(each.lost for each in returns)
    outcome = (
        "nothing was lost: each client went on from its cursor."
        if lost == 0
        else f"{whole(lost)} deliveries were lost, which must not be: a cursor is there to prevent it."
    )
    what = (
        f"After {plain(cut_s)} s of publishing the relay reset all connections on both sides, {number(half_ms)} ms "
        f"after a message was published: it was under way, and gone. Yet {outcome}"
    )
    tables = [back_table(returns), outcome_table(returns)]
    texts = [Paragraph(text) for text in (RULES, NOTICING, RESETS)]
    return Section("The cut", [Paragraph(what, caution=lost > 0), pictures(returns, plan), *tables, *texts])


def back_table(returns: Sequence[Return]) -> Table:
    """Return when the clients were back."""
    head = ("", "noticed it", "reading again, half", "90 %", "the last", "first message, half", "90 %", "the last")
    rows = [
        (
            name_of(each.technique),
            f"{whole(len(each.back_ms))} of {whole(each.clients)}",
            *_percentiles(each.back_ms),
            *_percentiles(each.first_ms),
        )
        for each in returns
    ]
    caption = "Milliseconds after the cut until a client was reading again, and until it had its first message"
    return Table(caption, head, rows, row_accents=[each.technique for each in returns])


def _percentiles(sorted_ms: Sequence[float]) -> tuple[str | None, ...]:
    return tuple(ms(at_share(sorted_ms, share)) if sorted_ms else None for share in (50, 90, 100))


def outcome_table(returns: Sequence[Return]) -> Table:
    """Return what was lost, what was late and what it took."""
    head = (
        "",
        "lost",
        "came twice",
        "longest latency, ms",
        "requests",
        "without a cut",
        "connections",
        "without a cut",
    )
    rows = [
        (
            name_of(each.technique),
            whole(each.lost),
            whole(each.duplicated),
            ms(each.longest_ms),
            whole(each.requests),
            whole(each.requests_without),
            whole(each.connections),
            whole(each.connections_without),
        )
        for each in returns
    ]
    caption = "What became of the messages, and what it took; requests without a cut are those of the model"
    return Table(caption, head, rows, row_accents=[each.technique for each in returns])


def pictures(returns: Sequence[Return], plan: Plan) -> Pictures:
    """Return the share of clients that are back, over the time since the cut."""
    ways_ms = 4 * plan.delay_ms
    rule = [(0.0, 0.0), (ways_ms, 0.0), (ways_ms + FIRST_BACKOFF_S * MS_PER_S, 100.0)]
    noticed = [(each, each.back_ms) for each in returns if 2 * len(each.back_ms) > each.clients]
    others = [each.technique for each in returns if 2 * len(each.back_ms) <= each.clients]
    caption = (
        f"Not drawn: {listed([in_a_sentence(each) for each in others])}, where most clients noticed no break."
        if others
        else ""
    )
    again = _chart("Reading again", noticed, [Series(RULE, rule)])
    first = _chart("First message after the cut", [(each, each.first_ms) for each in returns], [])
    return Pictures(
        [Picture(again, "Reading again", caption), Picture(first, "First message after the cut")], columns=2
    )


def _chart(title: str, times: Sequence[tuple[Return, list[float]]], theory: Sequence[Series]) -> LineChart:
    end_ms = max((values[-1] for _, values in times if values), default=1.0)
    told = [f"{name_of(each.technique)} half after {ms(at_share(values, 50))} ms" for each, values in times]
    return LineChart(
        label=f"{title}: percent of the clients over the time since the cut. {'; '.join(told)}.",
        x=Axis("ms since the cut", low=0),
        y=Axis("% of the clients", low=0, high=100),
        series=[
            Series(name_of(each.technique), steps_of(values, each.clients, end_ms), each.technique, steps=True)
            for each, values in times
        ],
        theory=theory,
        theory_name=RULE,
        height=260,
    )


def steps_of(sorted_ms: Sequence[float], clients: int, end_ms: float) -> list[tuple[float, float]]:
    """Return the percentage of the clients that have come by each time, as corners of a line of steps."""
    points = [(0.0, 0.0), *((at_ms, 100 * count / clients) for count, at_ms in enumerate(sorted_ms, 1))]
    return [*points, (end_ms, points[-1][1])]

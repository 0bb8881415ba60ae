"""Clients over the delay they tolerate: what `capacity` says, in words, tables and a chart."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.presets import capacity
from benchmarks.presets.capacity import KEEP_ALIVE_S, Constants
from benchmarks.report import Axis, Dot, LineChart, Mark, Paragraph, Picture, Section, Series, Table
from benchmarks.report.blocks import Block
from benchmarks.report.groups import name_of
from benchmarks.report.wording import number, percent, plain, whole

DELAYS_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
MBIT = 1_000_000
PUBLISHED_CROSSING_S = 10.0
CAPTION = (
    "Solid: by CPU, a core at 70 %, extrapolated from small loads. Dashed across: the delay at which the two cross, as "
    "published and, if they do so, here."
)


class Check(NamedTuple):
    """A larger load: the share of a core that the constants foretell, and the share that was measured."""

    technique: str
    clients: int
    what: str
    foretold: float
    measured: float


class Carried(NamedTuple):
    """How many clients a technique carries at a tolerable delay, by CPU and by memory."""

    delay_s: float
    by_cpu: float
    by_memory: float | None

    @property
    def clients(self) -> float:
        """The lower of the two."""
        return self.by_cpu if self.by_memory is None else min(self.by_cpu, self.by_memory)


def polling(constants: Constants, delay_s: float, period_s: float, memory_gib: float) -> Carried:
    """Return how many clients short polling carries."""
    return Carried(
        delay_s,
        capacity.clients_by_cpu(capacity.polling_us_per_s(constants, delay_s, period_s)),
        capacity.clients_by_memory(constants.poll_kib, memory_gib, capacity.open_share(delay_s)),
    )


def streaming(constants: Constants, delay_s: float, period_s: float, memory_gib: float) -> Carried:
    """Return how many clients SSE carries, whatever delay they would tolerate."""
    return Carried(
        delay_s,
        capacity.clients_by_cpu(capacity.streaming_us_per_s(constants, period_s)),
        capacity.clients_by_memory(constants.stream_kib, memory_gib),
    )


def about(value: float | None) -> str | None:
    """Write what was worked out, with the two digits that mean something."""
    return None if value is None else whole(capacity.rounded(value))


def section(
    constants: Constants, checks: Sequence[Check], period_s: float, memory_gib: float, bytes_each: float | None
) -> Section:
    """Return what was measured, what follows from it, and how well it foretells a larger load.

    Args:
        constants: what was measured.
        checks: larger loads.
        period_s: from message to message.
        memory_gib: of the machine.
        bytes_each: what a stream receives for each message.
    """
    at = [
        (polling(constants, delay_s, period_s, memory_gib), streaming(constants, delay_s, period_s, memory_gib))
        for delay_s in DELAYS_S
    ]
    blocks: list[Block] = [
        Paragraph(
            "Measured are the constants, each from a small load of its own, and two larger loads to check them by. All "
            "numbers of clients beyond those are extrapolated: a core at 70 %, and 70 % of this machine's "
            f"{number(memory_gib)} GiB. The text has 4,000 characters, the most a message of pushdemo may have, "
            f"where the article's messages had 5.2 kB; there is one every {plain(period_s)} s."
        ),
        Paragraph(crossing_in_words(constants, period_s)),
        picture(constants, period_s, memory_gib),
        carried_table(at),
        Paragraph(other_limits(at[0][1], period_s, bytes_each)),
        constants_table(constants),
    ]
    if checks:
        blocks.append(check_table(checks))
    return Section("Clients that a core carries", blocks)


def crossing_in_words(constants: Constants, period_s: float) -> str:
    """Say where the two cross, or why they do not."""
    crossing_s = capacity.crossing_s(constants, period_s)
    if crossing_s is None:
        return (
            "By CPU the two do not cross here: what a message adds to a poll's answer costs more than all that a "
            "stream does for it. SSE carries more clients however late a message may be."
        )
    return (
        f"By CPU the two cross at a tolerable delay of {about(crossing_s)} s: of clients that bear more, short polling "
        "carries the greater number, as the article found from 10 s on. It hangs on the difference between what a "
        "message costs by SSE and in a poll, and moves from run to run more than any of the constants."
    )


def other_limits(stream: Carried, period_s: float, bytes_each: float | None) -> str:
    """Say what ends it before CPU does."""
    text = (
        f"From a delay of {plain(KEEP_ALIVE_S)} s on a poll finds its connection closed, for the server keeps none "
        "idle any longer: each opens another, which costs more CPU but holds less memory. A server of pushdemo takes "
        "20,000 connections unless told otherwise."
    )
    if bytes_each is None:
        return text
    mbit = stream.clients * bytes_each * 8 / period_s / MBIT
    return (
        f"{text} And there is the network: {about(stream.clients)} streams with {whole(bytes_each)} bytes every "
        f"{plain(period_s)} s are {about(mbit)} Mbit/s."
    )


def carried_table(at: Sequence[tuple[Carried, Carried]]) -> Table:
    """Return the clients over the tolerable delay."""
    head = ("tolerable delay", "polling, by CPU", "by memory", "SSE, by CPU", "by memory", "carries more")
    rows = [
        (
            f"{plain(polled.delay_s)} s",
            about(polled.by_cpu),
            about(polled.by_memory),
            about(streamed.by_cpu),
            about(streamed.by_memory),
            "short polling" if polled.clients > streamed.clients else "SSE",
        )
        for polled, streamed in at
    ]
    return Table("Clients that a core at 70 % carries: extrapolated", head, rows)


def constants_table(constants: Constants) -> Table:
    """Return what was measured."""
    rows: list[tuple[str, str, str]] = [
        ("a poll that finds nothing, on a connection that is kept", number(constants.kept_poll_us), "µs of CPU"),
        ("the same, on a connection of its own", number(constants.new_poll_us), "µs of CPU"),
        ("what a message adds to a poll", number(constants.polled_message_us), "µs of CPU"),
        ("a message by SSE", number(constants.streamed_message_us), "µs of CPU"),
        ("a stream in silence, heartbeats included", number(constants.stream_us_per_s), "µs of CPU each second"),
        ("a kept connection that polls", number(constants.poll_kib), "KiB of memory"),
        ("a stream", number(constants.stream_kib), "KiB of memory"),
    ]
    return Table("The constants: measured, at the server", ("", "measured", "unit"), rows)


def check_table(checks: Sequence[Check]) -> Table:
    """Return the larger loads: foretold and measured."""
    head = ("", "clients", "each", "foretold, of a core", "measured, of a core", "measured / foretold")
    rows = [
        (
            name_of(each.technique),
            whole(each.clients),
            each.what,
            percent(each.foretold),
            percent(each.measured),
            number(each.measured / each.foretold) if each.foretold else None,
        )
        for each in checks
    ]
    caption = "Larger loads, to check the constants by: what they foretell of the server's CPU, and what was measured"
    return Table(caption, head, rows, row_accents=[each.technique for each in checks])


# --- the chart ---


def picture(constants: Constants, period_s: float, memory_gib: float) -> Picture:
    """Return clients over tolerable delay, both logarithmic, with memory where it is the lower limit."""
    ways = (("short-poll", polling), ("sse", streaming))
    curves = {
        technique: [carry(constants, delay_s, period_s, memory_gib) for delay_s in _drawn_delays_s()]
        for technique, carry in ways
    }
    series = [
        _by_cpu(technique, curves[technique], [carry(constants, each, period_s, memory_gib) for each in DELAYS_S])
        for technique, carry in ways
    ]
    memory = [
        Series(f"{name_of(technique)}, by memory", points, technique)
        for technique, points in ((technique, list(_by_memory(curve))) for technique, curve in curves.items())
        if points
    ]
    crossing_s = capacity.crossing_s(constants, period_s)
    marks = [Mark(PUBLISHED_CROSSING_S, "published")]
    if crossing_s is not None and DELAYS_S[0] <= crossing_s <= DELAYS_S[-1]:
        marks.append(Mark(crossing_s, "here"))
    told = [f"{each.name} {about(each.points[0][1])} to {about(each.points[-1][1])} clients" for each in series]
    chart = LineChart(
        label=f"Clients that a core carries over the delay they tolerate, 1 to 60 s: {'; '.join(told)}.",
        x=Axis("tolerable delay, s, logarithmic", log=True, low=1, high=60, ticks=DELAYS_S),
        y=Axis("clients, logarithmic", log=True),
        series=series,
        theory=memory,
        marks=marks,
        theory_name="limit by memory",
    )
    return Picture(chart, "Clients that a core carries", CAPTION)


def _drawn_delays_s() -> list[float]:
    """Return where to draw: every second, and just before the one from which on a poll's connection is not kept."""
    first, last = int(DELAYS_S[0]), int(DELAYS_S[-1])
    return sorted({*map(float, range(first, last + 1)), KEEP_ALIVE_S - 0.001})


def _by_cpu(technique: str, curve: Sequence[Carried], marked: Sequence[Carried]) -> Series:
    name = name_of(technique)
    dots = [
        Dot(each.delay_s, each.by_cpu, f"{name}, {plain(each.delay_s)} s: {about(each.by_cpu)} clients")
        for each in marked
    ]
    return Series(name, [(each.delay_s, each.by_cpu) for each in curve], technique, dots)


def _by_memory(curve: Sequence[Carried]) -> Iterator[tuple[float, float]]:
    """Go through the limit by memory, if it is the lower one anywhere."""
    if any(each.by_memory is not None and each.by_memory < each.by_cpu for each in curve):
        yield from ((each.delay_s, each.by_memory) for each in curve if each.by_memory is not None)

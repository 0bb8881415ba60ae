"""The tables of figures: techniques side by side, sending, the ledger, and a sweep point by point."""

from collections.abc import Sequence

from benchmarks.report.blocks import Cell, Noted, Table
from benchmarks.report.figures import (
    CLOCK,
    LATENCY,
    MACHINE,
    OUTCOME,
    PER_DELIVERY,
    REQUESTS,
    Figure,
    bytes_per_delivery,
    mean_ms,
    requests_per_delivery,
)
from benchmarks.report.groups import Group, point_in_words, points_of
from benchmarks.report.wording import measured, ms, whole
from benchmarks.results import Run, Sending

Rows = list[Sequence[Cell] | str]


def figures_table(groups: Sequence[Group]) -> Table:
    """Return all figures, one technique beside the other; of repeated runs the median, and below it the range."""
    rows: Rows = ["Latency, from the intended publishing time"]
    rows += [_figure_row(figure, groups) for figure in LATENCY[:2]]
    rows.append(["theory holds", *[_holds(group) for group in groups]])
    rows += [_figure_row(figure, groups) for figure in LATENCY[2:]]
    if any(run.latency_from_sent_at_ms for group in groups for run in group.runs):
        rows += [_figure_row(figure, groups) for figure in CLOCK]
    for heading, figures in (
        ("For each delivered message", PER_DELIVERY),
        ("Requests of all clients", REQUESTS),
        ("Machine", MACHINE),
        ("Outcome", OUTCOME),
    ):
        rows.append(heading)
        rows += [_figure_row(figure, groups) for figure in figures]
    repeated = max((len(group.runs) for group in groups), default=1)
    caption = "Figures of each technique"
    if repeated > 1:
        caption += f": median of {repeated} runs, and the least and the most"
    names = ["", *[group.name for group in groups]]
    if any(group.point for group in groups):
        caption += f", at {point_in_words(groups[0].point)}"
    return Table(caption, names, rows, column_accents=[None, *[group.technique for group in groups]])


def _figure_row(figure: Figure, groups: Sequence[Group]) -> list[Cell]:
    name = f"{figure.name}, {figure.unit}" if figure.unit else figure.name
    return [name, *[Noted(figure.of(group), figure.range_of(group)) for group in groups]]


def _holds(group: Group) -> str | None:
    """Say of how many runs the theory holds: yes, no, 2 of 3."""
    judged = [run.theory.holds for run in group.runs if run.theory.holds is not None]
    if not judged:
        return None
    if len(judged) == 1 or all(judged) or not any(judged):
        return "yes" if judged[0] else "no"
    return f"{sum(judged)} of {len(judged)}"


def sending_table(groups: Sequence[Group]) -> Table | None:
    """Return what sending one message costs, by each technique's own way; None where it was not measured."""
    found = [(group, sending) for group in groups if (sending := group.runs[0].sending) is not None]
    if not found:
        return None
    head = [
        "",
        "way",
        "messages",
        "acknowledged",
        "mean, ms",
        "99 % within, ms",
        "sent, B",
        "received, B",
        "opening, once, B",
        "server CPU, µs",
    ]
    rows: Rows = [_sending_row(group, sending) for group, sending in found]
    caption = (
        "Sending, one client: latency from the intended time to the acknowledgement; bytes and CPU for each message"
    )
    return Table(caption, head, rows, row_accents=[group.technique for group, _ in found])


def _sending_row(group: Group, sending: Sending) -> list[Cell]:
    count = sending.messages
    up, down = sending.accounts.sent.handshake, sending.accounts.received.handshake
    return [
        group.name,
        sending.way,
        whole(count),
        whole(sending.acknowledged),
        ms(sending.latency_ms.mean),
        ms(sending.latency_ms.p99),
        whole((sending.bytes_sent - up) / count) if count else None,
        whole((sending.bytes_received - down) / count) if count else None,
        whole(up + down),
        measured(sending.server_cpu_us_per_message),
    ]


def ledger_table(groups: Sequence[Group]) -> Table:
    """Return what became of every message, run by run."""
    head = [
        "",
        "published",
        "acknowledged",
        "expected",
        "received",
        "lost",
        "of those acknowledged",
        "twice",
        "out of order",
        "bytes agree with the kernel",
    ]
    rows: Rows = []
    accents: list[str | None] = []
    points = points_of(groups)
    for point in points:
        if len(points) > 1:
            rows.append(point_in_words(point))
            accents.append(None)
        for group in groups:
            if group.point == point:
                rows += [_ledger_row(group, run) for run in group.runs]
                accents += [group.technique] * len(group.runs)
    caption = "Messages published and acknowledged; deliveries expected (published x clients), received and lost"
    if any(len(group.runs) > 1 for group in groups):
        caption += "; repeated runs are numbered"
    return Table(caption, head, rows, row_accents=accents)


def _ledger_row(group: Group, run: Run) -> list[Cell]:
    agrees = None if run.tcp_info_agrees is None else "yes" if run.tcp_info_agrees else "no"
    counts = (
        run.published,
        run.acknowledged,
        run.expected,
        run.received,
        run.lost,
        run.lost_acknowledged,
        run.duplicated,
        run.reordered,
    )
    name = f"{group.name} {run.repeat + 1}" if len(group.runs) > 1 else group.name
    return [name, *[whole(count) for count in counts], agrees]


SWEPT_FIGURES = (
    Figure("mean", "ms", mean_ms, ms),
    Figure("theory", "ms", lambda run: run.theory.latency_mean_ms, ms),
    Figure("99 % within", "ms", lambda run: run.latency_ms.p99, ms),
    Figure("requests per delivery", "", requests_per_delivery, measured),
    Figure("bytes per delivery", "B", bytes_per_delivery, whole),
    Figure("server CPU per delivery", "µs", lambda run: run.server_cpu_us_per_delivery, measured),
    Figure("memory per client", "KiB", lambda run: run.server_kib_per_client, measured),
    Figure("lost", "", lambda run: run.lost, whole),
)


def sweep_table(groups: Sequence[Group]) -> Table:
    """Return the figures of each technique at each point of a sweep."""
    head = ["", *[f"{each.name}, {each.unit}" if each.unit else each.name for each in SWEPT_FIGURES], "theory holds"]
    rows: Rows = []
    accents: list[str | None] = []
    for point in points_of(groups):
        rows.append(point_in_words(point))
        accents.append(None)
        for group in groups:
            if group.point == point:
                figures = [Noted(each.of(group), each.range_of(group)) for each in SWEPT_FIGURES]
                rows.append([group.name, *figures, _holds(group)])
                accents.append(group.technique)
    return Table("The sweep, point by point", head, rows, row_accents=accents)

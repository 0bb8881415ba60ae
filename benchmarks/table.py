"""Results in the terminal: one table of what was measured beside theory, one of sending, and the warnings.

A row has two lines, so that a hundred columns are enough: what belongs together stands one above the other. Where the
console has fewer, lines are longer than it, and no figure is cut.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from benchmarks.compare import FIGURES, LOST, Compared, Row
from benchmarks.report.figures import overhead_per_delivery, payload_per_delivery, per_delivery
from benchmarks.report.groups import Group, Point, grouped, name_of
from benchmarks.report.wording import NOT_AVAILABLE, listed, ms, number, percent, plain, whole
from benchmarks.results import Results, Run, Sending
from benchmarks.statistics import median

COLOURS = {
    "short-poll": "#E69F00",
    "long-poll": "#56B4E9",
    "sse": "#009E73",
    "websocket": "#D55E00",
    "socket-io": "#CC79A7",
}
"""Okabe and Ito's palette, as on the pages: the colour-blind can tell them apart, and none is the only sign."""

MOST_WIDTH = 1_000
"""Wider than any table becomes."""

Either = TypeVar("Either", Group, Row)


class Column(NamedTuple):
    """The head of a column, the unit below it, and what stands in the two lines of a cell."""

    head: str
    unit: str
    upper: Callable[[Group], str]
    lower: Callable[[Group], str] | None = None


def show(results: Results, console: Console) -> None:
    """Print what was measured."""
    groups = grouped(results)
    if results.interrupted:
        console.print(Text("Interrupted: this is what was measured until then.", style="bold"))
    _print(_table("What readers got", COLUMNS, groups), _legend(groups), console)
    if any(run.sending for run in results.runs):
        sending = [group for group in groups if any(run.sending for run in group.runs)]
        _print(_table("One client that sends", SENDING_COLUMNS, sending), SENDING_LEGEND, console)
    for line in _warnings(results.runs):
        console.print(line)


def show_comparison(rows: Sequence[Row], console: Console) -> None:
    """Print two results figure by figure: A, B below it, and B / A below that."""
    swept = _swept(row.point for row in rows)
    table = _empty_table("A against B", swept)
    table.add_column("")
    for figure in (*FIGURES, LOST):
        table.add_column(_head(figure.name, figure.unit), justify="right")
    for row, is_last in _with_lasts(rows):
        cells = (_three_lines(compared) for compared in row.figures)
        labels = Text("A\nB\nB / A", style="dim")
        table.add_row(*_point(row.point, swept), _name(row.technique), labels, *cells, end_section=is_last)
    _print(table, COMPARISON_LEGEND, console)


def _three_lines(compared: Compared) -> Text:
    ratio = NOT_AVAILABLE if compared.ratio is None else f"{compared.ratio:.2f}"
    return Text(f"{compared.figure.write(compared.a)}\n{compared.figure.write(compared.b)}\n{ratio}")


# --- the columns ---


def _median(get: Callable[[Run], float | None], write: Callable[[float | None], str]) -> Callable[[Group], str]:
    return lambda group: write(group.median(get))


def _overhead_share(run: Run) -> float | None:
    overhead, payload = overhead_per_delivery(run), payload_per_delivery(run)
    return overhead / (overhead + payload) if overhead is not None and payload else None


def _verdict(group: Group) -> str:
    """Return whether theory holds in every repeat that could be judged."""
    verdicts = [run.theory.holds for run in group.runs if run.theory.holds is not None]
    if not verdicts:
        return NOT_AVAILABLE
    if 0 < sum(verdicts) < len(verdicts):
        return f"holds in\n{sum(verdicts)} of {len(verdicts)}"
    return "holds" if verdicts[0] else "does not\nhold"


def _trouble(group: Group) -> str:
    """Return what went wrong: the worst of the repeats, for a median would hide what only one of three lost."""
    counts = ((run.lost, run.duplicated, run.reordered) for run in group.runs)
    return "/".join(whole(max(each)) for each in zip(*counts, strict=True))


def _empty(group: Group) -> str:
    """Return how many answers were empty; streams have none that could be."""
    is_polling = group.technique in ("short-poll", "long-poll")
    return f"({whole(group.median(lambda run: run.empty_answers))})" if is_polling else ""


COLUMNS = (
    Column("requests\n(empty)", "", _median(lambda run: run.requests, whole), _empty),
    Column("conn.", "", _median(lambda run: run.connections_opened, whole)),
    Column("mean", "ms", _median(lambda run: run.latency_ms.mean, ms)),
    Column("p50", "ms", _median(lambda run: run.latency_ms.p50, ms)),
    Column("p90", "ms", _median(lambda run: run.latency_ms.p90, ms)),
    Column("p99", "ms", _median(lambda run: run.latency_ms.p99, ms)),
    Column("max", "ms", _median(lambda run: run.latency_ms.max, ms)),
    Column("theory\nmean", "ms", _median(lambda run: run.theory.latency_mean_ms, ms), _verdict),
    Column(
        "bytes\nin\nout",
        "",
        _median(lambda run: per_delivery(run.bytes_received, run), whole),
        _median(lambda run: per_delivery(run.bytes_sent, run), whole),
    ),
    Column("over\nhead", "", _median(_overhead_share, percent)),
    Column("server\nCPU", "µs", _median(lambda run: run.server_cpu_us_per_delivery, number)),
    Column("memory", "KiB", _median(lambda run: run.server_kib_per_client, number)),
    Column("lost/\ndup./\nreord.", "", _trouble),
)


def _sending(get: Callable[[Sending], float | None], write: Callable[[float | None], str]) -> Callable[[Group], str]:
    return lambda group: write(median(get(run.sending) for run in group.runs if run.sending))


def _per_message(total: int, sending: Sending) -> float | None:
    return total / sending.messages if sending.messages else None


SENDING_COLUMNS = (
    Column("way", "", lambda group: next(run.sending.way for run in group.runs if run.sending)),
    Column("messages", "", _sending(lambda sending: sending.messages, whole)),
    Column("acknowl.", "", _sending(lambda sending: sending.acknowledged, whole)),
    Column("requests", "", _sending(lambda sending: sending.requests, whole)),
    Column("mean", "ms", _sending(lambda sending: sending.latency_ms.mean, ms)),
    Column("p50", "ms", _sending(lambda sending: sending.latency_ms.p50, ms)),
    Column("p99", "ms", _sending(lambda sending: sending.latency_ms.p99, ms)),
    Column("max", "ms", _sending(lambda sending: sending.latency_ms.max, ms)),
    Column("sent", "B", _sending(lambda sending: _per_message(sending.bytes_sent, sending), whole)),
    Column("received", "B", _sending(lambda sending: _per_message(sending.bytes_received, sending), whole)),
    Column("server CPU", "µs", _sending(lambda sending: sending.server_cpu_us_per_message, number)),
)

# --- the tables ---

SWEPT_HEADS = {
    "clients": "clients",
    "rate": "rate\n1/s",
    "poll_interval_s": "poll\ninterval\ns",
    "delay_ms": "delay\nms",
    "text_bytes": "text\nB",
}

LEGEND = (
    "Latency from the intended publishing time. Bytes that readers get (in) and send (out), overhead and server CPU: "
    "of one delivery; memory: the server's, per client."
)
REPEATS_LEGEND = " Medians over {} repeats; of what was lost, duplicated or reordered, the most."
SENDING_LEGEND = "Latency from the intended moment to the acknowledgement; bytes and server CPU: of one message."
COMPARISON_LEGEND = (
    "Received, sent and server CPU: of one delivery; memory: the server's, per client. Of repeats the median; of what "
    "was lost, the most."
)


def _empty_table(title: str, swept: Sequence[str]) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=0, show_edge=False
    )
    for option in swept:
        table.add_column(_head(SWEPT_HEADS.get(option, option), ""), justify="right")
    table.add_column("technique")
    return table


def _table(title: str, columns: Sequence[Column], groups: Sequence[Group]) -> Table:
    swept = _swept(group.point for group in groups)
    table = _empty_table(title, swept)
    for column in columns:
        table.add_column(_head(column.head, column.unit), justify="right")
    for group, is_last in _with_lasts(groups):
        cells = (_cell(column, group) for column in columns)
        table.add_row(*_point(group.point, swept), _name(group.technique), *cells, end_section=is_last)
    return table


def _print(table: Table, legend: str, console: Console) -> None:
    table.width = console.measure(table, options=console.options.update_width(MOST_WIDTH)).maximum
    console.print(table, crop=False)
    console.print(Padding(Text(legend, style="dim"), (0, 0, 1, 0)))


def _swept(points: Iterable[Point]) -> list[str]:
    """Return the options that were swept."""
    return list(dict.fromkeys(option for point in points for option, _ in point))


def _point(point: Point, swept: Sequence[str]) -> list[str]:
    values = dict(point)
    return [plain(values[option]) if option in values else "" for option in swept]


def _with_lasts(rows: Sequence[Either]) -> Iterator[tuple[Either, bool]]:
    """Go through the rows, and say of each whether it is the last of its point."""
    for place, row in enumerate(rows, 1):
        yield row, place == len(rows) or rows[place].point != row.point


def _head(head: str, unit: str) -> Text:
    return Text(f"{head}\n{unit}" if unit else head)


def _name(technique: str) -> Text:
    return Text(name_of(technique), style=COLOURS.get(technique, ""))


def _cell(column: Column, group: Group) -> Text:
    text = Text(column.upper(group))
    if column.lower is not None:
        lower = column.lower(group)
        text.append(f"\n{lower}", style="bold" if lower.startswith("does not") else "dim")
    return text


def _legend(groups: Sequence[Group]) -> str:
    repeats = max((len(group.runs) for group in groups), default=1)
    return LEGEND + (REPEATS_LEGEND.format(repeats) if repeats > 1 else "")


def _warnings(runs: Iterable[Run]) -> list[Text]:
    """Return each warning once, with the techniques that it is about."""
    found: dict[str, dict[str, None]] = {}
    for run in runs:
        for warning in run.warnings:
            found.setdefault(warning, {})[name_of(run.technique)] = None
    return [Text(f"{listed(list(names))}: {warning}") for warning, names in found.items()]

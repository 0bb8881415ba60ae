"""The report of a fan-out: what a delivery costs each server, by each technique, in floors and in microseconds."""

from collections.abc import Callable, Iterable, Sequence

from benchmarks.fanout.figures import FLOOR, UNITS, Fanout, Key, Spread
from benchmarks.report.blocks import Block, Cell, Conclusions, Noted, Paragraph, Picture, Pictures, Section, Table
from benchmarks.report.charts.axes import Axis
from benchmarks.report.charts.bars import Bar, BarChart, Group, Part
from benchmarks.report.fan_out_sentences import seen
from benchmarks.report.groups import in_a_sentence, name_of
from benchmarks.report.wording import listed, measured, ms, number, percent, plain, ratio, whole
from benchmarks.results import Results

NODE = "node"
BESIDE_NODE = ("socket-io", "long-poll")
"""Of these the ratio to Node's server stands in a table, too: their unit is of another technique."""

HOW_TO_READ = (
    "W broadcasts are under way at a time: when one has reached every reader, the next is published. One floor is what "
    "raw transports in Python spend on a delivery in the same repeat and with as many under way, one write for each "
    "delivery. For Socket.IO and long polling the floor's WebSocket is the unit, too, "
    "which was measured some minutes from them. Ratios are of figures of the same repeat; microseconds alone mean "
    "little, for on a shared machine they move twofold from one minute to the next. With several broadcasts under way "
    "a server may come below one floor: what is published while a round of writing lasts is joined, and goes out to "
    "each reader in one write."
)


def what_was_measured(results: Results) -> str:
    """Say in one sentence what was measured."""
    plan = results.settings
    techniques = listed([in_a_sentence(technique) for technique in plan.techniques])
    readers = "1 client reads" if plan.clients == 1 else f"{plain(plan.clients)} clients read"
    return (
        f"{readers} a room by {techniques}, while "
        f"{_under_way(results)} of messages with {plain(plan.text_bytes)} bytes of text are under way at a time, "
        f"for {plain(plan.duration_s)} s each."
    )


def settings_in_words(results: Results) -> list[tuple[str, str]]:
    """Return every setting with its unit."""
    plan = results.settings
    return [
        ("Clients", whole(plan.clients)),
        ("Under way", _under_way(results)),
        ("Text", f"{whole(plan.text_bytes)} bytes"),
        ("Each figure", f"{number(plan.duration_s)} s"),
        ("Repeated", f"{whole(plan.repeat)} {'time' if plan.repeat == 1 else 'times'}"),
        ("Seed", str(plan.seed)),
        ("Techniques", listed([name_of(technique) for technique in plan.techniques])),
        ("Servers", listed(Fanout(results.fanout).peers) or "none"),
    ]


def _under_way(results: Results) -> str:
    values = results.sweep.get("under_way", [])
    return f"{' or '.join(plain(value) for value in values)} {'broadcast' if values == [1] else 'broadcasts'}"


def fan_out(results: Results) -> Section:
    """Return the section with all figures, from `results.fanout` alone."""
    found = Fanout(results.fanout)
    blocks: list[Block] = [Paragraph(note) for note in results.notes]
    if not results.fanout:
        return Section("Fan-out", [*blocks, Paragraph("Nothing was measured.", caution=True)])
    if FLOOR in found.peers:
        blocks.append(Paragraph(HOW_TO_READ))
    blocks.append(Conclusions(seen(found)))
    blocks.append(Pictures([_picture(found, technique) for technique in found.techniques], columns=2))
    for technique in found.techniques:
        blocks += [_costs(found, technique), _rest(found, technique)]
        if technique in BESIDE_NODE and NODE in found.peers_by(technique):
            blocks.append(_beside_node(found, technique))
    blocks.append(_generator(found))
    return Section("Fan-out", blocks)


def fan_out_comparison(a: Results, b: Results) -> Section:
    """Return two results side by side; B / A where both have the figure."""
    one, other = Fanout(a.fanout), Fanout(b.fanout)
    keys = dict.fromkeys(Key(run.peer, run.technique, run.under_way) for run in (*a.fanout, *b.fanout))
    head = ["", "server", "under way", "µs: A", "B", "B / A", "floors: A", "B", "B / A", "p99, ms: A", "B", "B / A"]
    rows: list[list[Cell]] = []
    for key in keys:
        row: list[Cell] = [name_of(key.technique), key.peer, str(key.under_way)]
        row += _compared(one.cpu(key), other.cpu(key), measured)
        row += _compared(one.floors(key), other.floors(key), measured)
        p99_a, p99_b = (each.spread(key, lambda run: run.latency_ms.p99) for each in (one, other))
        row += _compared(p99_a, p99_b, ms)
        rows.append(row)
    return Section("A against B", [Table("Server CPU per delivery and latency, of repeats the median", head, rows)])


def _compared(a: Spread | None, b: Spread | None, write: Callable[[float | None], str]) -> list[Cell]:
    beside = ratio(b.median / a.median) if a is not None and b is not None and a.median else None
    return [_median(a, write), _median(b, write), beside]


# --- tables ---


def _costs(found: Fanout, technique: str) -> Table:
    """Return CPU per delivery, for each number under way in microseconds and in floors."""
    has_floor = FLOOR in found.peers
    head = [""]
    for under_way in found.under_way:
        head += [f"µs at {under_way}", f"floors at {under_way}"] if has_floor else [f"µs at {under_way}"]
    rows: list[list[Cell]] = []
    for peer in found.peers_by(technique):
        row: list[Cell] = [peer]
        for under_way in found.under_way:
            key = Key(peer, technique, under_way)
            row.append(_cell(found.cpu(key), _three_digits))
            if has_floor:
                row.append(_cell(found.floors(key), ratio))
        rows.append(row)
    caption = f"{name_of(technique)}: server CPU per delivery, with {_numbers(found.under_way)} under way"
    return _table(caption + _of_repeats(found, technique), head, rows, technique)


def _rest(found: Fanout, technique: str) -> Table:
    """Return latency, rate and memory."""
    most = max(found.under_way)
    head = ["", *[f"p99 at {under_way}, ms" for under_way in found.under_way]]
    head += [f"deliveries/s at {most}", "KiB per idle reader"]
    rows: list[list[Cell]] = []
    for peer in found.peers_by(technique):
        keys = [Key(peer, technique, under_way) for under_way in found.under_way]
        row: list[Cell] = [peer]
        row += [_median(found.spread(key, lambda run: run.latency_ms.p99), ms) for key in keys]
        row.append(_median(found.spread(Key(peer, technique, most), lambda run: run.deliveries_per_s), whole))
        row.append(_median(found.memory(peer, technique), measured))
        rows.append(row)
    return _table(f"{name_of(technique)}: latency, deliveries per second and memory", head, rows, technique)


def _beside_node(found: Fanout, technique: str) -> Table:
    """Return CPU per delivery as a part of what Node's server needs."""
    head = ["", *[f"at {under_way}" for under_way in found.under_way]]
    rows: list[list[Cell]] = []
    for peer in found.peers_by(technique):
        pairs = ((Key(peer, technique, each), Key(NODE, technique, each)) for each in found.under_way)
        rows.append([peer, *[_cell(Spread.of(found.ratios(*pair)), ratio) for pair in pairs]])
    caption = f"{name_of(technique)}: server CPU per delivery, in times of that of {NODE}"
    return _table(caption, head, rows, technique)


def _generator(found: Fanout) -> Table:
    """Return what the generator itself needed."""
    head = ["", *[f"µs at {under_way}" for under_way in found.under_way]]
    rows: list[Sequence[Cell] | str] = []
    for technique in found.techniques:
        rows.append(name_of(technique))
        for peer in found.peers_by(technique):
            keys = [Key(peer, technique, under_way) for under_way in found.under_way]
            rows.append([peer, *[_generator_cell(found, key) for key in keys]])
    return Table("The generator: its own CPU per delivery, and the share of its core", head, rows)


def _generator_cell(found: Fanout, key: Key) -> Cell:
    each = found.spread(key, lambda run: run.generator_cpu_us_per_delivery)
    share = found.spread(key, lambda run: run.generator_cpu_share)
    return None if each is None or share is None else Noted(measured(each.median), percent(share.median))


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], technique: str) -> Table:
    return Table(caption, head, rows, row_accents=[technique] * len(rows))


def _cell(spread: Spread | None, write: Callable[[float], str]) -> Cell:
    """Return a median with its range, in the digits that mean something."""
    if spread is None:
        return None
    text = write(spread.median)
    return Noted(text, f"{_short(spread.least)}–{_short(spread.most)}") if spread.repeats > 1 else text


def _three_digits(value: float) -> str:
    return measured(value) if value < 100 else whole(value)


def _short(value: float) -> str:
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 10 else whole(value)


def _median(spread: Spread | None, write: Callable[[float | None], str]) -> Cell:
    return None if spread is None else write(spread.median)


def _numbers(values: Iterable[int]) -> str:
    return listed([str(value) for value in values])


def _of_repeats(found: Fanout, technique: str) -> str:
    """Say of how many repeats the table is; where a turn failed or was interrupted, of some there are fewer."""
    keys = {Key(run.peer, run.technique, run.under_way) for run in found.runs if run.technique == technique}
    repeats = {len(found.of(key)) for key in keys}
    if max(repeats) == 1:
        return ""
    return f"; median of {'up to ' if len(repeats) > 1 else ''}{max(repeats)}, least and most"


# --- pictures ---


def _picture(found: Fanout, technique: str) -> Picture:
    groups = []
    for peer in found.peers_by(technique):
        bars = [_bar(found, Key(peer, technique, under_way)) for under_way in found.under_way]
        groups.append(Group(peer, [bar for bar in bars if bar is not None], technique))
    label = f"{name_of(technique)}: server CPU per delivery in microseconds, by server and broadcasts under way"
    chart = BarChart(label, Axis("server CPU per delivery, µs"), groups)
    return Picture(chart, name_of(technique), f"With {_numbers(found.under_way)} under way.", technique)


def _bar(found: Fanout, key: Key) -> Bar | None:
    cost, floors = found.cpu(key), found.floors(key)
    if cost is None:
        return None
    words = f"{measured(cost.median)} µs"
    if floors is not None and (key.peer, UNITS[key.technique]) != (FLOOR, key.technique):
        words += f", {ratio(floors.median)} floors"
    told = f"{key.peer}, {key.under_way} under way: {words}"
    return Bar(str(key.under_way), [Part(cost.median, "fill-payload", told)], words)

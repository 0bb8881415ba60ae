"""What was seen of a fan-out, in sentences made from the figures."""

from collections.abc import Iterator

from benchmarks.fanout.figures import FLOOR, UNITS, Fanout, Key, Spread, verdict
from benchmarks.report.groups import name_of
from benchmarks.report.sentences import Sentence
from benchmarks.report.wording import counted, listed, measured, percent, ratio, whole

OURS = "pushdemo"
BUSY_GENERATOR = 0.9
"""Of a core: from here on rates and latencies are those of the generator."""


def seen(found: Fanout) -> list[Sentence]:
    """Return what was seen: of pushdemo by each technique, of all deliveries, and of the generator."""
    return [*_by_technique(found), *_deliveries(found), *_generator(found)]


def _by_technique(found: Fanout) -> Iterator[Sentence]:
    for technique in found.techniques:
        peers = found.peers_by(technique)
        topic = name_of(technique)
        for peer in [OURS] if OURS in peers else [peer for peer in peers if peer != FLOOR]:
            if told := _in_floors(found, peer, technique):
                yield Sentence(topic, f"{peer} needs {told}.")
        if OURS not in peers:
            continue
        for other in peers:
            told = _beside(found, technique, other)
            is_told = other == OURS or (other == FLOOR and UNITS.get(technique) == technique)
            if told and not is_told:
                yield Sentence(topic, f"Beside {other}: {told}.")


def _in_floors(found: Fanout, peer: str, technique: str) -> str:
    """Say how many floors a delivery costs: 1.10 floors with 1 under way and 0.43 with 4."""
    costs = [(each, found.floors(Key(peer, technique, each))) for each in found.under_way]
    parts = [f"{ratio(spread.median)} with {each}" for each, spread in costs if spread is not None]
    if not parts:
        return ""
    parts[0] = parts[0].replace(" with ", " floors with ", 1) + " under way"
    return listed(parts)


def _beside(found: Fanout, technique: str, other: str) -> str:
    """Say where pushdemo needs less than another, and where more: less CPU with 4 under way (0.41 times)."""
    told: dict[str, list[tuple[int, str]]] = {}
    for under_way in found.under_way:
        ratios = found.ratios(Key(OURS, technique, under_way), Key(other, technique, under_way))
        if (spread := Spread.of(ratios)) is not None:
            told.setdefault(verdict(ratios), []).append((under_way, ratio(spread.median)))
    parts = []
    for words, places in told.items():
        numbers, ratios_told = (listed([str(place[part]) for place in places]) for part in (0, 1))
        parts.append(f"{words} with {numbers} under way ({ratios_told} times)")
    return "; ".join(parts).replace(" with ", " CPU with ", 1)


def _deliveries(found: Fanout) -> Iterator[Sentence]:
    trouble = [run for run in found.runs if run.lost or run.doubled or run.reordered]
    if not trouble:
        total = whole(sum(run.deliveries for run in found.runs))
        text = f"Of {total} deliveries that were measured none was lost, none came twice and all came in order."
        yield Sentence("Deliveries", text)
    for run in trouble:
        yield Sentence(
            "Deliveries",
            f"{run.peer} by {name_of(run.technique)}, {run.under_way} under way: {whole(run.lost)} lost, "
            f"{whole(run.doubled)} twice, {whole(run.reordered)} out of order.",
            bad=True,
        )


def _generator(found: Fanout) -> Iterator[Sentence]:
    costs = Spread.of(run.generator_cpu_us_per_delivery for run in found.runs)
    if costs is None:
        return
    text = f"It needed {measured(costs.least)} to {measured(costs.most)} µs of CPU per delivery itself."
    busy = [run for run in found.runs if run.generator_cpu_share >= BUSY_GENERATOR]
    if busy:
        text += (
            f" In {counted(len(busy), 'measurement')} of {whole(len(found.runs))} it used {percent(BUSY_GENERATOR)} of "
            "its core or more: there rates and latencies are as much its own as the server's. CPU per delivery depends "
            "on it least, but how many messages go out together does."
        )
    yield Sentence("Generator", text)

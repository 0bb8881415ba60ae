"""Conclusions in sentences, made from the numbers: each says what was measured, and is not said where nothing was."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.report.doubts import suspects
from benchmarks.report.figures import (
    empty_share,
    mean_ms,
    overhead_per_delivery,
    payload_per_delivery,
    requests_per_delivery,
)
from benchmarks.report.groups import Get, Group, in_a_sentence
from benchmarks.report.wording import counted, listed, measured, ms, percent, times, whole
from benchmarks.results import Run

AS_GOOD = 1.1
"""Figures that differ by less than a tenth are called equal: runs differ by as much."""

WORTH_A_RATIO = 1.5
"""From here on it is said how many times as much one costs as the other."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A conclusion: its topic, what it says, and whether it tells of something that went wrong."""

    topic: str
    text: str
    bad: bool = False


def conclusions(groups: Sequence[Group]) -> list[Sentence]:
    """Return the conclusions from groups at one point, topic by topic."""
    parts: tuple[Callable[[Sequence[Group]], Iterator[Sentence]], ...] = (
        _deliveries,
        _latency,
        _theory,
        _requests,
        _bytes,
        _server,
        _memory,
        _sending,
    )
    return [sentence for part in parts for sentence in part(groups)]


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _with(groups: Sequence[Group], get: Get) -> list[tuple[Group, float]]:
    """Return the groups that have a figure, and it, from the least to the most."""
    found = [(group, value) for group in groups if (value := group.median(get)) is not None]
    return sorted(found, key=lambda pair: pair[1])


def _names(groups: Sequence[Group]) -> str:
    return listed([in_a_sentence(group.technique) for group in groups])


def _apart(pairs: Sequence[tuple[Group, float]]) -> tuple[list[tuple[Group, float]], list[tuple[Group, float]]]:
    """Return those that are as good as the least, which is not below 0, and the others."""
    least = pairs[0][1]
    return [pair for pair in pairs if pair[1] <= least * AS_GOOD], [pair for pair in pairs if pair[1] > least * AS_GOOD]


def _deliveries(groups: Sequence[Group]) -> Iterator[Sentence]:
    runs = [run for group in groups for run in group.runs]
    total = sum(run.expected for run in runs)
    if not total:
        return
    wrong = [run for run in runs if run.lost or run.duplicated or run.reordered]
    if not wrong:
        received = sum(run.received for run in runs)
        deliveries = counted(total, "expected delivery", "expected deliveries")
        text = f"Of {deliveries} {whole(received)} came: nothing was lost, came twice or out of order."
        yield Sentence("Deliveries", text)
    for run in wrong:
        yield Sentence("Deliveries", _what_went_wrong(run), bad=True)


def _what_went_wrong(run: Run) -> str:
    expected = counted(run.expected, "expected delivery", "expected deliveries")
    parts = []
    if run.lost:
        parts.append(
            f"{whole(run.lost)} never came, {whole(run.lost_acknowledged)} of these of messages that the server had "
            "acknowledged"
        )
    if run.duplicated:
        parts.append(f"{whole(run.duplicated)} came twice")
    if run.reordered:
        parts.append(f"{whole(run.reordered)} came out of order")
    return f"{_capital(in_a_sentence(run.technique))}: of {expected} {'; '.join(parts)}."


def _latency(groups: Sequence[Group]) -> Iterator[Sentence]:
    pairs = _with(groups, mean_ms)
    if not pairs:
        return
    leaders, others = _apart(pairs)
    least, most = leaders[0][1], leaders[-1][1]
    names = _capital(_names([group for group, _ in leaders]))
    since = "on average from the intended publishing time"
    if len(pairs) == 1:
        yield Sentence("Latency", f"{names} delivered {ms(least)} ms {since}.")
    elif len(leaders) == 1:
        yield Sentence("Latency", f"{names} delivered fastest: {ms(least)} ms {since}.")
    else:
        text = f"{names} delivered equally fast: {ms(least)} to {ms(most)} ms {since}, less than a tenth apart."
        yield Sentence("Latency", text)
    if others and least > 0:
        told = [
            f"{in_a_sentence(group.technique)} took {ms(value)} ms, {times(value / least)} as long"
            for group, value in others
        ]
        yield Sentence("Latency", f"{_capital('; '.join(told))}.")


def _theory(groups: Sequence[Group]) -> Iterator[Sentence]:
    judged = [(group, run) for group in groups for run in group.runs if run.theory.holds is not None]
    if not judged:
        return
    failed = [(group, run) for group, run in judged if not run.theory.holds]
    if not failed:
        yield Sentence("Theory", "Every mean that was measured agrees with the model of its technique.")
        return
    text = f"{len(judged) - len(failed)} of {len(judged)} means agree with the model of their technique."
    yield Sentence("Theory", text, bad=True)
    for group, run in failed:
        text = f"{in_a_sentence(group.technique)} does not: theory says {ms(run.theory.latency_mean_ms)} ms, "
        text += f"{ms(run.latency_ms.mean)} ms were measured (tolerance {ms(run.theory.tolerance_ms)} ms). "
        text += f"To suspect: {'; '.join(suspects(run))}."
        yield Sentence("Theory", _capital(text), bad=True)


def _requests(groups: Sequence[Group]) -> Iterator[Sentence]:
    for group in groups:
        requests, empty = group.median(requests_per_delivery), group.median(empty_share)
        if requests is None or empty is None:
            continue
        text = (
            f"{_capital(in_a_sentence(group.technique))} sent {measured(requests)} requests for each delivered message"
        )
        text += f"; {percent(empty)} of the answers were empty." if empty else "; no answer was empty."
        yield Sentence("Requests", text)


def _bytes(groups: Sequence[Group]) -> Iterator[Sentence]:
    pairs = _with(groups, overhead_per_delivery)
    if not pairs:
        return
    payload = pairs[0][0].median(payload_per_delivery)
    start = f"Besides its payload of {whole(payload)} bytes a" if payload else "A"
    told = listed([f"{whole(value)} by {in_a_sentence(group.technique)}" for group, value in pairs])
    yield Sentence("Bytes", f"{start} delivered message cost, in bytes both ways: {told}.")
    (least, low), (most, high) = pairs[0], pairs[-1]
    if low > 0 and high / low >= WORTH_A_RATIO:
        text = f"The most, by {in_a_sentence(most.technique)}, is {times(high / low)} the least, by "
        yield Sentence("Bytes", f"{text}{in_a_sentence(least.technique)}.")


def _server(groups: Sequence[Group]) -> Iterator[Sentence]:
    pairs = _with(groups, lambda run: run.server_cpu_us_per_delivery)
    if pairs:
        yield _compared("Server", "A delivery took the server", pairs, "µs of CPU")


def _memory(groups: Sequence[Group]) -> Iterator[Sentence]:
    pairs = [pair for pair in _with(groups, lambda run: run.server_kib_per_client) if pair[1] > 0]
    if pairs:  # a process may also have given memory back meanwhile
        yield _compared("Server", "A client took the server", pairs, "KiB of memory")


def _compared(topic: str, start: str, pairs: Sequence[tuple[Group, float]], unit: str) -> Sentence:
    """Say what the least costs, and how many times as much the others do."""
    leaders, others = _apart(pairs)
    least, most = measured(leaders[0][1]), measured(leaders[-1][1])
    figures = least if least == most else f"{least} to {most}"
    parts = [f"{figures} {unit} by {_names([group for group, _ in leaders])}"]
    parts += [
        f"{measured(value)} by {in_a_sentence(group.technique)} ({times(value / leaders[0][1])})"
        for group, value in others
    ]
    return Sentence(topic, f"{start} {'; '.join(parts)}.")


def _sending(groups: Sequence[Group]) -> Iterator[Sentence]:
    """Compare sending by POST, as the first technique that does so measured it, with each that sends frames."""
    post = next((group for group in groups if _bytes_per_sending(group, "POST") is not None), None)
    by_post = _bytes_per_sending(post, "POST") if post else None
    if post is None or not by_post:
        return
    frames = [(group, each) for group in groups if (each := _bytes_per_sending(group, "frame")) is not None]
    if frames:
        parts = [f"By POST a message cost {whole(by_post)} bytes both ways{_acknowledged(post)}"]
        parts += [
            f"in a frame by {in_a_sentence(group.technique)} {whole(each)} bytes ({percent(each / by_post)} of that)"
            f"{_acknowledged(group)}"
            for group, each in frames
        ]
        yield Sentence("Sending", f"{'; '.join(parts)}. The opening of a connection is not among these bytes.")


def _bytes_per_sending(group: Group, way: str) -> float | None:
    """Return the bytes both ways of one message, without what opened the connection, which is paid once."""
    sending = group.runs[0].sending
    if sending is None or sending.way != way or not sending.messages:
        return None
    opening = sending.accounts.sent.handshake + sending.accounts.received.handshake
    return (sending.bytes_sent + sending.bytes_received - opening) / sending.messages


def _acknowledged(group: Group) -> str:
    sending = group.runs[0].sending
    if sending is None or sending.latency_ms.mean is None:
        return ""
    return f" and was acknowledged after {ms(sending.latency_ms.mean)} ms"

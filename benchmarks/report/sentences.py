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
from benchmarks.report.wording import counted, listed, ms, number, percent, times, whole

AS_FAST = 1.1
"""Means that differ by less than a tenth are called equally fast: runs differ by as much."""


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


def _each(pairs: Sequence[tuple[Group, float]], write: Callable[[float], str]) -> str:
    return listed([f"{in_a_sentence(group.technique)} {write(value)}" for group, value in pairs])


def _deliveries(groups: Sequence[Group]) -> Iterator[Sentence]:
    runs = [run for group in groups for run in group.runs]
    expected = sum(run.expected for run in runs)
    if not expected:
        return
    wrong = [run for run in runs if run.lost or run.duplicated or run.reordered]
    if not wrong:
        received = sum(run.received for run in runs)
        deliveries = counted(expected, "expected delivery", "expected deliveries")
        text = f"Of {deliveries} {whole(received)} came: nothing was lost, came twice or out of order."
        yield Sentence("Deliveries", text)
    for run in wrong:
        said = f"{in_a_sentence(run.technique)} lost {whole(run.lost)} of {counted(run.expected, 'delivery', 'deliveries')}"
        said += f" ({whole(run.lost_acknowledged)} of messages that the server had acknowledged)" if run.lost else ""
        said += f", {whole(run.duplicated)} came twice, {whole(run.reordered)} out of order."
        yield Sentence("Deliveries", _capital(said), bad=True)


def _latency(groups: Sequence[Group]) -> Iterator[Sentence]:
    pairs = _with(groups, mean_ms)
    if not pairs:
        return
    best = pairs[0][1]
    leaders = [(group, value) for group, value in pairs if value <= best * AS_FAST]
    others = pairs[len(leaders) :]
    most = leaders[-1][1]
    if len(leaders) == 1:
        text = (
            f"{_names([leaders[0][0]])} delivered fastest: {ms(best)} ms on average from the intended publishing time."
        )
    else:
        text = (
            f"{_names([group for group, _ in leaders])} delivered equally fast: {ms(best)} to {ms(most)} ms on average"
        )
        text += " from the intended publishing time (less than a tenth apart)."
    if len(pairs) > 1 or leaders:
        yield Sentence("Latency", _capital(text))
    if others and best > 0:
        compared = [
            f"{in_a_sentence(group.technique)} {ms(value)} ms ({times(value / best)})" for group, value in others
        ]
        yield Sentence("Latency", f"Longer took {listed(compared)}.")


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
        name = _capital(in_a_sentence(group.technique))
        text = f"{name} asked {times(requests)} for each delivered message"
        text += f"; {percent(empty)} of the answers were empty." if empty else "; no answer was empty."
        yield Sentence("Requests", text)


def _bytes(groups: Sequence[Group]) -> Iterator[Sentence]:
    pairs = _with(groups, overhead_per_delivery)
    if not pairs:
        return
    payload = pairs[0][0].median(payload_per_delivery)
    start = f"Besides its payload of {whole(payload)} bytes, a" if payload else "A"
    text = f"{start} delivered message cost, both ways and in bytes: {_each(pairs, whole)}."
    yield Sentence("Bytes", text)
    (least, low), (most, high) = pairs[0], pairs[-1]
    if low > 0 and high / low >= 1.5:
        text = f"That is {times(high / low)} as much overhead by {in_a_sentence(most.technique)} as by "
        yield Sentence("Bytes", f"{text}{in_a_sentence(least.technique)}.")


def _server(groups: Sequence[Group]) -> Iterator[Sentence]:
    pairs = _with(groups, lambda run: run.server_cpu_us_per_delivery)
    if pairs:
        yield _compared("Server", "A delivery took the server", pairs, "µs of CPU")


def _memory(groups: Sequence[Group]) -> Iterator[Sentence]:
    pairs = _with(groups, lambda run: run.server_kib_per_client)
    if pairs:
        yield _compared("Server", "A client took the server", pairs, "KiB of memory")


def _compared(topic: str, start: str, pairs: Sequence[tuple[Group, float]], unit: str) -> Sentence:
    (first, least), *rest = pairs
    text = f"{start} {number(least)} {unit} by {in_a_sentence(first.technique)}"
    if rest and least > 0:
        told = [
            f"{number(value)} by {in_a_sentence(group.technique)} ({times(value / least)})" for group, value in rest
        ]
        text += f", {listed(told)}"
    return Sentence(topic, f"{text}.")


def _sending(groups: Sequence[Group]) -> Iterator[Sentence]:
    """Compare sending by POST, as the first technique that does so measured it, with each that sends frames."""
    post = next((group for group in groups if _bytes_per_sending(group, "POST") is not None), None)
    if post is None:
        return
    by_post = _bytes_per_sending(post, "POST")
    for group in groups:
        by_frame = _bytes_per_sending(group, "frame")
        if by_frame and by_post:
            text = (
                f"To send a message cost {whole(by_post)} bytes both ways by POST, and {whole(by_frame)} in a frame of "
            )
            text += f"{in_a_sentence(group.technique)}: {_fewer(by_post, by_frame)}"
            yield Sentence("Sending", text + _sending_took(post, group) + ".")


def _fewer(by_post: float, by_frame: float) -> str:
    if by_frame <= by_post:
        return f"POST costs {times(by_post / by_frame)} as much"
    return f"the frame costs {times(by_frame / by_post)} as much"


def _bytes_per_sending(group: Group, way: str) -> float | None:
    sending = group.runs[0].sending
    if sending is None or sending.way != way or not sending.messages:
        return None
    return (sending.bytes_sent + sending.bytes_received) / sending.messages


def _sending_took(post: Group, frame: Group) -> str:
    one, other = post.runs[0].sending, frame.runs[0].sending
    if one is None or other is None or one.latency_ms.mean is None or other.latency_ms.mean is None:
        return ""
    return (
        f"; it was acknowledged after {ms(one.latency_ms.mean)} ms by POST, and {ms(other.latency_ms.mean)} ms by frame"
    )

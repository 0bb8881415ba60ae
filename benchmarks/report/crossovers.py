"""Sentences on where techniques cross in bytes; only of crossings that exist, with the constants they follow from."""

from collections.abc import Iterator, Sequence

from benchmarks.report.costs import (
    Constants,
    Crossing,
    crossings,
    interval_where_polling_is_cheaper,
    measured_constants,
)
from benchmarks.report.groups import Group, in_a_sentence
from benchmarks.report.sentences import Sentence
from benchmarks.report.wording import number, whole

TOPIC = "Crossings"


def crossovers(groups: Sequence[Group]) -> list[Sentence]:
    """Return where polling and the others cost the same number of bytes, for groups at one point."""
    known = {each.technique: each for each in measured_constants(groups)}
    polling = known.get("short-poll")
    if polling is None:
        return []
    rate = groups[0].settings.rate
    found: list[Sentence] = []
    for other in known.values():
        if other is not polling:
            found += _by_rate(polling, other)
            found += _by_interval(polling, other, rate)
    found += _openings(polling, list(known.values()))
    return found


def rate_in_words(rate: float) -> str:
    """Write a rate as a teacher would say it: 2 messages per second, one message every 6.2 s."""
    if rate >= 1:
        return f"{number(rate)} messages per second" if rate != 1 else "1 message per second"
    return f"one message every {number(1 / rate)} s"


def _by_rate(polling: Constants, other: Constants) -> Iterator[Sentence]:
    for crossing in crossings(polling, other):
        yield Sentence(TOPIC, _rate_sentence(crossing, polling, other))


def _rate_sentence(crossing: Crossing, polling: Constants, other: Constants) -> str:
    below, above = in_a_sentence(crossing.dearer), in_a_sentence(crossing.cheaper)
    text = f"At fewer than {rate_in_words(crossing.rate)} {below} costs fewer bytes than {above}, at more {above} does"
    if crossing.rate < 1:
        text = (
            f"At less than {rate_in_words(crossing.rate)} {below} costs fewer bytes than {above}, at more {above} does"
        )
    return f"{text}, with a poll every {number(polling.interval_s)} s ({_constants(polling, other)})."


def _by_interval(polling: Constants, other: Constants, rate: float) -> Iterator[Sentence]:
    if rate <= 0:
        return
    interval_s = interval_where_polling_is_cheaper(polling, other, rate)
    if interval_s is not None:
        text = f"At the {rate_in_words(rate)} of this run short polling costs fewer bytes than "
        text += (
            f"{in_a_sentence(other.technique)} if it asks every {number(interval_s)} s or less often; a message then "
        )
        text += f"takes {number(interval_s / 2)} s on average."
        yield Sentence(TOPIC, text)


def _openings(polling: Constants, known: Sequence[Constants]) -> Iterator[Sentence]:
    streams = [each for each in known if each.opening > 0]
    if streams and polling.each_request > 0:
        told = [
            f"{in_a_sentence(each.technique)} {whole(each.opening)} bytes, as much as "
            f"{number(each.opening / polling.each_request)} polls"
            for each in streams
        ]
        yield Sentence(TOPIC, f"A stream is paid for once per connection: {'; '.join(told)}.")


def _constants(polling: Constants, other: Constants) -> str:
    text = f"H = {whole(polling.each_request)} bytes for each short poll, "
    if other.technique == "long-poll":
        return f"{text}{whole(other.each_request)} for each long poll request"
    more = other.each_message - polling.each_message
    text += f"f = {number(more)} bytes more for each message by {in_a_sentence(other.technique)}"
    if other.heartbeat_per_s:
        text += f", b = {number(other.heartbeat_per_s)} bytes of heartbeats per second"
    return text

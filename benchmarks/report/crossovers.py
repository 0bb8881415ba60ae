"""Sentences on where techniques cross in bytes; only of crossings that exist, with the constants they follow from."""

from collections.abc import Callable, Sequence

from benchmarks.report.costs import Constants, crossings, interval_where_polling_is_cheaper, measured_constants
from benchmarks.report.groups import Group, in_a_sentence
from benchmarks.report.sentences import Sentence
from benchmarks.report.wording import counted, listed, number, whole

TOPIC = "Crossings"


def crossovers(groups: Sequence[Group]) -> list[Sentence]:
    """Return where short polling and the others cost the same number of bytes, for groups at one point."""
    polling, others = _apart(groups)
    if polling is None or not others:
        return []
    texts = [
        *_by_rate(polling, others),
        _by_interval(polling, others, groups[0].settings.rate),
        _openings(polling, others),
    ]
    return [Sentence(TOPIC, text) for text in texts if text]


def constants_in_words(groups: Sequence[Group]) -> str:
    """Name the formula and the constants that crossings follow from; nothing where there is no short polling."""
    polling, others = _apart(groups)
    if polling is None or not others:
        return ""
    parts = [f"H is {whole(polling.each_request)} bytes for each short poll"]
    parts += [f"{whole(each.each_request)} for each long poll request" for each in others if each.each_request]
    streams = [each for each in others if not each.each_request]
    texts = [", ".join(parts)]
    if streams:
        texts.append(f"f, besides the payload, {_listed(streams, lambda each: each.overhead_of_message)}")
    beating = [each for each in streams if each.heartbeat_per_s]
    if beating:
        texts.append(f"b, for heartbeats, {_listed(beating, lambda each: each.heartbeat_per_s)} in a second")
    told = "; ".join(texts)
    return f"Short polling costs H / T in a second, a stream \u03bb f + b at \u03bb messages per second: {told}."


def rate_in_words(rate: float) -> str:
    """Write a rate as one would say it: 2 messages per second, one message every 6.2 s."""
    if rate < 1:
        return f"one message every {number(1 / rate)} s"
    return f"{counted(rate, 'message')} per second" if rate == round(rate) else f"{number(rate)} messages per second"


def _apart(groups: Sequence[Group]) -> tuple[Constants | None, list[Constants]]:
    """Return what was measured of short polling, and of the others."""
    known = measured_constants(groups)
    polling = next((each for each in known if each.technique == "short-poll"), None)
    return polling, [each for each in known if each is not polling]


def _listed(streams: Sequence[Constants], get: Callable[[Constants], float]) -> str:
    return listed([f"{number(get(each))} by {in_a_sentence(each.technique)}" for each in streams])


def _by_rate(polling: Constants, others: Sequence[Constants]) -> list[str]:
    """Say from which rate on short polling is the cheaper one, and from which on it is the dearer one."""
    every = f"With a poll every {number(polling.interval_s)} s short polling costs"
    found = [(other, each) for other in others for each in crossings(polling, other)]
    cheaper = sorted((each.rate, other.technique) for other, each in found if each.cheaper == "short-poll")
    dearer = sorted((each.rate, other.technique) for other, each in found if each.dearer == "short-poll")
    texts = []
    if cheaper:
        texts.append(
            f"{every} fewer bytes than {_rates(cheaper)} messages per second: messages that come between two polls "
            "share the headers of one."
        )
    if dearer:
        texts.append(f"{every} more bytes than {_rates(dearer)} messages per second, and fewer below.")
    return texts


def _rates(pairs: Sequence[tuple[float, str]]) -> str:
    """Write technique after technique with the rate from which on something holds."""
    told = []
    for rate, technique in pairs:
        every = f" (one every {number(1 / rate)} s)" if rate < 1 else ""
        told.append(f"{in_a_sentence(technique)} above {number(rate)}{every}")
    return listed(told)


def _by_interval(polling: Constants, others: Sequence[Constants], rate: float) -> str:
    if rate <= 0:
        return ""
    pairs = [(interval_where_polling_is_cheaper(polling, other, rate), other.technique) for other in others]
    found = sorted((interval_s, technique) for interval_s, technique in pairs if interval_s is not None)
    if not found:
        return ""
    told = [
        f"{number(interval_s)} s to cost less than {in_a_sentence(technique)} (mean latency {number(interval_s / 2)} s)"
        for interval_s, technique in found
    ]
    return (
        f"At {rate_in_words(rate)}, as here, short polling would have to ask no more often than every {listed(told)}."
    )


def _openings(polling: Constants, others: Sequence[Constants]) -> str:
    streams = sorted((each for each in others if each.opening > 0), key=lambda each: each.opening)
    if not streams or polling.each_request <= 0:
        return ""
    told = [f"{number(each.opening / polling.each_request)} by {in_a_sentence(each.technique)}" for each in streams]
    return f"To open a stream costs, once for each connection, as many bytes as this many polls: {listed(told)}."

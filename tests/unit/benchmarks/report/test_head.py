"""The head says what was measured, under which conditions, and what speaks against it."""

import msgspec

from benchmarks.plan import Plan
from benchmarks.report.head import gathered_warnings, head, metadata_in_words, settings_in_words, what_was_measured
from tests.unit.benchmarks.made_up import METADATA, changed, made_up, only
from tests.unit.benchmarks.report.reading import cautions, paragraphs

QUICK = Plan(clients=10, duration_s=4)


def test_one_sentence_says_what_was_measured() -> None:
    results, _ = made_up(Plan(clients=1, rate=1, duration_s=2, techniques=("sse", "websocket")))
    assert what_was_measured(results) == (
        "1 client read a feed of 1 message per second, 120 bytes of text each, for 2 s, by SSE and WebSocket."
    )


def test_without_messages_there_was_silence() -> None:
    results, _ = made_up(Plan(clients=2, rate=0, duration_s=2, techniques=("sse",)))
    assert what_was_measured(results) == "2 clients read a feed in which there were no messages, for 2 s, by SSE."
    told = dict(settings_in_words(results.settings))
    assert (told["Rate"], told["Silence lasts"]) == ("no messages", "2 s")


def test_the_poll_interval_and_the_delay_are_told_where_they_matter() -> None:
    results, _ = made_up(Plan(clients=2, duration_s=2, poll_interval_s=0.5, delay_ms=50))
    text = what_was_measured(results)
    assert (
        "by short polling every 0.5 s, long polling, SSE, WebSocket and Socket.IO, with 50 ms of delay each way."
        in text
    )


def test_a_sweep_is_part_of_what_was_measured() -> None:
    results, _ = made_up(QUICK, sweep={"clients": [10, 100], "poll_interval_s": [1, 2]})
    assert what_was_measured(results).startswith("10 and 100 clients read a feed of 2 messages per second, ")
    assert "by short polling every 1 and 2 s, long" in what_was_measured(results)


def test_interruption_failures_and_warnings_come_first() -> None:
    results, _ = made_up(QUICK)
    results = changed(results, 0, warnings=["Late."])
    results = msgspec.structs.replace(results, interrupted=True, failures=["sse could not be measured: no."])
    assert cautions(head(results)) == [
        "The measurement was interrupted: what is shown was measured until then, the rest was not.",
        "sse could not be measured: no.",
        "Short polling: Late.",
    ]


def test_a_warning_is_told_once_with_all_who_have_it() -> None:
    results, _ = made_up(msgspec.structs.replace(QUICK, repeat=2))
    for index in (0, 1, 4):
        results = changed(results, index, warnings=["Late."])
    assert gathered_warnings(results) == ["Short polling and SSE (3 runs): Late."]


def test_of_warnings_that_differ_in_their_figures_the_worst_is_told() -> None:
    results, _ = made_up(QUICK)
    for index, share in ((0, "96%"), (2, "135%"), (3, "1,350.5%")):
        results = changed(results, index, warnings=[f"Something else used {share} of a core."])
    assert gathered_warnings(results) == [
        "Short polling, SSE and WebSocket (3 runs; the worst of them): Something else used 1,350.5% of a core."
    ]


def test_without_runs_the_head_says_so() -> None:
    results, _ = made_up(QUICK)
    assert cautions(head(only(results, []))) == ["No run was finished, so there are no figures."]


def test_what_is_emulated_is_told_only_where_something_is() -> None:
    assert paragraphs(head(made_up(QUICK)[0])) == []
    plan = msgspec.structs.replace(QUICK, delay_ms=50.0, bandwidth_kbit=1_000.0)
    (text,) = paragraphs(head(made_up(plan)[0]))
    assert "a delay of 50 ms each way and a bandwidth of 1,000 kbit/s each way and connection" in text
    assert "cannot delay a TCP handshake: the first bytes of a connection wait one round trip more instead" in text


def test_a_sweep_of_delays_is_emulated_too() -> None:
    (text,) = paragraphs(head(made_up(QUICK, sweep={"delay_ms": [0, 50]})[0]))
    assert "a delay of 0 and 50 ms each way" in text


def test_every_setting_is_told() -> None:
    names = {name for name, _ in settings_in_words(QUICK)}
    assert len(names) == len(Plan.__struct_fields__) - len({"arrivals", "processes", "techniques"})


def test_metadata_are_told_in_words() -> None:
    told = dict(metadata_in_words(METADATA))
    assert told["Measured"] == "2026-11-24 09:12:44 UTC"
    assert told["Machine"] == "made up, 2 cores, 8 GiB, Linux 6.12 x86_64"
    assert told["Clock"] == "perf_counter, resolution 1 ns"


def test_metadata_that_nobody_knows_are_told_all_the_same() -> None:
    told = metadata_in_words({"phase_of_the_moon": {"waxing": True, "age_days": 3.5, "name": None}, "nothing": None})
    assert told == [("Phase of the moon", "waxing yes, age days 3.5")]

"""The texts that are published, and what is noted of them when they arrive."""

import zlib

import pytest

from benchmarks.load.arrivals import LARGEST_NUMBER, NUMBER_DIGITS, Arrivals
from benchmarks.load.client import Notes
from benchmarks.load.publisher import SENDERS, draft, sender_of
from benchmarks.load.tally import Tally
from benchmarks.load.texts import WORDS, text_of
from benchmarks.plan import LEAST_TEXT_BYTES

SIZES = [*range(LEAST_TEXT_BYTES, 200), 255, 256, 999, 1_000, 3_999, 4_000]


def carrying(text: str, message_id: str = "k3f9-1") -> bytes:
    return b'{"id":"%b","room":"room","sender":"li","text":"%b","sent_at":1}' % (message_id.encode(), text.encode())


def noted(arrivals: Arrivals) -> list[tuple[int, int, int]]:
    assert len(arrivals) == len(arrivals.client) == len(arrivals.message)
    return list(zip(arrivals.client, arrivals.message, arrivals.at_ns, strict=True))


@pytest.mark.parametrize("number", [0, 7, 99_999_999_999])
def test_a_text_has_exactly_its_size_and_begins_with_its_number(number: int) -> None:
    for size in SIZES:
        text = text_of(number, size, seed=1)
        assert len(text) == len(text.encode()) == size
        assert int(text[:NUMBER_DIGITS]) == number
        assert text.startswith(f"{number:011d} "[:size])
        assert size <= LEAST_TEXT_BYTES or text.endswith(".")


def test_every_size_a_plan_allows_is_met() -> None:
    assert all(len(text_of(42, size, 3)) == size for size in range(LEAST_TEXT_BYTES, 4_001))


def test_texts_are_the_same_for_the_same_seed_and_differ_by_number_and_seed() -> None:
    assert text_of(1, 120, seed=1) == text_of(1, 120, seed=1)
    words = {text_of(number, 120, seed)[NUMBER_DIGITS:] for number in range(10) for seed in range(10)}
    assert len(words) == 100


def test_texts_are_words_that_compress_like_chat() -> None:
    text = text_of(1, 4_000, 1)
    assert set(text[NUMBER_DIGITS + 1 : -1].split()[:-1]) <= set(WORDS)
    assert 0.15 < len(zlib.compress(text.encode())) / len(text) < 0.5


def test_drafts_go_under_the_names_of_so_many_senders() -> None:
    assert len({sender_of(number) for number in range(100)}) == SENDERS
    assert draft(21, 12, 1) == b'{"sender":"bench-1","text":"00000000021 "}'


def test_an_arrival_is_noted_by_client_message_and_time_and_gives_the_cursor() -> None:
    arrivals = Arrivals()
    assert arrivals.add(3, carrying("00000000042 hi.", "k3f9-9"), 1_000) == "k3f9-9"
    assert arrivals.add(4, carrying(text_of(43, 120, 1), "k3f9-10"), 2_000) == "k3f9-10"
    assert noted(arrivals) == [(3, 42, 1_000), (4, 43, 2_000)]
    assert arrivals.foreign == 0


@pytest.mark.parametrize(
    "text",
    ["", "hi", "42", "0000000042", "0000000004x hi", "-0000000042 hi", " 0000000042", f"{LARGEST_NUMBER + 1:011d} hi"],
)
def test_what_somebody_else_wrote_is_counted_and_passed_over(text: str) -> None:
    arrivals = Arrivals()
    assert arrivals.add(3, carrying(text), 1_000) == "k3f9-1"
    assert (noted(arrivals), arrivals.foreign) == ([], 1)


def test_the_largest_number_fits() -> None:
    arrivals = Arrivals()
    arrivals.add(3, carrying(f"{LARGEST_NUMBER:011d} hi"), 1_000)
    assert noted(arrivals) == [(3, LARGEST_NUMBER, 1_000)]


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b'{"id":"k3f9-1"}', b'{"text":"hi"}', b'{"id":1,"text":"hi"}', b"\xff"]
)
def test_of_what_is_no_message_nothing_is_noted(payload: bytes) -> None:
    arrivals = Arrivals()
    with pytest.raises(ValueError):
        arrivals.add(3, payload, 1_000)
    assert (noted(arrivals), arrivals.foreign) == ([], 0)


def test_the_notes_of_several_processes_become_one() -> None:
    ours, theirs = Notes(), Notes()
    ours.arrivals.add(1, carrying("00000000001 hi"), 10)
    theirs.arrivals.add(2, carrying("00000000002 hi"), 5)
    theirs.arrivals.add(2, carrying("hi"), 6)
    theirs.breaks.append((2, 1, 2))
    theirs.refusals.append("full")
    theirs.tally.requests = 3
    ours.add(theirs)
    assert noted(ours.arrivals) == [(1, 1, 10), (2, 2, 5)]
    assert (ours.arrivals.foreign, ours.breaks, ours.refusals) == (1, [(2, 1, 2)], ["full"])
    assert ours.tally == Tally(requests=3)


def test_what_bears_a_number_of_no_message_of_the_run_is_foreign() -> None:
    arrivals = Arrivals()
    for number in (0, 7, 1):
        arrivals.add(5, b'{"id":"e-1","text":"%011d hi"}' % number, 9)
    arrivals.keep_below(2)
    assert (list(arrivals.client), list(arrivals.message), list(arrivals.at_ns)) == ([5, 5], [0, 1], [9, 9])
    assert arrivals.foreign == 1

"""How numbers and lists are written."""

import pytest

from benchmarks.report.wording import counted, listed, measured, ms, number, percent, plain, times, whole


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.5, "0.5"),
        (0.412, "0.412"),
        (4.1234, "4.12"),
        (41.23, "41.2"),
        (412.34, "412.3"),
        (12_345.6, "12,346"),
    ],
)
def test_a_figure_has_three_digits_that_mean_something(value: float, text: str) -> None:
    assert number(value) == (text if value != 0.5 else "0.500")


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (7.0, "7.00"), (59.0, "59.0"), (0.5, "0.500"), (1_234.0, "1,234")]
)
def test_what_was_measured_has_its_digits_even_if_it_is_whole(value: float, text: str) -> None:
    assert measured(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.41, "0.41"), (4.126, "4.13"), (41.23, "41.2"), (503.14, "503.1"), (1_004.2, "1,004")]
)
def test_milliseconds_are_written_to_what_can_be_told_apart(value: float, text: str) -> None:
    assert ms(value) == text


@pytest.mark.parametrize("write", [number, measured, ms, whole, percent])
@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_was_not_measured_is_not_available(write: object, value: float | None) -> None:
    assert callable(write)
    assert write(value) == "n/a"


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (1.8, "1.8"), (2.0, "2"), (44.4, "44"), (1_234_567, "1,234,567")]
)
def test_counts_and_bytes_are_whole(value: float, text: str) -> None:
    assert whole(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.5, "0.5"), (20, "20"), (10_000, "10,000"), (1e6, "1,000,000")])
def test_numbers_of_an_axis_are_plain(value: float, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.0012, "0.1 %"), (0.0954, "9.5 %"), (0.44, "44 %"), (0.996, "99.6 %"), (1, "100 %")],
)
def test_shares_are_written_in_percent(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(("ratio", "text"), [(1.34, "1.3 times"), (43.7, "44 times"), (1_234, "1,234 times")])
def test_ratios_are_written_as_times(ratio: float, text: str) -> None:
    assert times(ratio) == text


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_words_are_joined_as_a_sentence_does(parts: list[str], text: str) -> None:
    assert listed(parts) == text


def test_a_count_agrees_with_its_noun() -> None:
    assert counted(1, "client") == "1 client"
    assert counted(1_000, "client") == "1,000 clients"
    assert counted(2, "delivery", "deliveries") == "2 deliveries"

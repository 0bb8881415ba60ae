"""What forbids a comparison, in which words; and the figures of two results side by side."""

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from benchmarks.compare import Row, comparison, differences
from benchmarks.plan import Plan
from benchmarks.results import Results
from tests.unit.benchmarks.literal import LATENCY, METADATA, nothing_measured, results, run


def metadata(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return the metadata with one thing changed."""
    changed = copy.deepcopy(METADATA)
    change(changed)
    return changed


def row_of(a: Results, b: Results) -> dict[str, tuple[float | None, float | None, float | None]]:
    """Return the only row: each figure's A, B and ratio."""
    (row,) = comparison(a, b)
    return {compared.figure.name: (compared.a, compared.b, compared.ratio) for compared in row.figures}


# --- what forbids it ---


def test_two_results_of_the_same_settings_on_the_same_machine_can_be_compared() -> None:
    a, b = results(run("sse"), run("long-poll")), results(run("long-poll", lost=3), run("sse"))
    assert differences(a, b) == []


DIFFERENT = [
    ({"schema": 2}, "A and B differ in schema: 1 against 2."),
    ({"kind": "crossover"}, 'A and B differ in kind: "run" against "crossover".'),
    ({"settings": Plan(clients=200)}, "A and B differ in the setting clients: 100 against 200."),
    ({"settings": Plan(bandwidth_kbit=64)}, "A and B differ in the setting bandwidth_kbit: null against 64."),
    ({"settings": Plan(log="sqlite")}, 'A and B differ in the setting log: "memory" against "sqlite".'),
    ({"sweep": {"rate": [1.0, 2.0]}}, 'A and B differ in the sweep: {} against {"rate":[1.0,2.0]}.'),
    (
        {"metadata": metadata(lambda all_of_it: all_of_it["machine"].update(cpu="another"))},
        'A and B differ in the machine\'s cpu: "made up" against "another".',
    ),
    (
        {"metadata": metadata(lambda all_of_it: all_of_it["machine"].pop("cores"))},
        "A and B differ in the machine's cores: 2 against (not said).",
    ),
    (
        {"metadata": metadata(lambda all_of_it: all_of_it["machine"].update(governor="powersave"))},
        'A and B differ in the machine\'s governor: (not said) against "powersave".',
    ),
    (
        {"metadata": metadata(lambda all_of_it: all_of_it["software"].update(python="3.13.1"))},
        'A and B differ in the version of Python: "3.11.2" against "3.13.1".',
    ),
    (
        {"metadata": metadata(lambda all_of_it: all_of_it["software"].update(event_loop="uvloop"))},
        'A and B differ in the event loop: "asyncio" against "uvloop".',
    ),
    (
        {"runs": [run("sse"), run("websocket")]},
        'A and B differ in the techniques measured: ["sse"] against ["sse","websocket"].',
    ),
    ({"interrupted": True}, "A was not interrupted, B was."),
]


@pytest.mark.parametrize(("change", "sentence"), DIFFERENT, ids=[sentence for _, sentence in DIFFERENT])
def test_a_difference_is_told_in_a_sentence_with_both_values(change: dict[str, Any], sentence: str) -> None:
    assert differences(results(run()), results(run(), **change)) == [sentence]


def test_every_difference_is_told() -> None:
    a, b = results(run(), settings=Plan(seed=1, rate=1)), results(run("websocket"), settings=Plan(seed=2, rate=2))
    assert differences(a, b) == [
        "A and B differ in the setting rate: 1 against 2.",
        "A and B differ in the setting seed: 1 against 2.",
        'A and B differ in the techniques measured: ["sse"] against ["websocket"].',
    ]


@pytest.mark.parametrize(
    ("a", "b", "sentence"),
    [
        (True, False, "A was interrupted, B was not."),
        (False, True, "A was not interrupted, B was."),
        (True, True, "A and B were both interrupted."),
    ],
)
def test_an_interrupted_result_is_compared_with_none(a: bool, b: bool, sentence: str) -> None:
    assert differences(results(run(), interrupted=a), results(run(), interrupted=b)) == [sentence]


@pytest.mark.parametrize("name", ["commit", "created", "pushdemo"])
def test_what_a_comparison_is_made_for_may_differ(name: str) -> None:
    changed = metadata(lambda all_of_it: all_of_it.update({name: "another"}))
    assert differences(results(run()), results(run(), metadata=changed)) == []


def test_a_library_may_differ() -> None:
    changed = metadata(lambda all_of_it: all_of_it["software"].update(uvicorn="0.99.0"))
    assert differences(results(run()), results(run(), metadata=changed)) == []


def test_metadata_that_say_nothing_are_equal_to_each_other_only() -> None:
    silent = results(run(), metadata={})
    assert differences(silent, silent) == []
    assert "A and B differ in the machine's cores: (not said) against 2." in differences(silent, results(run()))


def test_the_order_of_the_techniques_does_not_matter() -> None:
    a = results(run("sse"), run("websocket"), settings=Plan(techniques=("sse", "websocket")))
    b = results(run("websocket"), run("sse"), settings=Plan(techniques=("websocket", "sse")))
    assert differences(a, b) == []


# --- the figures ---


def test_each_figure_stands_beside_the_others_with_its_ratio() -> None:
    changed = run(
        latency_ms=msgspec.structs.replace(LATENCY, mean=103.0, p50=25.5, p99=617.0),
        requests=550,
        bytes_sent=440_000,
        bytes_received=200_000,
        server_cpu_us_per_delivery=8.5,
        server_kib_per_client=23.0,
        lost=5,
    )
    assert row_of(results(run()), results(changed)) == {
        "mean": (51.5, 103.0, 2.0),
        "p50": (51.0, 25.5, 0.5),
        "p99": (1_234.0, 617.0, 0.5),
        "requests": (1_100, 550, 0.5),
        "received": (400.0, 100.0, 0.25),
        "sent": (110.0, 220.0, 2.0),
        "server CPU": (4.25, 8.5, 2.0),
        "memory": (11.5, 23.0, 2.0),
        "lost": (0, 5, None),
    }


def test_where_either_was_not_measured_there_is_no_ratio() -> None:
    there_and_back = [row_of(results(run()), results(nothing_measured()))]
    there_and_back.append(row_of(results(nothing_measured()), results(run())))
    for found in there_and_back:
        for name in ("mean", "p50", "p99", "received", "sent", "server CPU", "memory"):
            assert None in found[name][:2]
            assert found[name][2] is None


def test_repeats_count_by_their_median_and_losses_by_their_worst() -> None:
    repeats = [
        run(repeat=repeat, requests=requests, lost=lost)
        for repeat, requests, lost in [(0, 9, 0), (1, 10, 7), (2, 50, 0)]
    ]
    found = row_of(results(*repeats), results(run(requests=20)))
    assert (found["requests"], found["lost"]) == ((10, 20, 2.0), (7, 0, 0.0))


def test_each_technique_and_each_point_of_a_sweep_has_a_row() -> None:
    runs = [run(technique, point={"rate": rate}) for rate in (1.0, 2.0) for technique in ("long-poll", "sse")]
    rows = comparison(results(*runs), results(*runs))
    assert [(row.technique, row.point) for row in rows] == [
        ("long-poll", (("rate", 1.0),)),
        ("sse", (("rate", 1.0),)),
        ("long-poll", (("rate", 2.0),)),
        ("sse", (("rate", 2.0),)),
    ]
    assert {compared.ratio for row in rows for compared in row.figures} == {1.0, None}


def test_what_only_one_of_them_has_still_has_its_row() -> None:
    rows: list[Row] = comparison(results(run("sse")), results(run("websocket")))
    assert [row.technique for row in rows] == ["sse", "websocket"]
    assert all(compared.a is not None and compared.b is None for compared in rows[0].figures)
    assert all(compared.a is None and compared.b is not None for compared in rows[1].figures)
    assert all(compared.ratio is None for row in rows for compared in row.figures)


def test_results_without_runs_have_no_rows() -> None:
    assert comparison(results(), results()) == []

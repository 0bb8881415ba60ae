"""The tables as they stand in a terminal, to the character."""

import io
from collections.abc import Callable
from textwrap import dedent

import msgspec
import pytest
from rich.console import Console

from benchmarks.compare import comparison
from benchmarks.plan import TECHNIQUES
from benchmarks.results import Results, Run
from benchmarks.table import show, show_comparison
from tests.unit.benchmarks.literal import SENDING, judged, nothing_measured, results, run


def printed(print_on: Callable[[Console], None], width: int = 100) -> str:
    """Return what a console of this width gets, without the blanks at the ends of lines."""
    file = io.StringIO()
    print_on(Console(file=file, width=width, color_system=None))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def shown(*runs: Run, width: int = 100) -> str:
    return printed(lambda console: show(results(*runs), console), width)


def row(text: str, name: str) -> list[str]:
    """Return the cells of the first row of a technique."""
    (line,) = [line for line in text.splitlines() if line.startswith(name)]
    return line.removeprefix(name).split()


def below(text: str, name: str) -> list[str]:
    """Return the cells of the second line of a technique's row."""
    lines = text.splitlines()
    (place,) = [place for place, line in enumerate(lines) if line.startswith(name)]
    return lines[place + 1].split()


def test_the_whole_of_it() -> None:
    runs = [run("long-poll", sending=SENDING, warnings=["the machine was busy."]), nothing_measured("websocket")]
    assert shown(*runs) == dedent("""\
        What readers got
                                                               theory bytes      server            lost/
                     requests       mean  p50  p90   p99   max   mean    in over    CPU memory     dup./
        technique     (empty) conn.   ms   ms   ms    ms    ms     ms   out head     µs    KiB    reord.
        ────────────────────────────────────────────────────────────────────────────────────────────────
        Long polling    1,100   100 51.5 51.0 61.0 1,234 2,345   50.2   400 60 %   4.25   11.5     0/0/0
                         (80)                                   holds   110
        WebSocket       1,100   100  n/a  n/a  n/a   n/a   n/a   50.2   n/a  n/a    n/a    n/a 2,000/0/0
                                                                  n/a   n/a
        Latency from the intended publishing time. Bytes that readers get (in) and send (out), overhead and
        server CPU: of one delivery; memory: the server's, per client.

        One client that sends
                                                     mean  p50  p99  max sent received server CPU
        technique     way messages acknowl. requests   ms   ms   ms   ms    B        B         µs
        ─────────────────────────────────────────────────────────────────────────────────────────
        Long polling POST       50       49       50 2.50 2.25 7.75 8.50  400      300        321
        Latency from the intended moment to the acknowledgement; bytes and server CPU: of one message.

        Long polling: the machine was busy.
        """)


def test_a_hundred_columns_are_enough_for_what_a_class_measures() -> None:
    runs = [run(technique, clients=1_000, requests=12_345, theory=judged(False)) for technique in TECHNIQUES]
    assert max(len(line) for line in shown(*runs).splitlines()) <= 100


def test_a_narrow_console_gets_longer_lines_and_every_figure_whole() -> None:
    def figures(text: str) -> list[str]:
        return [line for line in text.splitlines() if line.startswith(("Long polling", "SSE"))]

    runs = [run("long-poll", sending=SENDING), run("sse", requests=1_234_567)]
    assert figures(shown(*runs, width=60)) == figures(shown(*runs, width=200))
    assert "1,234,567" in shown(*runs, width=60)


def test_techniques_stand_in_the_order_of_the_lessons() -> None:
    text = shown(*(run(technique) for technique in reversed(TECHNIQUES)))
    names = ["Short polling", "Long polling", "SSE", "WebSocket", "Socket.IO"]
    assert [line for name in names for line in text.splitlines() if line.startswith(name)] == [
        line for line in text.splitlines() if line.startswith(tuple(names))
    ]


def test_what_was_not_measured_is_not_available_and_not_0() -> None:
    text = shown(nothing_measured("sse"))
    assert row(text, "SSE") == ["1,100", "100", *["n/a"] * 5, "50.2", *["n/a"] * 4, "2,000/0/0"]
    assert below(text, "SSE") == ["n/a", "n/a"]


def test_only_polls_have_empty_answers() -> None:
    text = shown(run("short-poll"), run("sse"))
    assert below(text, "Short polling")[0] == "(80)"
    assert below(text, "SSE")[0] == "holds"


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([True], "holds"),
        ([False], "does not hold"),
        ([None], "n/a"),
        ([True, None], "holds"),
        ([False, False], "does not hold"),
        ([True, False, True], "holds in 2 of 3"),
    ],
)
def test_theory_holds_or_does_not(verdicts: list[bool | None], words: str) -> None:
    text = shown(*(run("sse", repeat=repeat, theory=judged(holds)) for repeat, holds in enumerate(verdicts)))
    lines = text.splitlines()
    (place,) = [place for place, line in enumerate(lines) if line.startswith("SSE")]
    said = " ".join(lines[place + 1 : place + 3]).split("Latency")[0].split()
    said.remove("110")  # bytes sent, beside it
    assert " ".join(said) == words


def test_repeats_are_one_row_of_medians_and_the_worst_of_what_went_wrong() -> None:
    requests = [(0, 300), (1, 100), (2, 200)]
    text = shown(
        *(run("sse", repeat=repeat, requests=count, lost=repeat % 2, reordered=repeat) for repeat, count in requests)
    )
    cells = row(text, "SSE")
    assert (cells[0], cells[-1]) == ("200", "1/0/2")
    assert "Medians over 3 repeats; of what was lost, duplicated or reordered, the most." in text.replace("\n", " ")


def test_a_single_run_is_called_no_median() -> None:
    assert "Medians" not in shown(run())


def test_a_sweep_has_a_column_for_what_was_swept_and_a_gap_between_its_points() -> None:
    lines = shown(
        *(run(each, point={"delay_ms": at}) for at in (0.0, 50.0) for each in ("long-poll", "sse"))
    ).splitlines()
    assert [line.split()[:2] for line in lines[2:4]] == [["delay", "requests"], ["ms", "technique"]]
    values = [line.split()[0] for line in lines if " SSE " in line or " Long polling " in line]
    assert values == ["0", "0", "50", "50"]
    (last_of_first,) = [place for place, line in enumerate(lines) if line.split()[:2] == ["0", "SSE"]]
    assert lines[last_of_first + 2] == ""


def test_each_warning_is_said_once_with_the_techniques_it_is_about() -> None:
    busy, own = "the busiest client process used 95 % of a core.", "the server [bold]refused[/bold] 3 clients."
    text = shown(
        run("sse", warnings=[busy]), run("sse", repeat=1, warnings=[busy, own]), run("websocket", warnings=[busy])
    )
    assert text.endswith(f"SSE and WebSocket: {busy}\nSSE: {own}\n")
    assert text.count(busy) == text.count(own) == 1


def test_an_interrupted_run_says_so_first() -> None:
    text = printed(lambda console: show(results(run(), interrupted=True), console))
    assert text.startswith("Interrupted: this is what was measured until then.\n")


def test_without_runs_there_are_heads_only() -> None:
    text = shown()
    assert "technique" in text
    assert "One client that sends" not in text


def test_sending_stands_in_a_table_of_its_own_post_beside_frame() -> None:
    frame = run("websocket", sending=msgspec.structs.replace(SENDING, way="frame"))
    text = shown(run("long-poll", sending=SENDING), run("sse"), frame)
    lines = text[text.index("One client that sends") :].splitlines()
    assert [" ".join(line.split()) for line in lines if "POST" in line or "frame" in line] == [
        "Long polling POST 50 49 50 2.50 2.25 7.75 8.50 400 300 321",
        "WebSocket frame 50 49 50 2.50 2.25 7.75 8.50 400 300 321",
    ]
    assert not any(line.startswith("SSE") for line in lines)


@pytest.mark.parametrize(
    ("technique", "name", "colour"),
    [
        ("short-poll", "Short polling", (0xE6, 0x9F, 0x00)),
        ("long-poll", "Long polling", (0x56, 0xB4, 0xE9)),
        ("sse", "SSE", (0x00, 0x9E, 0x73)),
        ("websocket", "WebSocket", (0xD5, 0x5E, 0x00)),
        ("socket-io", "Socket.IO", (0xCC, 0x79, 0xA7)),
    ],
)
def test_each_technique_bears_its_colour(technique: str, name: str, colour: tuple[int, int, int]) -> None:
    file = io.StringIO()
    show(results(run(technique)), Console(file=file, width=120, color_system="truecolor", force_terminal=True))
    assert f"\x1b[38;2;{';'.join(map(str, colour))}m{name}" in file.getvalue()


# --- comparisons ---


def compared(a: Results, b: Results) -> str:
    return printed(lambda console: show_comparison(comparison(a, b), console))


def test_two_results_stand_below_each_other_with_their_ratio() -> None:
    text = compared(results(run()), results(run(requests=2_200)))
    assert text == dedent("""\
        A against B
                        mean  p50   p99          received sent server CPU memory
        technique         ms   ms    ms requests        B    B         µs    KiB lost
        ─────────────────────────────────────────────────────────────────────────────
        SSE       A     51.5 51.0 1,234    1,100      400  110       4.25   11.5    0
                  B     51.5 51.0 1,234    2,200      400  110       4.25   11.5    0
                  B / A 1.00 1.00  1.00     2.00     1.00 1.00       1.00   1.00  n/a
        Received, sent and server CPU: of one delivery; memory: the server's, per client. Of repeats the
        median; of what was lost, the most.

        """)


def test_a_comparison_of_nothing_is_a_head() -> None:
    assert "technique" in compared(results(), results())

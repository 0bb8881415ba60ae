"""An experiment with the class: asked, run, explained; and all is again as it was."""

import asyncio
from functools import partial
from typing import Any

import pytest

from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.experiments import CUT, EXPERIMENTS, WASTE, Seen
from pushdemo.classroom.figures import Tally
from pushdemo.classroom.metronome import Beat
from pushdemo.classroom.traffic import NOTHING
from pushdemo.feed import Feed
from pushdemo.lab.sessions import Lab
from pushdemo.problems import Problem
from tests.support.fake_clock import FakeClock, turn, until
from tests.unit.classroom.phones import crossed, join, measure, report


def told(classroom: Classroom) -> Any:
    return classroom.told_projector()["experiment"]


def set_to(classroom: Classroom) -> list[Any]:
    return [group.told() for group in classroom.groups]


async def run(classroom: Classroom, clock: FakeClock, seconds: float) -> None:
    """Let time pass and what is published be published."""
    for _ in range(round(seconds)):
        clock.advance(1)
        await turn()


async def refused(classroom: Classroom, name: str, phase: str) -> str:
    with pytest.raises(Problem) as problem:
        await classroom.begin_experiment(name, phase)
    return f"{problem.value.status} {problem.value.detail}"


# --- asking ---


async def test_a_question_is_asked_and_predictions_are_taken(classroom: Classroom) -> None:
    a, b = join(classroom, "a", "b")
    before = set_to(classroom)
    await classroom.begin_experiment("waste", "asked")
    classroom.predict(a, 60)
    classroom.predict(b, 10)
    classroom.predict(b, 20.5)
    asked = told(classroom)
    assert (asked["name"], asked["phase"], asked["unit"], asked["results"]) == ("waste", "asked", "%", None)
    assert asked["settings"] == {"interval_s": 2, "every_s": 4}
    assert asked["predictions"] == {"count": 2, "values": [60, 20.5]}
    assert set_to(classroom) == before


async def test_a_student_sees_the_own_prediction_and_nobody_else_s(classroom: Classroom) -> None:
    a, b = join(classroom, "a", "b")
    assert classroom.told_student(a)["experiment"] is None
    await classroom.begin_experiment("waste", "asked")
    classroom.predict(a, 60)
    assert classroom.told_student(a)["experiment"]["prediction"] == 60
    assert classroom.told_student(b)["experiment"]["prediction"] is None
    assert "predictions" not in classroom.told_student(b)["experiment"]


async def test_only_while_it_is_asked_is_a_prediction_taken(classroom: Classroom) -> None:
    (a,) = join(classroom, "a")
    with pytest.raises(Problem, match="No question is open"):
        classroom.predict(a, 60)
    await classroom.begin_experiment("waste", "running")
    with pytest.raises(Problem) as problem:
        classroom.predict(a, 60)
    assert problem.value.status == 409


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e12])
async def test_a_prediction_is_a_number_that_can_be_meant(classroom: Classroom, value: float) -> None:
    (a,) = join(classroom, "a")
    await classroom.begin_experiment("waste", "asked")
    with pytest.raises(Problem, match="Expected a number"):
        classroom.predict(a, value)
    assert told(classroom)["predictions"]["count"] == 0


async def test_asking_anew_forgets_the_predictions_and_running_keeps_them(
    classroom: Classroom, clock: FakeClock
) -> None:
    (a,) = join(classroom, "a")
    await classroom.begin_experiment("waste", "asked")
    classroom.predict(a, 60)
    await classroom.begin_experiment("waste", "running")
    await classroom.begin_experiment("waste", "explained")
    assert told(classroom)["predictions"]["values"] == [60]
    await classroom.begin_experiment("waste", "running")
    assert told(classroom)["predictions"]["values"] == [60]
    await classroom.begin_experiment("waste", "asked")
    assert told(classroom)["predictions"]["values"] == []


async def test_what_is_no_experiment_or_phase_is_refused(classroom: Classroom) -> None:
    assert (await refused(classroom, "magic", "asked")).startswith("422 The class's experiments are waste, gap,")
    assert (await refused(classroom, "waste", "over")).startswith("422 An experiment is asked, running or explained")
    assert told(classroom) is None


# --- running ---


@pytest.mark.parametrize("name", EXPERIMENTS)
async def test_while_it_runs_each_group_has_its_row_and_then_what_it_had(
    classroom: Classroom, clock: FakeClock, name: str
) -> None:
    experiment = EXPERIMENTS[name]
    (a,) = join(classroom, "a")
    classroom.set_class(b'{"rate": 3, "text_bytes": 50}')
    classroom.set_group("B", b'{"technique": null, "posts_per_minute": 5, "network": {"jitter_ms": 9}}')
    classroom.strike("A", b'{"fault": "vanish"}')
    classroom.strike("A", b'{"fault": "come_back"}')
    before, beat = set_to(classroom), classroom.hall.metronome.beat
    await classroom.begin_experiment(name, "running")
    assert [group.settings for group in classroom.groups] == [row.settings for row in experiment.rows]
    assert [group.session.network for group in classroom.groups] == [row.network for row in experiment.rows]
    assert classroom.told_student(a)["rate"] == experiment.beat.rate
    assert classroom.told_student(a)["stretch"] == 2
    now = told(classroom)
    assert (now["phase"], now["started_at"]) == ("running", clock.wall_ms())
    assert now["ends_at"] == clock.wall_ms() + experiment.seconds * 1_000
    await run(classroom, clock, experiment.seconds - 1)
    assert told(classroom)["phase"] == "running"
    await run(classroom, clock, 1)
    assert told(classroom)["phase"] == "explained"
    assert set_to(classroom) == before
    assert classroom.hall.metronome.beat == beat
    assert classroom.told_student(a)["stretch"] == 3


async def test_what_is_measured_stands_beside_theory_and_stays(classroom: Classroom, clock: FakeClock) -> None:
    crossed(classroom, "A", "short-poll", requests=1_000, empty=1_000)  # before
    (a,) = join(classroom, "a")
    await classroom.begin_experiment("waste", "running")
    crossed(classroom, "A", "short-poll", requests=100, empty=88)
    crossed(classroom, "C", "short-poll", requests=30, empty=18)
    now = told(classroom)["results"]
    assert (now[0]["measured"], now[1]["measured"], now[2]["measured"]) == (88, None, 60)
    assert classroom.told_student(a)["experiment"]["results"] is None
    await run(classroom, clock, WASTE.seconds)
    crossed(classroom, "C", "short-poll", requests=30, empty=0)  # after
    row = told(classroom)["results"][2]
    assert row == {
        "group": "C",
        "technique": "short-poll",
        "interval_ms": 2_000,
        "delay_ms": 0,
        "measured": 60,
        "theory": 60.653,
        "samples": 30,
    }
    assert told(classroom)["answer"] == {"measured": 60, "theory": 60.653}
    assert classroom.told_student(a)["experiment"]["results"][2] == row


async def test_in_the_cut_the_networks_vanish_and_come_back(classroom: Classroom, clock: FakeClock) -> None:
    seats = join(classroom, *"abcde")
    await classroom.begin_experiment("cut", "running")
    vanished = [group.session.relay for group in classroom.groups]
    await run(classroom, clock, 4)
    assert not any(relay.vanished for relay in vanished)
    await run(classroom, clock, 1)
    assert all(relay.vanished for relay in vanished)
    fault = classroom.told_student(seats[3])["fault"]
    assert (fault["fault"], fault["seconds"]) == ("vanish", None)
    measure(classroom, seats[0], fault={"number": fault["number"], "noticed_ms": 1_500})
    measure(classroom, seats[3], fault={"number": fault["number"], "noticed_ms": None})
    await run(classroom, clock, 20)
    assert not any(relay.vanished for relay in vanished)
    await run(classroom, clock, CUT.seconds - 25)
    results = told(classroom)["results"]
    assert [row["measured"] for row in results] == [1.5, None, None, None, None]
    assert [row["samples"] for row in results] == [1, 0, 0, 1, 0]
    assert told(classroom)["answer"] == {"measured": None, "theory": None}
    assert classroom.told_projector()["fault"]["number"] == fault["number"]  # to be talked about


async def test_what_vanished_in_the_cut_is_ended_with_it_and_that_is_not_what_phones_noticed(
    classroom: Classroom, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, c, *_ = join(classroom, *"abcde")
    await classroom.begin_experiment("cut", "running")
    ended: list[str] = []
    for group in classroom.groups:
        monkeypatch.setattr(group.session.relay, "cut_vanished", partial(ended.append, group.name))
    await run(classroom, clock, CUT.seconds - 1)
    told = classroom.told_student(c)
    assert ended == []
    await run(classroom, clock, 1)
    assert ended == list("ABCDE")
    fault = {"number": told["fault"]["number"], "noticed_ms": 45_000}
    classroom.report(c, report(told["stretch"], fault=fault))
    assert not any(person["told"] for person in classroom.told_projector()["fault"]["people"])


async def test_of_the_proxies_those_that_deliver_are_counted(classroom: Classroom, clock: FakeClock) -> None:
    seats = join(classroom, *"abcde")
    await classroom.begin_experiment("proxies", "running")
    assert told(classroom)["answer"] == {"measured": None, "theory": 3}
    assert (told(classroom)["unit"], told(classroom)["row_unit"]) == ("techniques", "ms")
    measure(classroom, seats[0], 500, 700)
    measure(classroom, seats[1], 20)
    measure(classroom, seats[2], 9_000)
    assert told(classroom)["answer"] == {"measured": 2, "theory": 3}


async def test_weight_is_all_bytes_by_the_messages_that_came(classroom: Classroom) -> None:
    await classroom.begin_experiment("weight", "running")
    crossed(classroom, "A", "short-poll", up=4_000, down=2_000, messages=10)
    assert told(classroom)["answer"] == {"measured": 600, "theory": None}


async def test_an_experiment_that_is_closed_gives_back_what_the_class_had(
    classroom: Classroom, clock: FakeClock
) -> None:
    before = set_to(classroom)
    await classroom.begin_experiment("cut", "running")
    await run(classroom, clock, 6)
    await classroom.end_experiment()
    assert told(classroom) is None
    assert set_to(classroom) == before
    await run(classroom, clock, 60)
    assert set_to(classroom) == before
    assert classroom.hall.stretch == 3


async def test_another_experiment_takes_the_place_of_one_that_runs(classroom: Classroom, clock: FakeClock) -> None:
    before = set_to(classroom)
    await classroom.begin_experiment("gap", "running")
    assert "running already" in await refused(classroom, "gap", "running")
    await classroom.begin_experiment("waste", "running")
    await run(classroom, clock, WASTE.seconds)
    assert told(classroom)["name"] == "waste"
    assert set_to(classroom) == before


async def test_what_an_experiment_has_set_is_not_changed_meanwhile(classroom: Classroom) -> None:
    await classroom.begin_experiment("gap", "running")
    for command in (
        lambda: classroom.set_group("A", b'{"timeout_s": 5}'),
        lambda: classroom.set_class(b'{"rate": 9}'),
        lambda: classroom.strike("all", b'{"fault": "cut"}'),
        classroom.zero,
    ):
        with pytest.raises(Problem, match="The experiment gap is running; end it first") as problem:
            command()
        assert problem.value.status == 409
    with pytest.raises(Problem, match="is running"):
        await classroom.divide(2)
    classroom.set_class(b'{"title": "Push, continued"}')
    await classroom.begin_experiment("gap", "explained")
    classroom.set_class(b'{"rate": 9}')


@pytest.mark.parametrize("count", [2, 8])
async def test_a_class_of_other_groups_has_five_meanwhile(classroom: Classroom, clock: FakeClock, count: int) -> None:
    await classroom.divide(count)
    classroom.set_group("all", b'{"interval_ms": 777}')
    seats = join(classroom, *"abcdefghijkl")
    places = [seat.group for seat in seats]
    await classroom.begin_experiment("gap", "running")
    assert sorted({seat.group for seat in seats}) == list("ABCDE")
    (late,) = join(classroom, "late")
    await run(classroom, clock, 45)
    await until(lambda: len(classroom.groups) == count and [seat.group for seat in seats] == places)
    assert all(group.settings.interval_ms == 777 for group in classroom.groups)
    assert classroom.told_student(late)["group"]["name"] in "ABCDEFGH"[:count]


async def test_one_that_follows_at_once_still_finds_the_class_as_it_was(classroom: Classroom, clock: FakeClock) -> None:
    await classroom.divide(2)
    seats = join(classroom, *"abcd")
    await classroom.begin_experiment("gap", "running")
    following = asyncio.ensure_future(classroom.begin_experiment("waste", "running"))
    clock.advance(45)  # the first is over before the second has its turn
    await following
    await turn()
    assert told(classroom)["name"] == "waste"
    assert len(classroom.groups) == 5
    await run(classroom, clock, WASTE.seconds)
    await until(lambda: [seat.group for seat in seats] == list("ABAB"))
    assert len(classroom.groups) == 2


async def test_where_there_is_no_port_for_five_groups_nothing_has_changed(classroom: Classroom, lab: Lab) -> None:
    await classroom.divide(2)
    lab._ports = []
    before = set_to(classroom)
    assert (await refused(classroom, "gap", "running")).startswith("503")
    assert set_to(classroom) == before
    assert told(classroom) is None
    assert not classroom.trials.is_running


async def test_a_class_whose_ports_another_page_has_taken_goes_on_with_fewer(
    classroom: Classroom, clock: FakeClock, lab: Lab
) -> None:
    await classroom.divide(8)
    (*_, h) = join(classroom, *"abcdefgh")
    assert h.group == "H"
    await classroom.begin_experiment("gap", "running")
    lab._ports = []
    await classroom.end_experiment()
    assert len(classroom.groups) == 5
    assert classroom.told_student(h)["group"]["name"] in "ABCDE"


# --- explaining ---


async def test_what_was_not_run_is_explained_by_theory_alone(classroom: Classroom) -> None:
    await classroom.begin_experiment("waste", "explained")
    assert [row["measured"] for row in told(classroom)["results"]] == [None] * 5
    assert told(classroom)["answer"] == {"measured": None, "theory": 60.653}


async def test_when_the_class_ends_so_does_its_experiment(classroom: Classroom) -> None:
    before = set_to(classroom)
    await classroom.begin_experiment("waste", "running")
    await classroom.end()
    assert set_to(classroom) == before
    assert classroom.told_projector()["rate"] == 0
    assert (await refused(classroom, "waste", "asked")).startswith("409 The class has ended")


async def test_a_class_that_ends_while_an_experiment_is_prepared_has_ended(
    classroom: Classroom, clock: FakeClock, feed: Feed
) -> None:
    await classroom.divide(2)
    beginning = asyncio.create_task(classroom.begin_experiment("waste", "running"))
    await asyncio.sleep(0)
    await classroom.end()
    with pytest.raises(Problem, match="The class has ended"):
        await beginning
    assert not classroom.trials.is_running
    await run(classroom, clock, 30)
    assert feed.published == 0


async def test_after_the_class_s_end_no_tick_is_published(classroom: Classroom, clock: FakeClock, feed: Feed) -> None:
    await classroom.end()
    classroom.hall.metronome.set(Beat(rate=5))  # as an experiment gives it back that ends with the class
    await run(classroom, clock, 2)
    assert feed.published == 0


async def test_half_of_the_phones_must_have_noticed_or_the_middle_one_has_not() -> None:
    def seconds(*noticed_ms: float, witnesses: int) -> float | None:
        return CUT.measure(Seen(Tally(0), NOTHING, list(noticed_ms), witnesses)).value

    assert seconds(witnesses=0) is None
    assert seconds(900, 500, witnesses=2) == 0.5
    assert seconds(900, 500, witnesses=3) == 0.9
    assert seconds(900, 500, witnesses=4) == 0.9
    assert seconds(900, 500, witnesses=5) is None


async def test_the_results_have_what_was_predicted_and_measured(classroom: Classroom, clock: FakeClock) -> None:
    a, b = join(classroom, "a", "b")
    measure(classroom, a, 5)
    await classroom.begin_experiment("waste", "asked")
    classroom.predict(a, 55)
    await classroom.begin_experiment("waste", "running")
    measure(classroom, a, 7, 8, received=2, clock={"offset_ms": 1, "error_ms": 2})
    measure(classroom, b, 9)
    crossed(classroom, "C", "short-poll", requests=10, empty=6)
    await run(classroom, clock, WASTE.seconds)
    measure(classroom, a, 6)
    first, second, third, fourth = classroom.results()
    assert (first.stretch, first.experiment, first.samples, first.prediction) == (1, None, 1, None)
    assert (second.stretch, second.experiment, second.name, second.group) == (2, "waste", "a", "A")
    assert (second.median_ms, second.max_ms, second.received, second.clock_error_ms) == (7, 8, 2, 2)
    assert (second.prediction, second.measured) == (55, 60)
    assert (third.name, third.prediction, third.measured) == ("b", None, 60)
    assert (fourth.stretch, fourth.name, fourth.experiment) == (3, "a", None)

"""The class's experiments as they are made: a question, a run with everybody's predictions in, and an explanation.

While one runs, the class has the five groups that it needs. When it ends, or is closed before, all gets back what it
was: the groups what they were set to, the metronome its beat, the students their groups.
"""

import asyncio
import math
from contextlib import suppress
from functools import partial
from typing import Any, Literal

from pushdemo.classroom.experiments import EXPERIMENTS, GROUPS, Experiment, Measured
from pushdemo.classroom.figures import rounded
from pushdemo.classroom.groups import Group, Settings
from pushdemo.classroom.hall import Hall
from pushdemo.classroom.metronome import Beat
from pushdemo.classroom.results import Asked
from pushdemo.classroom.seats import Seat
from pushdemo.clock import Timer
from pushdemo.lab.faults import Fault
from pushdemo.lab.network import Network
from pushdemo.problems import Problem, shown

Phase = Literal["asked", "running", "explained"]
PHASES = ("asked", "running", "explained")
MOST_PREDICTED = 1e9


class _Before:
    """What the class was set to before an experiment ran."""

    def __init__(self, hall: Hall) -> None:
        self.beat: Beat = hall.metronome.beat
        self.groups: dict[str, tuple[Settings, Network]] = {
            group.name: (group.settings, group.session.network) for group in hall.groups
        }
        self.places = {seat: seat.group for seat in hall.seats}

    def give_back(self, hall: Hall) -> None:
        """Set all as it was; of the groups, those that there are by now."""
        for group in hall.groups:
            _mend(group)
            if group.name in self.groups:
                _set(group, *self.groups[group.name])
        hall.metronome.set(self.beat)

    async def divide_back(self, hall: Hall) -> None:
        """Have as many groups as there were, with those in them who were."""
        there = {group.name for group in hall.groups}
        with suppress(Problem):  # another page has the port that a group had: the class goes on with fewer groups
            await hall.divide(len(self.groups))
        for group in hall.groups:
            if group.name not in there:
                _set(group, *self.groups[group.name])
        names = {group.name for group in hall.groups}
        for seat in hall.seats:
            if self.places.get(seat) in names:
                seat.group = self.places[seat]
        hall.changed()


def _mend(group: Group) -> None:
    """Bring a network back that had vanished, and end what had vanished with it: some would wait on that for ever."""
    if group.session.relay.vanished:
        group.session.break_by(Fault("come_back"))
    group.session.relay.cut_vanished()


def _set(group: Group, settings: Settings, network: Network) -> None:
    group.settings = settings
    if network != group.session.network:
        group.session.set_network(network)


class _Trial:
    """One experiment in its phase; times are in ms since 1970."""

    def __init__(self, experiment: Experiment, phase: Phase) -> None:
        self.experiment = experiment
        self.phase: Phase = phase
        self.started_at: float | None = None
        self.ends_at: float | None = None
        self.figures: list[Measured] | None = None  # of the rows, once it has run

    def told(self, figures: list[Measured] | None) -> dict[str, Any]:
        """Return it as the pages get it, with these figures."""
        experiment = self.experiment
        return {
            "name": experiment.name,
            "phase": self.phase,
            "seconds": experiment.seconds,
            "started_at": self.started_at,
            "ends_at": self.ends_at,
            "unit": experiment.unit,
            "row_unit": experiment.row_unit or experiment.unit,
            "settings": experiment.settings,
            "asked_row": experiment.asked_row,
            "results": None if figures is None else self._results(figures),
            "answer": None if figures is None else self._answer(figures),
        }

    def _results(self, figures: list[Measured]) -> list[dict[str, Any]]:
        experiment = self.experiment
        return [
            {
                "group": name,
                "technique": row.technique,
                "interval_ms": row.settings.interval_ms,
                "delay_ms": row.network.delay_ms,
                "measured": rounded(figure.value),
                "theory": rounded(experiment.theory(row, experiment.beat)),
                "samples": figure.samples,
            }
            for name, row, figure in zip("ABCDE", experiment.rows, figures, strict=True)
        ]

    def _answer(self, figures: list[Measured]) -> dict[str, float | None]:
        """Return what the predictions are held against."""
        experiment = self.experiment
        if experiment.asked_row is None:
            return {"measured": self.measured(figures), "theory": experiment.count_theory}
        theory = experiment.theory(experiment.rows[experiment.asked_row], experiment.beat)
        return {"measured": self.measured(figures), "theory": rounded(theory)}

    def measured(self, figures: list[Measured]) -> float | None:
        """Return what was measured of what was asked; None where nothing was."""
        if self.experiment.asked_row is not None:
            return rounded(figures[self.experiment.asked_row].value)
        count, values = self.experiment.count, [figure.value for figure in figures]
        return None if count is None or not any(figure.samples for figure in figures) else count(values)


class Trials:
    """Makes experiments, one at a time.

    Args:
        hall: of the class.
    """

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._trial: _Trial | None = None
        self._before: _Before | None = None  # while one runs
        self._to_divide: _Before | None = None  # when it has ended, until the groups are as many as they were
        self._timers: list[Timer] = []
        self._changing = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def is_running(self) -> bool:
        """Whether the class is set to what an experiment wants."""
        return self._before is not None

    def check_not_running(self) -> None:
        """Raise a Problem, 409, while what an experiment has set must not be changed."""
        if self._trial is not None and self.is_running:
            raise Problem(409, f"The experiment {self._trial.experiment.name} is running; end it first.")

    async def begin(self, name: str, phase: str) -> None:
        """Bring an experiment into a phase; another one that is on is closed.

        Raises:
            Problem: 422, there is no such experiment or phase; 409, it runs already, or the class ended meanwhile; 503,
                no port is free for a group.
        """
        experiment = EXPERIMENTS.get(name)
        if experiment is None:
            raise Problem(422, f"The class's experiments are {', '.join(EXPERIMENTS)}; this came: {shown(name)}.")
        if phase not in PHASES:
            raise Problem(422, f"An experiment is asked, running or explained; this came: {shown(phase)}.")
        async with self._changing:
            if phase == "running":
                await self._run(experiment)
            else:
                await self._stop()
                self._show(experiment, "asked" if phase == "asked" else "explained")
            self._hall.changed()

    async def end(self) -> None:
        """Close the experiment, whatever its phase."""
        async with self._changing:
            await self._stop()
            self._trial = None
            self._hall.changed()

    async def close(self) -> None:
        """Let nothing happen any more by itself."""
        self._cancel_timers()
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _show(self, experiment: Experiment, phase: Phase) -> None:
        """Ask anew, or explain: what was just measured, or what theory says alone."""
        trial = self._trial
        if trial is not None and trial.experiment is experiment and phase == "explained":
            trial.phase = phase
        else:
            self._trial = _Trial(experiment, phase)
        if phase == "asked" or trial is None or trial.experiment is not experiment:
            self._forget_predictions()

    def _forget_predictions(self) -> None:
        for seat in self._hall.seats:
            seat.prediction = None

    # --- running ---

    async def _run(self, experiment: Experiment) -> None:
        trial = self._trial
        if trial is not None and trial.experiment is experiment and self.is_running:
            raise Problem(409, f"The experiment {experiment.name} is running already.")
        await self._stop()
        before = _Before(self._hall)
        await self._hall.divide(GROUPS)
        if not self._hall.is_open:
            raise Problem(409, "The class has ended.")
        if trial is None or trial.experiment is not experiment:
            self._forget_predictions()
        self._before = before
        self._trial = trial = _Trial(experiment, "running")
        for group, row in zip(self._hall.groups, experiment.rows, strict=True):
            _mend(group)
            _set(group, row.settings, row.network)
        self._hall.metronome.set(experiment.beat)
        self._hall.begin_stretch()
        trial.started_at = self._hall.clock.wall_ms()
        trial.ends_at = trial.started_at + 1_000 * experiment.seconds
        self._await_strikes(experiment)

    def _await_strikes(self, experiment: Experiment) -> None:
        call_later = self._hall.clock.call_later
        for strike in experiment.strikes:
            if strike.after_s:
                self._timers.append(call_later(strike.after_s, partial(self._hall.strike_all, strike.fault)))
            else:
                self._hall.strike_all(strike.fault)
        self._timers.append(call_later(experiment.seconds, self._time_is_up))

    def _time_is_up(self) -> None:
        """End the run at its moment; that the groups are as many as before takes longer."""
        self._freeze()
        task = asyncio.get_running_loop().create_task(self._stop_in_turn())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        self._hall.changed()

    async def _stop_in_turn(self) -> None:
        async with self._changing:
            if not self.is_running:  # else the next has begun meanwhile, and has done this before
                await self._stop()

    async def _stop(self) -> None:
        """End the run, if there is one, and have as many groups as before."""
        self._freeze()
        before, self._to_divide = self._to_divide, None
        if before is not None:
            await before.divide_back(self._hall)

    def _freeze(self) -> None:
        """Keep what was measured and set the class as it was, but for the number of its groups."""
        self._cancel_timers()
        before, trial = self._before, self._trial
        if before is None or trial is None:
            return
        self._before, self._to_divide = None, before
        figures = trial.figures = self._figures(trial)
        trial.phase = "explained"
        trial.ends_at = self._hall.clock.wall_ms()
        predictions = {seat: seat.prediction for seat in self._hall.seats if seat.prediction is not None}
        before.give_back(self._hall)
        self._hall.begin_stretch(Asked(trial.experiment.name, predictions, trial.measured(figures)), keep_outcome=True)

    def _cancel_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _figures(self, trial: _Trial) -> list[Measured]:
        """Return what was measured in each row so far."""
        return [
            trial.experiment.measure(self._hall.seen(group, row.technique))
            for group, row in zip(self._hall.groups, trial.experiment.rows, strict=True)
        ]

    # --- predictions and tellings ---

    def predict(self, seat: Seat, value: float) -> None:
        """Take a student's answer to the question; it may be changed until the run begins.

        Raises:
            Problem: 409, nothing is asked; 422, it is no number that could be meant.
        """
        if self._trial is None or self._trial.phase != "asked":
            raise Problem(409, "No question is open just now.")
        if not (math.isfinite(value) and abs(value) <= MOST_PREDICTED):
            raise Problem(422, f"Expected a number up to {MOST_PREDICTED:,.0f}; this came: {shown(value)}.")
        seat.prediction = value
        self._hall.changed(seat)

    def told(self) -> dict[str, Any] | None:
        """Return the experiment as the teacher and the projector get it, with all predictions."""
        trial = self._trial
        if trial is None:
            return None
        values = [seat.prediction for seat in self._hall.seats if seat.prediction is not None]
        figures = self._figures(trial) if trial.phase == "running" else self._final(trial)
        return trial.told(figures) | {"predictions": {"count": len(values), "values": values}}

    def told_student(self, seat: Seat) -> dict[str, Any] | None:
        """Return the experiment as a student gets it, who sees the figures when all have measured."""
        trial = self._trial
        return None if trial is None else trial.told(self._final(trial)) | {"prediction": seat.prediction}

    def _final(self, trial: _Trial) -> list[Measured] | None:
        if trial.phase != "explained":
            return None
        return trial.figures or [Measured(None, 0)] * len(trial.experiment.rows)

"""What the pages of a class are told: the student's, the projector's and the teacher's."""

from typing import Any

import msgspec

from pushdemo.classroom.experiments import EXPERIMENTS
from pushdemo.classroom.figures import rounded
from pushdemo.classroom.groups import Group
from pushdemo.classroom.hall import Hall
from pushdemo.classroom.seats import Seat
from pushdemo.classroom.traffic import UNKNOWN, together
from pushdemo.classroom.trials import Trials
from pushdemo.feed import TECHNIQUES, Technique


def info(hall: Hall) -> dict[str, Any]:
    """Return what everybody may know of the class."""
    return {
        "title": hall.title,
        "room": hall.room,
        "state": "open" if hall.is_open else "ended",
        "people": len(hall.seats),
        "address": hall.options.join_address,
    }


def seat(hall: Hall, whose: Seat) -> dict[str, Any]:
    """Return a seat as all may know it."""
    return {
        "id": whose.id,
        "name": whose.name,
        "group": whose.group,
        "technique": hall.technique_of(whose),
        "may_choose": hall.groups.named(whose.group).settings.technique is None,
        "muted": whose.muted,
    }


def student(hall: Hall, trials: Trials, whose: Seat) -> dict[str, Any]:
    """Return what a student's page shows."""
    group = hall.groups.named(whose.group)
    struck = group.struck
    return {
        "role": "student",
        "now": hall.clock.wall_ms(),
        "class": info(hall),
        "seat": seat(hall, whose),
        "group": group.told(),
        "stretch": hall.stretch,
        "fault": struck and {name: getattr(struck, name) for name in ("number", "at", "fault", "seconds")},
        "hidden": hall.hidden,
        "rate": hall.metronome.beat.rate,
        "experiment": trials.told_student(whose),
    }


def projector(hall: Hall, trials: Trials, simulated: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the projector shows; none of it is secret."""
    people, beat = hall.people(), hall.metronome.beat
    return {
        "role": "projector",
        "now": hall.clock.wall_ms(),
        "class": info(hall),
        "shows": hall.shows,
        "people": [_person(hall, each) for each in hall.seats],
        "groups": [group.told() | {"people": people[group.name]} for group in hall.groups],
        "rate": beat.rate,
        "at_random": beat.at_random,
        "text_bytes": beat.text_bytes,
        "stretch": hall.stretch,
        "figures": {technique: _of_technique(hall, technique) for technique in TECHNIQUES},
        "by_group": {group.name: _of_group(hall, group) for group in hall.groups},
        "server": hall.load.told(),
        "simulated": simulated,
        "fault": hall.outcome and hall.outcome.told(),
        "experiment": trials.told(),
        "hidden": hall.hidden,
    }


def teacher(hall: Hall, trials: Trials, simulated: dict[str, Any] | None, recording: Any) -> dict[str, Any]:
    """Return what the teacher's console shows: what the projector does, and more of each student."""
    return projector(hall, trials, simulated) | {
        "role": "teacher",
        "seats": [_seat_in_full(hall, each) for each in hall.seats],
        "settings": {"title": hall.title, **msgspec.structs.asdict(hall.metronome.beat)},
        "links": {"join": hall.options.join_address, "projector": hall.options.base + "class/projector"},
        "experiments": [experiment.told() for experiment in EXPERIMENTS.values()],
        "recording": recording,
    }


def _person(hall: Hall, whose: Seat) -> dict[str, Any]:
    return {
        "id": whose.id,
        "name": whose.name,
        "group": whose.group,
        "technique": hall.technique_of(whose),
        "connected": whose.connections > 0,
    }


def _seat_in_full(hall: Hall, whose: Seat) -> dict[str, Any]:
    report = whose.report
    said = None if report is None else msgspec.to_builtins(report)
    if said is not None:
        del said["delays"]
    return seat(hall, whose) | {
        "connected": whose.connections > 0,
        "away_since": whose.away_since,
        "state": report and report.state,
        "report": said,
        "median": rounded(hall.measuring.phone(whose).tally.samples.percentile(50)),
    }


def _of_technique(hall: Hall, technique: Technique) -> dict[str, Any]:
    """Return the figures of all who run a technique, whatever their group."""
    seats = [each for each in hall.seats if hall.technique_of(each) == technique]
    crossed = [ways[technique] for ways in map(hall.traffic.of, hall.groups) if technique in ways]
    figures = hall.measuring.told(hall.measuring.by_technique.get(technique), seats)
    return figures | (together(crossed).told() if crossed else UNKNOWN)


def _of_group(hall: Hall, group: Group) -> dict[str, Any]:
    """Return the figures of a group, whatever its phones run."""
    seats = [each for each in hall.seats if each.group == group.name]
    crossed = hall.traffic.of(group).values()
    figures = hall.measuring.told(hall.measuring.by_group.get(group.name), seats)
    return figures | (together(crossed).told() if crossed else UNKNOWN)

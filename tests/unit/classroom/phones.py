"""What students' phones say, for tests: reports, and the students themselves."""

import json
from typing import Any

from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.seats import Seat
from pushdemo.lab.view import DIRECTIONS, Sums
from pushdemo.wire.dissectors.fields import Account


def report(stretch: int = 1, technique: str = "sse", **more: Any) -> bytes:
    """Return a report as it comes."""
    return json.dumps({"stretch": stretch, "technique": technique, "state": "open"} | more).encode()


def join(classroom: Classroom, *names: str) -> list[Seat]:
    """Have students take seats."""
    return [classroom.take_seat(name)[0] for name in names]


def measure(classroom: Classroom, seat: Seat, *delays: float, **more: Any) -> None:
    """Have a phone report delays of the present stretch, with what else it says."""
    told = classroom.told_student(seat)
    technique = told["seat"]["technique"] or "sse"
    classroom.report(seat, report(told["stretch"], **{"technique": technique, "delays": list(delays)} | more))


def crossed(classroom: Classroom, group: str, technique: str, **sums: Any) -> None:
    """Have so much more cross a group's port: `requests`, `empty`, `messages`, and bytes of payload `up` and `down`."""
    mine = classroom.groups.named(group).session.view.techniques.setdefault(technique, Sums())
    for way in DIRECTIONS:
        mine.bytes[way][Account.PAYLOAD] = mine.bytes[way].get(Account.PAYLOAD, 0) + sums.pop(way, 0)
    for name, more in sums.items():
        setattr(mine, name, getattr(mine, name) + more)

"""What a phone says of itself, about once a second: how its technique stands, and what it has measured since."""

from typing import Annotated

import msgspec
from msgspec import Meta

from pushdemo.feed import Technique
from pushdemo.problems import Problem

MOST_DELAYS = 200
MOST_MS = 3_600_000

Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Delay = Annotated[float, Meta(ge=-MOST_MS, le=MOST_MS)]
"""In milliseconds. A clock is known only so well: a delay shorter than the error may come out below 0."""
Word = Annotated[str, Meta(max_length=64)]


class Clock(msgspec.Struct, frozen=True):
    """How the phone's clock stands to the server's: what to add, and half the round trip by which it may be wrong."""

    offset_ms: Annotated[float, Meta(ge=-1e15, le=1e15)]
    error_ms: Annotated[float, Meta(ge=0, le=MOST_MS)]


class FaultReport(msgspec.Struct, frozen=True):
    """What the phone went through at a fault: when it noticed and was back, from the fault on, and what that cost.

    Attributes:
        hidden: its page was not to be seen for some of that time, when its timers were slow: its figures say nothing.
    """

    number: Count
    noticed_ms: Annotated[float, Meta(ge=0, le=MOST_MS)] | None = None
    back_ms: Annotated[float, Meta(ge=0, le=MOST_MS)] | None = None
    late: Count = 0
    lost: Count = 0
    hidden: bool = False


class Report(msgspec.Struct, frozen=True):
    """All counts since the stretch began, so that a lost report loses nothing; delays since the last report.

    Attributes:
        page: which of the seat's pages it is, each of which counts for itself; a page that is loaded again is another.
        delays: in ms, of messages that came live; none while the page is hidden.
        left_out: messages whose delay was not measured, because the page was hidden.
        late: messages that were caught up with after a break.
    """

    stretch: Count
    technique: Technique
    state: Word
    page: Word = ""
    cursor: Word | None = None
    delays: Annotated[list[Delay], Meta(max_length=MOST_DELAYS)] = []
    left_out: Count = 0
    received: Count = 0
    lost: Count = 0
    doubled: Count = 0
    reordered: Count = 0
    late: Count = 0
    requests: Count = 0
    clock: Clock | None = None
    hidden: bool = False
    fault: FaultReport | None = None


_decoder = msgspec.json.Decoder(Report)


def parse_report(data: bytes | str) -> Report:
    """Read a report.

    Raises:
        Problem: 400, it is not JSON; 422, something in it is not as expected.
    """
    try:
        return _decoder.decode(data)
    except msgspec.ValidationError as error:
        raise Problem(422, f"Expected a report: {error}.") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Problem(400, f"Expected JSON in UTF-8: {error}.") from None

"""A class written down as it happens, so that it can be played again in the same pages, without phones and network.

A recording is a file of JSON lines. The first says what it is: `pushdemo_recording` (1, the version of this format),
the seed of what came at random, the machine, when it was made. Each further line has `at`, in ms since the beginning,
and one of these:

- `state`: what the projector was told, whole; the first line has it, and later ones where something came or went;
- `set`: what changed in it since the line before, a path such as `figures/sse/median` and the value;
- `message`: one that was published in the class's room, as the feed has it;
- `capture`: at the end, for each group, the bytes that crossed its port last, as a pcapng file in base64.

It holds what the projector was told, and nothing that only the teacher is. The captures hold all bytes: also names, and
the cookies by which the students had their seats in that class, and in no other.
"""

import base64
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from pushdemo import __version__
from pushdemo.clock import Clock, Timer
from pushdemo.lab import pcapng
from pushdemo.lab.capture import Capture
from pushdemo.messages import Message

FORMAT = 1
EVERY_S = 1.0
NOT_TOLD = ("now", "role")
"""Of the state: each line says itself when it was."""

encode = msgspec.json.Encoder().encode
State = dict[str, Any]


class RecordingError(Exception):
    """The file cannot be written; one sentence says why."""


class Recording:
    """Writes one class into a file.

    Args:
        path: of the file; it must not be there yet, for a class that was recorded is not to be lost.
        told: says what the projector is told.
        clock: for when what happened.
        seed: of the messages that come at random.

    Raises:
        RecordingError: the file is there, or cannot be made.
    """

    def __init__(self, path: Path, told: Callable[[], State], clock: Clock, seed: int) -> None:
        self.path = path
        self._told = told
        self._clock = clock
        self._seed = seed
        self._began = clock.monotonic()
        self._state: State | None = None
        self._timer: Timer | None = None
        self._failure: str | None = None
        self._bytes = 0
        try:
            self._file: IO[bytes] = path.open("xb")
        except FileExistsError:
            raise RecordingError(f"{path} is there already; record into another file.") from None
        except OSError as error:
            raise RecordingError(f"Cannot record into {path}: {error.strerror}.") from None

    def start(self) -> None:
        """Write the first lines, and a line whenever something has changed, once a second."""
        self._write(
            {
                "pushdemo_recording": FORMAT,
                "made_at": round(self._clock.wall_ms()),
                "pushdemo": __version__,
                "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
                "seed": self._seed,
            }
        )
        self._look()

    def message(self, message: Message) -> None:
        """Write a message of the class's room."""
        self._write({"at": self._at, "message": msgspec.Raw(message.json)})

    def stop(self, captures: dict[str, Capture]) -> None:
        """Write what is left, and what crossed each group's port; nothing is written afterwards."""
        if self._file.closed:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._note(self._told())
        for group, capture in captures.items():
            content = base64.b64encode(b"".join(pcapng.write(capture))).decode()
            self._write({"at": self._at, "capture": {"group": group, "pcapng": content}})
        self._file.close()

    def told(self) -> dict[str, Any]:
        """Return what the teacher is told of it."""
        return {"path": str(self.path), "bytes": self._bytes, "failure": self._failure}

    @property
    def _at(self) -> int:
        return round(1_000 * (self._clock.monotonic() - self._began))

    def _look(self) -> None:
        self._note(self._told())
        self._timer = self._clock.call_later(EVERY_S, self._look)

    def _note(self, told: State) -> None:
        state = {name: value for name, value in told.items() if name not in NOT_TOLD}
        if self._state is None:
            self._write({"at": self._at, "state": state})
        elif changes := list(differences(self._state, state)):
            self._write({"at": self._at, "set": changes})
        self._state = state

    def _write(self, line: dict[str, Any]) -> None:
        """Write a line; when the disk is full, the class goes on, and the teacher is told."""
        if self._failure is not None or self._file.closed:
            return
        data = encode(line) + b"\n"
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            self._failure = f"Nothing more is recorded: {error.strerror}."
        else:
            self._bytes += len(data)


def differences(before: State, after: State, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what is different in `after`: a path, of names with slashes between them, and the value there.

    Where an object has other names than before, it is given whole.
    """
    for name, value in after.items():
        former, place = before.get(name), f"{path}{name}"
        if isinstance(value, dict) and isinstance(former, dict) and value.keys() == former.keys():
            yield from differences(former, value, f"{place}/")
        elif value != former:
            yield place, value

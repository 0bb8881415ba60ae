"""How far a measurement is: a bar on the terminal, or nothing."""

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from benchmarks.run import Tell


class Silent:
    """Tells nobody."""

    def begin(self, what: str, runs: int) -> None: ...

    def run(self, what: str) -> Tell:
        return lambda doing, share: None

    def end(self) -> None: ...


class Bar:
    """One bar over all runs, with what is being done; on standard error, so that the output stays clean.

    Where nobody said how many runs are to come, it shows only that it goes on.
    """

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.description:<34}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[doing]}"),
            console=Console(file=sys.stderr),
            transient=True,
        )
        self._task: TaskID | None = None
        self._done = -1

    def begin(self, what: str, runs: int | None) -> None:
        self._done = -1
        self._task = self._bar.add_task(what, total=runs, doing="")
        self._bar.start()

    def run(self, what: str) -> Tell:
        if self._task is None:
            self.begin(what, None)
        self._done += 1
        done, task = self._done, self._task
        assert task is not None
        self._bar.update(task, description=what, completed=done)

        def tell(doing: str, share: float) -> None:
            self._bar.update(task, completed=done + share, doing=doing)

        return tell

    def end(self) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None
        self._bar.stop()

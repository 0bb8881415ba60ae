"""Where results go: files in a folder, and the last report to where the server's `/report` finds it.

Beside the last report lie the results of the last run of all techniques: `/api/measured` tells them.
"""

import contextlib
import datetime as dt
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from benchmarks import csv_file, results, samples
from benchmarks.report import Section, build
from benchmarks.session import Session

FOLDER = "benchmark-results"
RESULTS, TABLE, SAMPLES, REPORT = "results.json", "results.csv", "samples.csv.gz", "report.html"


def default_folder() -> Path:
    """Return a folder below this one that is named after the time."""
    return Path(FOLDER) / dt.datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")


def last_report() -> Path:
    """Return where pushdemo looks for the last report."""
    named = os.environ.get("PUSHDEMO_REPORT")
    return Path(named).expanduser() if named else Path(platformdirs.user_data_dir("pushdemo", appauthor=False)) / REPORT


def save(session: Session, sections: Sequence[Section], folder: Path) -> None:
    """Write all files of a measurement, and put its report where the server shows it.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    results.write(session.results, folder / RESULTS)
    csv_file.write(session.results, folder / TABLE)
    samples.write([session.samples[number] for number in range(len(session.results.runs))], folder / SAMPLES)
    report = build(session.results, session.samples, sections)
    (folder / REPORT).write_text(report, encoding="utf-8")
    if _has_any(session.results):  # else the last report stays
        with contextlib.suppress(OSError):  # they are in the folder already
            publish(report, last_report())
            if session.results.kind == "run":  # what this machine's constants can be told from
                publish((folder / RESULTS).read_text(encoding="utf-8"), last_report().with_name(RESULTS))


def _has_any(found: results.Results) -> bool:
    """Return whether anything was delivered."""
    return any(run.received for run in found.runs) or any(run.deliveries for run in found.fanout)


def publish(content: str, place: Path) -> None:
    """Put a file in its place whole, so that a reload never shows half of it.

    Raises:
        OSError: it cannot be written there.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, delete=False) as file:
        made = Path(file.name)
        try:
            file.write(content)
        except OSError:
            made.unlink()
            raise
    made.chmod(0o644)
    made.replace(place)

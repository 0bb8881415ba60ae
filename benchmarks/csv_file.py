"""`results.csv`: one row per run, for a spreadsheet; every single value of `results.json`, under its path there.

Of a fan-out they are its runs, with columns of their own.

The columns are those of the schema, whether this run has values for them or not, so that files of different calls fit
below one another; only the columns `point.…` depend on what was swept. What was not measured is empty, never 0.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import msgspec

from benchmarks.results import FANOUT, FanoutRun, Results, Run

Names = tuple[str, ...]


def columns(results: Results) -> list[str]:
    """Return the head of the file: `run`, the index in `results.json`, and the paths of the values, with dots."""
    return ["run", *(".".join(names) for names in _paths(results))]


def write(results: Results, path: Path) -> None:
    """Write `results.csv`."""
    paths = _paths(results)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns(results))
        for index, run in enumerate(results.fanout if results.kind == FANOUT else results.runs):
            values = msgspec.to_builtins(run)
            out.writerow([index, *(_written(_value_at(values, names)) for names in paths)])


def _paths(results: Results) -> list[Names]:
    paths: list[Names] = []
    for names in _paths_of(FanoutRun if results.kind == FANOUT else Run):
        if names == ("point",):
            swept = dict.fromkeys(option for run in results.runs for option in run.point)
            paths.extend((*names, option) for option in swept)
        elif names != ("warnings",):
            paths.append(names)
    return paths


def _paths_of(kind: type[msgspec.Struct], before: Names = ()) -> Iterator[Names]:
    """Go through the fields of a struct, and through those of the structs in it."""
    for field in msgspec.structs.fields(kind):
        names = (*before, field.name)
        inner = next((each for each in (field.type, *get_args(field.type)) if _is_struct(each)), None)
        if inner is None:
            yield names
        else:
            yield from _paths_of(inner, names)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _value_at(values: Any, names: Names) -> Any:
    for name in names:
        values = values.get(name) if isinstance(values, Mapping) else None
    return values


def _written(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)

"""What a class measured, to take home: a row for each phone, stretch and technique, as JSON and for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import msgspec

from pushdemo.classroom.classroom import Classroom
from pushdemo.classroom.results import Row

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet takes a cell that begins so for a formula, some in full width, too, and a nickname may begin so."""


def as_json(classroom: Classroom) -> bytes:
    """Return the rows, with what the class is set to and its figures of the present stretch."""
    told = classroom.told_projector()
    names = ("class", "stretch", "groups", "rate", "at_random", "text_bytes", "figures", "by_group", "simulated")
    content = {
        "at": told["now"],
        **{name: told[name] for name in names},
        "fault": told["fault"],
        "experiment": told["experiment"],
        "rows": classroom.results(),
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2)


def as_csv(rows: Iterable[Row]) -> bytes:
    """Return the rows as CSV (RFC 4180), in UTF-8 with the mark by which spreadsheets know it."""
    columns = Row.__struct_fields__
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(columns)
    for row in rows:
        table.writerow([_cell(getattr(row, column)) for column in columns])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_BEGINS) else value

"""What the page gets of a unit, as JSON: in short with the live traffic, and in full on demand."""

import base64
from typing import Any

from pushdemo.lab.view import Crossed
from pushdemo.wire.dissectors.fields import Field, Unit


def unit_in_short(crossed: Crossed) -> dict[str, Any]:
    """Return a unit as it stands in lists and pictures."""
    unit = crossed.unit
    return {
        "connection": crossed.connection,
        "sent_at": round(crossed.sent_at, 3),
        "arrived_at": round(crossed.arrived_at, 3),
        "accounts": unit.accounts(),
        "size": unit.size,
        **{name: value for name, value in unit._asdict().items() if name != "fields"},
    }


def unit_in_full(unit: Unit, data: bytes | None) -> dict[str, Any]:
    """Return a unit's bytes and fields.

    Args:
        unit: the unit.
        data: its bytes; None where they are no longer kept.
    """
    fields = []
    offset = 0
    for field in unit.fields:
        fields.append(_field(field, offset))
        offset += field.length
    return {"bytes": None if data is None else base64.b64encode(data).decode(), "fields": fields}


def _field(field: Field, offset: int) -> dict[str, Any]:
    return {
        "offset": offset,
        "length": field.length,
        "account": field.account,
        "value": field.value,
        "bits": [bits._asdict() for bits in field.bits],
        **field.kind._asdict(),
    }

"""Tests of every technique of which `make test` runs only some."""

from typing import Any

import pytest

from pushdemo.feed import TECHNIQUES


def some_now(*techniques: str) -> list[Any]:
    """Return all techniques as parameters: these for `make test`, the others for `make test-long`."""
    return [pytest.param(each, marks=() if each in techniques else pytest.mark.long) for each in TECHNIQUES]

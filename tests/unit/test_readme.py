"""The README mentions everything that users can set, reach or call."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from pushdemo import report_page
from pushdemo.pages import PAGES
from pushdemo.settings import Settings

ROOT = Path(__file__).parents[2]
OTHER_FLAGS = ["--log", "--report", "--workers", "--lan", "--class", "--address", "--title", "--simulate", "--record"]
README = (ROOT / "README.md").read_text()


def default_in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, int) and value >= 1_000:
        return f"{value:,}"
    return str(value)


def table_row(flag: str) -> list[str]:
    """Return the cells of the option table's row for `flag`."""
    rows = [line for line in README.splitlines() if line.startswith(f"| `{flag}` |")]
    assert len(rows) == 1, f"{flag} stands in {len(rows)} rows"
    return [cell.strip() for cell in rows[0].strip("|").split("|")]


@pytest.mark.parametrize("each", fields(Settings), ids=lambda each: each.name)
def test_every_setting_stands_in_the_readme_with_its_default_unit_and_reason(each: Any) -> None:
    _, default, reason = table_row(f"--{each.name.replace('_', '-')}")
    assert default.replace(",", "") == default_in_words(each.default).replace(",", "")
    assert reason == f"{each.metadata['unit']}: {each.metadata['reason']}"


@pytest.mark.parametrize("flag", OTHER_FLAGS)
def test_the_other_flags_stand_in_the_readme(flag: str) -> None:
    assert len(table_row(flag)) == 3


def test_no_flag_stands_in_the_readme_that_is_not_there() -> None:
    named = set(re.findall(r"^\| `(--[a-z-]+)` \|", README, re.MULTILINE))
    assert named == {f"--{each.name.replace('_', '-')}" for each in fields(Settings)} | set(OTHER_FLAGS)


@pytest.mark.parametrize("path", [*(path for path in PAGES if path != "/"), report_page.PATH])
def test_every_page_stands_in_the_readme(path: str) -> None:
    assert f"`{path}`" in README


def test_every_make_target_stands_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    targets = set(phony.split()) - {"FORCE", "apt-packages"}
    assert targets >= {"run", "test"}
    assert {target for target in targets if f"`make {target}" not in README} == set()


def test_every_make_target_in_the_readme_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"`make ([a-z-]+)", README))
    assert {target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()


@pytest.mark.parametrize(
    "path",
    [
        "POST /api/rooms/{room}/messages",
        "GET /api/rooms/{room}/short-poll",
        "GET /api/rooms/{room}/long-poll",
        "GET /api/rooms/{room}/sse",
        "GET /api/rooms/{room}/ws",
        "/socket.io/",
        "GET /api/rooms",
        "GET /api/time",
        "GET /api/class",
        "GET /api/handshake/ws",
        "GET /healthz",
        "GET /metrics",
        "GET /api/openapi.yaml",
    ],
)
def test_every_part_of_the_api_stands_in_the_readme(path: str) -> None:
    assert path in README


def test_every_file_the_readme_shows_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert {link for link in links if not (ROOT / link).exists()} == set()

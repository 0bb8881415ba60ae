"""The benchmark's report in a browser: it pleases axe, fits a phone, and asks nobody for anything."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from benchmarks.report import build
from tests.support.accessibility import SCHEMES, SIZES, overflow, violations
from tests.support.visits import Visits
from tests.unit.benchmarks.made_up import made_up

SWEEPS = {"one run": None, "a sweep": {"clients": [10.0, 100.0]}}


@pytest.mark.parametrize("kind", ["one run", pytest.param("a sweep", marks=pytest.mark.long)])
def test_the_report_pleases_axe_in_light_and_dark_and_fits_every_size(
    visits: Visits, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / "report.html"
    file.write_text(build(*made_up(sweep=SWEEPS[kind])), encoding="utf-8")
    page = visits.person().new_page()
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name="Conclusions")).to_be_visible()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme
    for size in SIZES:
        page.set_viewport_size(size)
        assert overflow(page) == [], size

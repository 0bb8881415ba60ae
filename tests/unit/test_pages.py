"""The pages, their files and the source they show."""

import re
from pathlib import Path
from typing import Any

import pytest

from pushdemo import pages, report_page
from pushdemo.app import create_app
from pushdemo.feed import TECHNIQUES
from pushdemo.pages import (
    ELSEWHERE,
    ELSEWHERE_NAME,
    FRAME,
    FRAME_NAME,
    LAB_NAME,
    LABS,
    PAGES,
    SHEET_NAME,
    SHEETS,
    SHEETS_SHORT,
    static_directory,
)
from tests.unit.asgi import Exchange, ask, http_scope
from tests.unit.samples import feed_of

STATIC = Path(__file__).parents[2] / "static"


@pytest.fixture
def app() -> Any:
    return create_app(feed_of())


async def get(app: Any, path: str, **more: Any) -> Exchange:
    return await ask(app, http_scope("GET", path, **more))


def test_the_pages_are_those_of_the_contract() -> None:
    assert {*PAGES, report_page.PATH} == {
        "/",
        "/short-polling",
        "/long-polling",
        "/sse",
        "/websocket",
        "/socket-io",
        "/handshake",
        "/compare",
        "/labs",
        "/join",
        "/class",
        "/class/projector",
        "/report",
    }


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_html_under_a_policy_that_lets_in_nothing_from_elsewhere(app: Any, path: str) -> None:
    page = await get(app, path, host="LocalHost:8000")
    assert (page.status, page.field("content-type")) == (200, "text/html; charset=utf-8")
    assert page.content == (STATIC / PAGES[path]).read_bytes()
    assert page.field("cache-control") == "no-cache"
    assert page.field("x-content-type-options") == "nosniff"
    policy = dict(part.strip().split(" ", 1) for part in (page.field("content-security-policy") or "").split(";"))
    assert policy == {
        "default-src": "'self'",
        "connect-src": "'self' ws://LocalHost:8000 wss://LocalHost:8000",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    } | ({"frame-src": "http://LocalHost:*"} if path in ("/compare", "/join", "/class") else {})


@pytest.mark.parametrize("number", LABS)
async def test_every_experiment_has_the_same_page_that_lets_in_frames_of_lab_ports(app: Any, number: int) -> None:
    page = await get(app, f"/labs/{number}", host="LocalHost:8000")
    assert (page.status, page.content) == (200, (STATIC / LAB_NAME).read_bytes())
    assert "frame-src http://LocalHost:*;" in (page.field("content-security-policy") or "")


@pytest.mark.parametrize(
    "path",
    [
        "/labs/0",
        "/labs/13",
        "/labs/-1",
        "/labs/waste",
        "/labs/13/sheet",
        "/labs/1/",
        "/labs/1.5",
        pytest.param(f"/labs/{'1' * 5_000}", id="thousands"),
    ],
)
async def test_there_are_no_other_experiments(app: Any, path: str) -> None:
    page = await get(app, path)
    assert (page.status, page.field("content-type")) == (404, "application/problem+json")


def test_there_is_an_experiment_for_each_that_the_pages_list() -> None:
    catalogue = (STATIC / "js" / "labs" / "catalogue.js").read_text()
    assert [int(number) for number in re.findall(r"\{ number: (\d+)", catalogue)] == list(LABS)


@pytest.mark.parametrize(("path", "name"), [(FRAME, FRAME_NAME), (ELSEWHERE, ELSEWHERE_NAME)])
async def test_what_runs_at_lab_ports_is_shown_within_another_page_there_alone(app: Any, path: str, name: str) -> None:
    page = await get(app, path)
    assert page.content == (STATIC / name).read_bytes()
    assert "frame-ancestors 'none'" in (page.field("content-security-policy") or "")


@pytest.mark.parametrize("path", [*(f"/labs/{number}/sheet" for number in LABS), SHEETS])
async def test_every_experiment_and_all_together_have_a_sheet(app: Any, path: str) -> None:
    page = await get(app, path)
    assert (page.status, page.content) == (200, (STATIC / SHEET_NAME).read_bytes())


async def test_the_short_address_of_all_sheets_leads_there_with_its_query(app: Any) -> None:
    page = await ask(app, http_scope("GET", f"{SHEETS_SHORT}?seed=7"))
    assert (page.status, page.field("location")) == (307, "all/sheet?seed=7")


@pytest.mark.parametrize("name", [*PAGES.values(), LAB_NAME, SHEET_NAME, FRAME_NAME, ELSEWHERE_NAME, report_page.NAME])
def test_a_page_needs_nothing_its_policy_forbids(name: str) -> None:
    html = (STATIC / name).read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", html), "a script within the page"
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=", html), "a style or a handler within the page"
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html), "something from elsewhere"


@pytest.mark.parametrize("technique", TECHNIQUES)
async def test_the_source_of_a_transport_is_told_as_it_runs(app: Any, technique: str) -> None:
    source = await get(app, f"/api/source/{technique}")
    assert (source.status, source.field("content-type")) == (200, "text/plain; charset=utf-8")
    module = STATIC.parent / "pushdemo" / "transports" / f"{technique.replace('-', '_')}.py"
    assert source.content == module.read_bytes()


@pytest.mark.parametrize("technique", ["publish", "short_poll", "SSE", "__init__", "..", "%2e%2e%2fapp", "os"])
async def test_of_anything_else_no_source_is_told(app: Any, technique: str) -> None:
    source = await get(app, f"/api/source/{technique}")
    assert (source.status, source.field("content-type")) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/static/js/transports/sse.js", "text/javascript; charset=utf-8"),
        ("/static/css/base.css", "text/css; charset=utf-8"),
    ],
)
async def test_a_file_is_given_and_asked_for_again_when_it_changes(app: Any, path: str, media_type: str) -> None:
    file = await get(app, path)
    assert (file.status, file.field("content-type")) == (200, media_type)
    assert file.content == (STATIC.parent / path.lstrip("/")).read_bytes()
    assert (file.field("cache-control"), file.field("x-content-type-options")) == ("no-cache", "nosniff")
    again = await get(app, path, fields=[("If-None-Match", file.field("etag") or "")])
    assert (again.status, again.content) == (304, b"")
    assert again.field("cache-control") == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static",
        "/static/js",
        "/static/js/",
        "/static/nothing.js",
        "/static/../pyproject.toml",
        "/static/js/../../pyproject.toml",
        "/static//etc/passwd",
        "/static/..\\pyproject.toml",
        "/static/%2e%2e/pyproject.toml",
        "/static/js\x00.js",
        "/static/" + "a" * 5_000,
    ],
)
async def test_nothing_but_its_files_is_below_static(app: Any, path: str) -> None:
    answer = await get(app, path)
    assert (answer.status, answer.field("content-type")) == (404, "application/problem+json")


def test_the_pages_files_are_found_in_the_package_first_and_beside_it_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "__file__", str(tmp_path / "pushdemo" / "pages.py"))
    with pytest.raises(FileNotFoundError, match="install pushdemo again"):
        static_directory()
    (tmp_path / "static" / "js").mkdir(parents=True)
    assert static_directory() == tmp_path / "static"
    (tmp_path / "pushdemo" / "static" / "js").mkdir(parents=True)
    assert static_directory() == tmp_path / "pushdemo" / "static"

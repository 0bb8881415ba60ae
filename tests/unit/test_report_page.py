"""The page /report: the last benchmark's report, or how to make one."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import msgspec
import platformdirs
import pytest

from pushdemo.app import create_app
from tests.unit.asgi import Exchange, ask, http_scope
from tests.unit.samples import feed_of

STATIC = Path(__file__).parents[2] / "static"
NONE_YET = STATIC / "report.html"
REPORT = "<!doctype html><title>Report</title><style>p { color: green }</style><p>5 µs".encode()
ABSENT = Path("nobody", "wrote", "this.html")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the report is, or will be."""
    return tmp_path / "report.html"


async def get(file: Path | None, path: str = "/report", method: str = "GET", **more: Any) -> Exchange:
    return await ask(create_app(feed_of(), report=file), http_scope(method, path, **more))


async def test_the_report_is_given_as_it_is_under_a_policy_that_lets_it_draw_and_nothing_else(file: Path) -> None:
    file.write_bytes(REPORT)
    page = await get(file)
    assert (page.status, page.field("content-type")) == (200, "text/html; charset=utf-8")
    assert page.content == REPORT
    assert page.field("cache-control") == "no-cache"
    assert page.field("x-content-type-options") == "nosniff"
    assert (page.field("content-security-policy") or "").split("; ") == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "sandbox",
    ]


async def test_a_new_report_is_there_at_the_next_request(file: Path) -> None:
    app = create_app(feed_of(), report=file)
    answers = []
    for report in (None, REPORT, REPORT * 2):
        if report is not None:
            file.write_bytes(report)
        answer = await ask(app, http_scope("GET", "/report"))
        answers.append((answer.status, answer.content))
    file.unlink()
    answer = await ask(app, http_scope("GET", "/report"))
    answers.append((answer.status, answer.content))
    none = (404, NONE_YET.read_bytes())
    assert answers == [none, (200, REPORT), (200, REPORT * 2), none]


async def test_where_there_is_none_a_page_of_ours_says_how_to_make_one() -> None:
    page = await get(ABSENT, host="LocalHost:8000")
    assert (page.status, page.field("content-type")) == (404, "text/html; charset=utf-8")
    assert page.field("cache-control") == "no-cache"
    assert page.field("x-content-type-options") == "nosniff"
    policy = page.field("content-security-policy") or ""
    assert policy.startswith("default-src 'self'; connect-src 'self' ws://LocalHost:8000 wss://LocalHost:8000; ")
    html = page.content.decode()
    assert 'data-text="report.heading"' in html
    assert "<code>make bench</code>" in html
    assert "<code>python -m benchmarks</code>" in html


async def test_the_page_in_its_place_asks_for_nothing_that_is_not_there() -> None:
    asked_for = re.findall(r'(?:href|src)="([^"#][^"]*)"', NONE_YET.read_text())
    assert "static/js/report.js" in asked_for
    for reference in set(asked_for):
        assert (await get(ABSENT, urljoin("/report", reference))).status == 200, reference


async def test_a_part_cannot_be_asked_for_of_either(file: Path) -> None:
    first = [("Range", "bytes=0-9")]
    assert (await get(file, fields=first)).status == 404
    file.write_bytes(REPORT)
    page = await get(file, fields=first)
    assert (page.status, page.content) == (200, REPORT)


@pytest.mark.parametrize("report", [REPORT, None])
async def test_head_says_what_get_would(file: Path, report: bytes | None) -> None:
    if report is not None:
        file.write_bytes(report)
    head, page = await get(file, method="HEAD"), await get(file)
    assert head.sent[0] == page.sent[0]
    assert head.field("content-length") == str(len(page.content))


async def test_unless_told_otherwise_it_is_where_the_benchmark_leaves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def user_data_dir(*names: Any, **more: Any) -> str:
        asked.append((names, more))
        return str(tmp_path)

    monkeypatch.setattr(platformdirs, "user_data_dir", user_data_dir)
    (tmp_path / "report.html").write_bytes(REPORT)
    assert (await get(None)).content == REPORT
    assert asked == [(("pushdemo",), {"appauthor": False})]


# --- what cannot be read ---


async def problem(file: Path) -> str:
    answer = await get(file)
    assert (answer.status, answer.field("content-type")) == (503, "application/problem+json")
    assert answer.field("cache-control") == "no-store"
    detail: str = msgspec.json.decode(answer.content)["detail"]
    assert str(file) not in detail
    return detail


async def test_a_folder_in_its_place_is_a_problem(tmp_path: Path) -> None:
    assert await problem(tmp_path) == "What is in the place of the report is not a file."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
async def test_a_pipe_in_its_place_is_not_waited_for(file: Path) -> None:
    os.mkfifo(file)
    assert await problem(file) == "What is in the place of the report is not a file."


async def test_a_path_through_a_file_is_a_problem(file: Path) -> None:
    file.write_bytes(REPORT)
    detail = await problem(file / "report.html")
    assert re.fullmatch(r"The report cannot be read: [^:]+\.", detail)


async def test_a_report_that_nobody_lets_us_read_is_a_problem(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    file.write_bytes(REPORT)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert await problem(file) == "The report cannot be read: Permission denied."


async def test_the_results_beside_the_report_are_told_as_they_are(file: Path) -> None:
    file.with_name("results.json").write_text('{"schema": 1, "runs": []}')
    answer = await get(file, "/api/measured")
    assert (answer.status, answer.field("content-type")) == (200, "application/json")
    assert answer.field("cache-control") == "no-store"
    assert answer.content == b'{"schema": 1, "runs": []}'


async def test_where_nothing_was_measured_there_is_nothing_to_tell(file: Path) -> None:
    answer = await get(file, "/api/measured")
    assert (answer.status, answer.content) == (204, b"")


async def test_results_that_are_no_file_are_a_problem(file: Path) -> None:
    file.with_name("results.json").mkdir()
    answer = await get(file, "/api/measured")
    assert answer.status == 503
    assert msgspec.json.decode(answer.content)["detail"] == "What is in the place of the results is not a file."

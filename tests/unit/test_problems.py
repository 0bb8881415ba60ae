"""Refusals as RFC 9457 problem details."""

import pytest

from pushdemo.problems import MEDIA_TYPE, Problem, shown


def test_a_problem_tells_its_details_as_rfc_9457_names_them() -> None:
    assert Problem(404, "There is nothing at /x.").details() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at /x.",
    }
    assert MEDIA_TYPE == "application/problem+json"


def test_a_problem_that_passes_says_when_to_come_back_in_header_and_body() -> None:
    problem = Problem(429, "Too many.", retry_after_s=7)
    assert problem.headers == {"Retry-After": "7"}
    assert problem.details()["retry_after"] == 7


def test_a_problem_that_stays_says_nothing_of_coming_back() -> None:
    assert Problem(400, "No.").headers == {}
    assert "retry_after" not in Problem(400, "No.").details()


def test_a_problem_reads_as_its_sentence() -> None:
    assert str(Problem(400, "Expected this; that came.")) == "Expected this; that came."


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503])
def test_every_status_of_the_contract_has_a_title(status: int) -> None:
    assert Problem(status, "x").details()["title"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("lobby", "'lobby'"),
        ("a\nb", r"'a\nb'"),
        ("é", r"'\xe9'"),
        ("x" * 38, "'" + "x" * 38 + "'"),
        ("x" * 39, "'" + "x" * 36 + "..."),
        ("x" * 10_000, "'" + "x" * 36 + "..."),
    ],
)
def test_what_came_is_shown_quoted_on_one_line_and_cut(value: str, text: str) -> None:
    assert shown(value) == text
    assert len(shown(value)) <= 40

"""Names of students: what one may look like, and which are the same."""

import pytest

from pushdemo.classroom.names import MOST_CHARACTERS, RESERVED, check_name, key_of
from pushdemo.problems import Problem


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Li", "Li"),
        ("  Li   Na ", "Li Na"),
        ("李娜", "李娜"),
        ("e\u0301lan", "\u00e9lan"),  # composed (NFC)
        ("李\u3000娜", "李 娜"),  # the blank of Chinese type
        ("\U0001f468\u200d\U0001f680", "\U0001f468\u200d\U0001f680"),  # one emoji of two, joined
        ("x" * MOST_CHARACTERS, "x" * MOST_CHARACTERS),
        ("🦊", "🦊"),
        ("❤\ufe0f", "❤\ufe0f"),  # in colour
    ],
)
def test_a_name_is_kept_as_it_is_shown(given: str, name: str) -> None:
    assert check_name(given) == name


@pytest.mark.parametrize(
    "given",
    [
        "",
        "   ",
        "x" * (MOST_CHARACTERS + 1),
        "a\u202eb",
        "a\x00b",
        "a\nb",
        "\u200d",
        "\u2066a",
        "a\ud800",
        "\ue000",
        "\ufeffa",
        "\u3164",  # Hangul's filler, a letter that nobody sees
        "\u2800 \u115f",
    ],
)
def test_a_name_has_letters_that_can_be_seen(given: str) -> None:
    with pytest.raises(Problem) as refused:
        check_name(given)
    assert refused.value.status == 422
    assert refused.value.detail.startswith("A name has ")


ALIKE = ["t\u0435\u0430cher", "\u0422eacher", "\u039c\u0395\u03a4R\u039f\u039d\u039f\u039c\u0395", "adm\u0131n"]
"""With letters of Cyrillic, of Greek, and the i of Turkish without its dot."""
UNSEEN = ["teacher\u3164", "tea\ufe0fcher", "teacher\u034f", "ad\u200dmin"]


@pytest.mark.parametrize("given", [*RESERVED, "Teacher", "ＴＥＡＣＨＥＲ", " admin ", "Metronome", *ALIKE, *UNSEEN])
def test_nobody_is_called_as_the_teacher_or_the_server(given: str) -> None:
    with pytest.raises(Problem, match="Nobody but the teacher and the server"):
        check_name(given)


def test_a_name_that_begins_like_the_teachers_is_a_name() -> None:
    assert check_name("teacher's pet") == "teacher's pet"


@pytest.mark.parametrize(
    ("one", "other"), [("Li", "LI"), ("Li", "Ｌｉ"), ("Straße", "STRASSE"), ("a\u200cb", "ab"), ("Anna", "\u0410nna")]
)
def test_names_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def test_names_that_look_different_are_different() -> None:
    assert key_of("李娜") != key_of("李那")
    assert len({key_of(name) for name in ("Анна", "Яна", "Нина", "Лина", "Ελένη", "Άννα")}) == 6

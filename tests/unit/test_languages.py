"""The texts of the pages: the same keys in every language, each of them used, and no page asks for a missing one."""

import json
import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
LANGUAGES = {path.stem: json.loads(path.read_text()) for path in sorted((STATIC / "lang").glob("*.json"))}
IN_SCRIPT = re.compile(r"""\b(?:t|rich)\(\s*(?:"([^"]+)"|`([^`]+)`)|/\* text \*/ (?:"([^"]+)"|`([^`]+)`)""")
IN_PAGE = re.compile(r'\sdata-(?:text|rich|label|title|placeholder|content)="([^"]+)"')
PLACE = re.compile(r"\{(\w+)\}")
CATEGORIES = {"en": {"one", "other"}, "zh": {"other"}}
"""Of Intl.PluralRules (CLDR)."""


def asked_for() -> dict[str, set[str]]:
    """Return the keys that pages and scripts name, with the files that do; a `*` stands for what a script fills in."""
    asked: dict[str, set[str]] = {}
    for path in chain(STATIC.glob("*.html"), (STATIC / "js").rglob("*.js")):
        text = path.read_text()
        pattern = IN_PAGE if path.suffix == ".html" else IN_SCRIPT
        for match in pattern.finditer(text):
            key = re.sub(r"\$\{[^}]*\}", "*", next(group for group in match.groups() if group))
            asked.setdefault(key, set()).add(path.name)
    return asked


def matches(pattern: str, key: str) -> bool:
    """Return whether a key is one that `pattern` may come to."""
    return compiled(pattern).fullmatch(key) is not None


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return what matches the keys of a pattern: there are more than `re` keeps, and each is asked for every key."""
    return re.compile(re.escape(pattern).replace(r"\*", ".+"))


def forms(text: str | dict[str, str]) -> dict[str, str]:
    """Return a text by plural category."""
    return {"other": text} if isinstance(text, str) else text


def test_there_are_english_and_chinese() -> None:
    assert list(LANGUAGES) == ["en", "zh"]


def test_every_language_has_the_same_keys_in_order() -> None:
    first, *others = LANGUAGES.values()
    assert list(first) == sorted(first)
    for other in others:
        assert list(other) == list(first)


def test_every_key_that_a_page_asks_for_is_there() -> None:
    known = LANGUAGES["en"]
    missing = {key: files for key, files in asked_for().items() if not any(matches(key, each) for each in known)}
    assert missing == {}


def test_every_key_is_asked_for() -> None:
    patterns = asked_for()
    assert [key for key in LANGUAGES["en"] if not any(matches(each, key) for each in patterns)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_and_every_plural_has_its_categories(language: str) -> None:
    for key, text in LANGUAGES[language].items():
        assert all(form.strip() for form in forms(text).values()), key
        assert isinstance(text, str) or set(text) == CATEGORIES[language], key


def test_a_text_has_the_same_places_in_every_language() -> None:
    for key, english in LANGUAGES["en"].items():
        places = set(PLACE.findall(forms(english)["other"]))
        for language in LANGUAGES:
            for form in forms(LANGUAGES[language][key]).values():
                found = set(PLACE.findall(form))
                assert found == places or (found | {"count"}) == places, f"{key} in {language}"


def test_a_text_of_one_language_is_not_left_in_another() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    assert [key for key, text in LANGUAGES["en"].items() if any(map(han.search, forms(text).values()))] == []

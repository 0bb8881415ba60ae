"""The names that students give themselves: what one may look like, and when two are the same."""

import re
import unicodedata

from pushdemo.problems import Problem, shown

MOST_CHARACTERS = 24
RESERVED = (
    *("teacher", "administrator", "admin", "metronome", "pushdemo"),
    *("老师", "教师", "管理员", "节拍器", "老師", "教師", "管理員", "節拍器"),
)
BLANKS = re.compile(r"\s+")
HIDDEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
"""Unicode's categories of what is not seen, or turns what is seen about: controls, bidi, private and no characters."""
JOINERS = "\u200c\u200d"
"""Are of `Cf`, too, but belong to Persian and Indian words, and to emoji."""
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Fillers and variation selectors (Unicode's Default_Ignorable_Code_Point), and Braille's blank: letters or marks by
their category, and yet nothing is to be seen of them."""
LOOK_ALIKES = str.maketrans(
    "авекмнорстухѕіјԁԛԝαβεζηικμνορτυχıɑɡ",  # Cyrillic, Greek, and what else there is of Latin, in small letters
    "abekmhopctyxsijdqwabezhikmnoptyxiag",
)
"""Letters that nobody tells from plain Latin ones, as capitals or as small ones (of UTS 39's confusables)."""


def check_name(text: str) -> str:
    """Return a name as it is shown: composed (NFC), blanks trimmed and made one.

    Raises:
        Problem: 422, it is empty, too long, has characters that cannot be seen, or is another's by right.
    """
    if any(unicodedata.category(each) in HIDDEN for each in text if each not in JOINERS):
        raise Problem(422, f"A name has letters that can be seen; this came: {shown(text)}.")
    name = BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if not 1 <= len(name) <= MOST_CHARACTERS:
        raise Problem(422, f"A name has 1 to {MOST_CHARACTERS} characters; this one has {len(name):,}.")
    if not any(unicodedata.category(each)[0] in "LNPS" for each in UNSEEN.sub("", name)):
        raise Problem(422, f"A name has letters that can be seen; this came: {shown(text)}.")
    if key_of(name) in RESERVED_KEYS:
        raise Problem(422, f"Nobody but the teacher and the server is called {name} here. Please take another name.")
    return name


def key_of(name: str) -> str:
    """Return what two names have in common that look the same.

    Neither width and case count (NFKC, casefold), nor what cannot be seen, nor of which script a letter is that looks
    like a Latin one.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = UNSEEN.sub("", "".join(each for each in plain if each not in JOINERS))
    return BLANKS.sub(" ", seen.translate(LOOK_ALIKES)).strip()


RESERVED_KEYS = frozenset(map(key_of, RESERVED))

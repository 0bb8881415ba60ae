"""How a message is known in whatever it is wrapped in: its text ends with `#0` and the ten digits of its number.

No head, envelope, event field or packet of any server contains `#0`. A frame's length can look like `#`, but what
follows it is a brace or a `4`, never `0`.
"""

import random

import msgspec

from benchmarks.load.texts import WORDS
from benchmarks.plan import LEAST_TEXT_BYTES

MARK = b"#0"
FIRST_OF_MARK = MARK[0]
DIGITS = 10
ROOM = "fanout"
SENDER = "fanout"


def digits_of(number: int) -> bytes:
    """Return what follows the mark of message `number`."""
    return b"%010d" % number


def text_before_mark(size: int, seed: int) -> str:
    """Return words to stand before the mark in a text of `size` ASCII characters, the same for the same seed."""
    words = random.Random(seed)
    room = size - LEAST_TEXT_BYTES
    text = ""
    while len(text) < room:
        text += words.choice(WORDS) + " "
    return text[:room]


def draft_around_digits(size: int, seed: int) -> tuple[bytes, bytes]:
    """Return what stands before and behind the digits in the body of a POST."""
    text = text_before_mark(size, seed) + MARK.decode()
    before, found, behind = msgspec.json.encode({"sender": SENDER, "text": text}).rpartition(MARK)
    return before + found, behind

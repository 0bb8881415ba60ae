"""The texts that are published: the message's number, then words, as compressible as chat is."""

import random

from benchmarks.load.arrivals import NUMBER_DIGITS

VOCABULARY = """
seat room free taken please when until tomorrow morning evening window quiet group book cancel thanks sorry floor north
library desk socket lamp noise key card door open close hour half late early moved again confirm
"""
WORDS = tuple(VOCABULARY.split())


def text_of(number: int, size: int, seed: int) -> str:
    """Return the text of message `number`: `size` ASCII characters, the same for the same seed."""
    words = random.Random(f"{seed}-{number}")
    text = f"{number:0{NUMBER_DIGITS}d} "
    while len(text) < size:
        text += words.choice(WORDS) + " "
    return text[: size - 1] + "." if size > NUMBER_DIGITS + 1 else text[:size]

"""Code phrases: eight words that somebody without an account comes back with.

Eight of 2,048 words are 88 bits: nobody guesses one, however fast they ask. The words differ in their first four
letters, so what comes behind these may be wrong, and a phrase can be read out to somebody.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import cache
from pathlib import Path
from typing import Final

WORDS: Final = 8
_BITS: Final = 11
#: So many random bytes make a phrase.
RANDOM_BYTES: Final = WORDS * _BITS // 8
#: So many letters tell one word from all others.
_TOLD_BY: Final = 4
#: What is read of something that was typed.
LONGEST: Final = 200
_LETTERS: Final = re.compile(r"[a-z]+", re.ASCII)


@cache
def list_words() -> tuple[str, ...]:
    """The words of which phrases are made."""
    lines = (Path(__file__).parent / "code_words.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


def make_phrase(random: bytes) -> str:
    """A phrase from eleven random bytes."""
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"a phrase needs {RANDOM_BYTES} random bytes, not {len(random)}")
    number, words = int.from_bytes(random, "big"), list_words()
    return " ".join(words[number >> (_BITS * place) & (len(words) - 1)] for place in reversed(range(WORDS)))


def digest_phrase(secret: str, typed: str) -> bytes:
    """By what a phrase is found again, however it was typed: in capitals, with commas, or with an end of a word that is
    wrong. It takes the ``secret`` of the server to make one: the database alone finds no phrase."""
    words = [word[:_TOLD_BY] for word in _LETTERS.findall(typed[:LONGEST].lower())]
    return hmac.digest(secret.encode(), f"code phrase\0{' '.join(words)}".encode(), hashlib.sha256)

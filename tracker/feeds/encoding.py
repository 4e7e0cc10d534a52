"""Which form of an answer a reader takes (RFC 9110, 12.5.3), and how it is made."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from typing import Final

import brotli  # type: ignore[import-untyped]  # it ships no types
import zstandard

IDENTITY: Final = "identity"
#: The forms that are made, the smallest first.
_FORMS: Final = ("br", "zstd", "gzip")
#: Below this many bytes no form is smaller by enough to be worth its making.
SMALL: Final = 1024
_MOST_NAMED: Final = 32
_QUALITY: Final = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.ASCII)


@lru_cache(256)  # readers are many, the programs that they use are few
def choose_encoding(accepted: str | None) -> str:
    """The form that the reader likes best; of those it likes alike the smallest.

    The plain form is what a reader gets who names no other; it is left out only where it is refused and another is not.
    """
    if not accepted:
        return IDENTITY
    likes = _read_qualities(accepted)
    rest = likes.get("*", 0.0)
    plain_refused = likes.get(IDENTITY, likes.get("*", 1.0)) == 0
    weights = {form: likes.get(form, rest if plain_refused else 0.0) for form in _FORMS}
    best = max(_FORMS, key=lambda form: weights[form])
    return best if weights[best] > 0 and weights[best] >= likes.get(IDENTITY, 0.0) else IDENTITY


def _read_qualities(accepted: str) -> dict[str, float]:
    """How much each form is liked, from 0 to 1. What is not written as the standard says is passed over."""
    qualities: dict[str, float] = {}
    for item in accepted.lower().split(",")[:_MOST_NAMED]:
        name, _, parameter = (part.strip() for part in item.partition(";"))
        match = _QUALITY.fullmatch(parameter)
        if name and (match or not parameter):
            qualities["gzip" if name == "x-gzip" else name] = float(match[1]) if match else 1.0
    return qualities


def encode_body(body: bytes, form: str) -> bytes:
    """The same bytes in always give the same bytes out: the tag depends on it."""
    if form == "gzip":
        return gzip.compress(body, 6, mtime=0)
    if form == "br":
        made: bytes = brotli.compress(body, quality=5)
        return made
    if form == "zstd":
        return zstandard.ZstdCompressor(level=6).compress(body)
    return body

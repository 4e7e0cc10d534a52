"""The small pieces that the text formats share: names, decimals, base64. Each has one spelling, and no other passes.

A verifier that takes two spellings of one thing lets somebody show two people different bytes as "the same".
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Final

from tracker.tlog.errors import Malformed

#: Sizes and indexes stay below this, so that they fit the signed 64 bits of every database and of Go.
LIMIT: Final = 2**63
_DECIMAL: Final = re.compile(r"(?:0|[1-9][0-9]{0,18})")


def decimal(text: str, what: str) -> int:
    """A number from 0 to 2^63-1 in ASCII digits, without a leading zero or a sign."""
    if _DECIMAL.fullmatch(text) is None or int(text) >= LIMIT:
        raise Malformed(f"{what} is not a decimal number without leading zeros below 2^63")
    return int(text)


def to_base64(data: bytes) -> str:
    """Standard base64 with padding."""
    return b64encode(data).decode("ascii")


def from_base64(text: str, what: str) -> bytes:
    """The bytes of canonical base64.

    Python's decoder passes over stray bits in the last character; encoding again and comparing refuses them.
    """
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        raise Malformed(f"{what} is not base64") from None
    if to_base64(data) != text:
        raise Malformed(f"{what} is not base64 in its one canonical spelling")
    return data


def name(text: str, what: str) -> str:
    """The name of a key, and the origin of a log: not empty, no space of any script, no plus, no control."""
    if not text or "+" in text or any(sign.isspace() or sign < " " for sign in text):
        raise Malformed(f"{what} must not be empty and must hold no space, plus or control character")
    return text


def plain(data: bytes, what: str) -> str:
    """UTF-8 without ASCII control characters, except the line feed."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(f"{what} is not UTF-8") from None
    if any(sign < " " and sign != "\n" for sign in text):
        raise Malformed(f"{what} holds a control character other than the line feed")
    return text

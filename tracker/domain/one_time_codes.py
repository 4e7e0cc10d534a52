"""The six digits that a phone shows beside a password (TOTP, RFC 6238: SHA-1, 30 seconds, six digits).

Phones know no other form, so there is none to choose. A code is good for its half minute and the one on each side of
it, and only once: a thief who reads it over somebody's shoulder comes too late.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from tracker.domain.text import to_ascii_digits

_STEP: Final = 30
_DIGITS: Final = 6
#: A clock that goes wrong by half a minute does.
_AROUND: Final = (0, -1, 1)
#: What a phone calls this tracker.
ISSUER: Final = "Accountability tracker"
#: Random bytes of a secret: as long as the digest that is made with it (RFC 4226, 4).
SECRET_BYTES: Final = 20


def write_secret(random: bytes) -> str:
    """A secret as people copy it into a phone."""
    return base64.b32encode(random).decode()


def make_code(secret: str, step: int) -> str:
    """The code of one half minute. `ValueError` for what is no secret."""
    try:
        key = base64.b32decode(secret.replace(" ", "").upper())
    except binascii.Error:
        raise ValueError("a secret is letters and the digits 2 to 7") from None
    digest = hmac.digest(key, step.to_bytes(8), hashlib.sha1)
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4]) & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def find_step(moment: datetime) -> int:
    """In which half minute a moment lies."""
    return int(moment.timestamp()) // _STEP


def find_step_of(secret: str, code: str, now: datetime, used: int | None) -> int | None:
    """The half minute whose code this is; None for a wrong code, and for one that is not newer than the ``used``."""
    given, now_at = to_ascii_digits("".join(code.split())).encode(), find_step(now)
    fits = [
        step
        for step in (now_at + place for place in _AROUND)
        if hmac.compare_digest(make_code(secret, step).encode(), given) and (used is None or step > used)
    ]
    return max(fits, default=None)


def make_address(secret: str, name: str, issuer: str = ISSUER) -> str:
    """The address that a phone reads from a picture."""
    asked = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{issuer}:{name}', safe='')}?{asked}"

"""What a form carries in place of a cookie: that we made it, for what, and until when it is good.

A token of a form also holds the lot that makes its phrase; without the secret of the server nobody makes one.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

from tracker.http.context import Context

#: For what a token is made: to send a tip, to say more about one, and to be let in to one.
SENDING, ADDING, PASSING = "sending", "adding", "passing"
#: How long each is good: a form may lie open for a day; a page with a tip on it, less long.
_LASTS: Final = {SENDING: timedelta(hours=24), ADDING: timedelta(hours=24), PASSING: timedelta(hours=2)}


def make_token(known: Context, purpose: str, now: datetime, value: str = "") -> str:
    """A token that holds a value, or else a lot of its own."""
    value = value or known.entropy(16).hex()
    until = int((now + _LASTS[purpose]).timestamp())
    return f"{value}.{until}.{_sign(known, purpose, value, until)}"


def read_token(known: Context, purpose: str, token: str, now: datetime) -> str | None:
    """The value of a token; None for one of another purpose, for one that is none, and for one that has run out."""
    value, _, rest = token.partition(".")
    until, _, sign = rest.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) < 12) or int(until) <= now.timestamp():
        return None
    fits = hmac.compare_digest(sign.encode(), _sign(known, purpose, value, int(until)).encode())
    return value if fits else None


def _sign(known: Context, purpose: str, value: str, until: int) -> str:
    message = f"tip {purpose}\0{value}\0{until}".encode()
    return hmac.digest(known.settings.secret_key.encode(), message, hashlib.sha256).hex()

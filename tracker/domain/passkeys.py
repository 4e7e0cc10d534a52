"""Passkeys (WebAuthn): a key that a device keeps for one site. The device signs a challenge once it has seen the
finger, the face or the PIN of its owner, so a passkey is two factors, and opens a session in the place of password and
code.

A challenge says until when it is good, and carries a digest that the server alone can make, of what it was given out
for. So nothing is kept of those that strangers ask for, only of the few that were used.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final

#: For how long a challenge may be answered.
CHALLENGE: Final = timedelta(minutes=10)
#: Random bytes of a challenge: the least that WebAuthn asks for (13.4.3).
RANDOM_BYTES: Final = 16
_END_BYTES, _DIGEST_BYTES = 8, 32
#: The longest label that somebody may give a passkey, and how many somebody may have.
LABEL: Final = 60
MOST: Final = 20
#: The longest answer of a browser, in characters, and the longest id of a passkey, in bytes (WebAuthn, 5.1.3).
LONGEST_ANSWER: Final = 20_000
LONGEST_ID: Final = 1023
#: For what a challenge is given out to somebody of whom nobody knows who they are.
LOGIN: Final = "login"


def make_challenge(secret: str, purpose: str, random: bytes, now: datetime) -> bytes:
    """A challenge that is good for one purpose, and from 16 random bytes."""
    end = int((now + CHALLENGE).timestamp()).to_bytes(_END_BYTES)
    return random + end + _sign(secret, purpose, random + end)


def find_end(secret: str, purpose: str, challenge: bytes, now: datetime) -> datetime | None:
    """Until when a challenge may be answered; None for one that is over, was given out for something else, or never."""
    head, digest = challenge[:-_DIGEST_BYTES], challenge[-_DIGEST_BYTES:]
    if len(head) != RANDOM_BYTES + _END_BYTES:
        return None
    if not hmac.compare_digest(digest, _sign(secret, purpose, head)):
        return None
    end = datetime.fromtimestamp(int.from_bytes(head[RANDOM_BYTES:]), UTC)
    return end if now < end else None


def _sign(secret: str, purpose: str, head: bytes) -> bytes:
    return hmac.digest(secret.encode(), f"challenge\0{purpose}\0".encode() + head, hashlib.sha256)

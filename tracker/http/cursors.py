"""Opaque cursors: where a page ended. What one holds is encrypted, and nobody can make one up.

The encryption (AES-SIV, RFC 5297) is deterministic: the same page has the same cursor and so the same entity tag.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tracker.domain.errors import InvalidInput


@lru_cache(maxsize=4)
def _cipher(secret: str) -> AESSIV:
    return AESSIV(HKDF(SHA256(), 64, salt=None, info=b"tracker cursor 1").derive(secret.encode()))


def sign_cursor(secret: str, purpose: str, key: Sequence[Any]) -> str:
    """A cursor for this list with these filters; it fits no other."""
    sealed = _cipher(secret).encrypt(json.dumps(list(key)).encode(), [purpose.encode()])
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def read_cursor(secret: str, purpose: str, cursor: str | None) -> tuple[Any, ...] | None:
    """The key in a cursor. `InvalidInput` for one that was not made here, for this list."""
    if cursor is None:
        return None
    try:
        sealed = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        return tuple(json.loads(_cipher(secret).decrypt(sealed, [purpose.encode()])))
    except (InvalidTag, ValueError):
        raise InvalidInput.at("after", "is not a cursor of this list; take it from `next`") from None

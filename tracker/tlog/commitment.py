"""A commitment: a public promise of a text that can be shown later, or forgotten for good.

A plain hash of a text that can be guessed confirms the guess. Here a random salt of 32 bytes is the key of an HMAC:
with salt and text anybody checks it, without the salt it says nothing, and once the salt is deleted it never will.
By hand: ``openssl dgst -sha256 -mac HMAC -macopt hexkey:<salt> disclosure.json``.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from typing import Final

from tracker.tlog.errors import Malformed

SALT_SIZE: Final = 32


def commit(salt: bytes, disclosure: bytes) -> str:
    """43 characters of base64url. The text is taken as the bytes that are kept; it is never written again.

    HMAC fills a shorter key up with zeros, so two salts would open one promise; only 32 bytes are a salt.
    """
    if len(salt) != SALT_SIZE:
        raise Malformed(f"a salt has exactly {SALT_SIZE} bytes")
    return urlsafe_b64encode(hmac.digest(salt, disclosure, "sha256")).decode("ascii").rstrip("=")


def opens(commitment: str, salt: bytes, disclosure: bytes) -> bool:
    """Whether this text with this salt is what was promised."""
    return hmac.compare_digest(commit(salt, disclosure).encode(), commitment.encode())

"""Opaque signed cursors: where a page ended. They say nothing, and nobody can make one up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from tracker.domain.errors import InvalidInput


def sign_cursor(secret: str, purpose: str, key: Sequence[Any]) -> str:
    """A cursor for this list with these filters; it fits no other."""
    signed: str = URLSafeSerializer(secret, salt=f"cursor:{purpose}").dumps(list(key))
    return signed


def read_cursor(secret: str, purpose: str, cursor: str | None) -> tuple[Any, ...] | None:
    """The key in a cursor. `InvalidInput` for one that was not made here, for this list."""
    if cursor is None:
        return None
    try:
        return tuple(URLSafeSerializer(secret, salt=f"cursor:{purpose}").loads(cursor))
    except BadSignature:
        raise InvalidInput.at("after", "is not a cursor of this list; take it from `next`") from None

"""How what is compared, hashed or kept is written: one text for an instant, the same bytes for the same things."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final


def format_instant(moment: datetime) -> str:
    """An instant in UTC, with microseconds always there, so that text sorts as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def encode_json(value: object) -> bytes:
    """JSON as it leaves: compact, UTF-8, members in one order, so that equal things have equal bytes."""
    return _ENCODER.encode(value).encode()

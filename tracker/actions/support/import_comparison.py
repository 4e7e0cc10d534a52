"""What a row says otherwise than the thing that is there under its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema

from tracker.schemas.loading import load_value

Data = Mapping[str, Any]


def list_differences(given: Schema, kept: Schema, data: Data, held: Any) -> Iterator[str]:
    """The members in which a row differs from what is recorded. What it leaves out it says nothing of."""
    shown = kept.dump(held)
    said = load_value(given, {name: shown[name] for name in given.fields if shown.get(name) is not None})
    for name, member in given.fields.items():
        if (key := member.attribute or name) in data and not _is_same(data[key], said.get(key)):
            yield name


def _is_same(given: Any, held: Any) -> bool:
    """Whether two values of a member say the same; the database keeps lists in an order of its own."""
    if not isinstance(given, list) or not isinstance(held, list):
        return bool(given == held)
    left = list(held)
    for one in given:
        like = next((place for place, other in enumerate(left) if _covers_members(one, other)), None)
        if like is None:
            return False
        del left[like]
    return not left


def _covers_members(given: Any, held: Any) -> bool:
    """Whether a piece says nothing else than the one that is kept, with what it leaves out filled in."""
    if isinstance(given, dict) and isinstance(held, dict):
        return all(held.get(name) == value for name, value in given.items())
    return bool(given == held)

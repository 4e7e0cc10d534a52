"""What a row says otherwise than the thing that is there under its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from unicodedata import normalize

from marshmallow import Schema

from tracker.schemas.loading import load_value


class Difference(NamedTuple):
    """A member in which a row differs: ``key`` is its attribute, ``value`` what an edit sets, ``before`` and ``after``
    what is answered of it."""

    member: str
    key: str
    value: Any
    before: Any
    after: Any


def list_differences(given: Schema, kept: Schema, data: Mapping[str, Any], row: Any) -> list[Difference]:
    """The members in which a row differs from what is recorded. What it leaves out it says nothing of."""
    shown = kept.dump(row)
    before = load_value(given, {name: shown[name] for name in given.fields if shown.get(name) is not None})
    differences = []
    for name, member in given.fields.items():
        key = member.attribute or name
        if key in data and not _is_same(_compose(data[key]), _compose(before.get(key))):
            value = _fill_pieces(data[key], before.get(key))
            after = given.dump({key: value}).get(name)
            differences.append(Difference(name, key, value, shown.get(name), after))
    return differences


def _compose(value: Any) -> Any:
    """A value with its texts composed: é may be one character or two, and shows the same."""
    if isinstance(value, str):
        return normalize("NFC", value)
    if isinstance(value, dict):
        return {name: _compose(piece) for name, piece in value.items()}
    return [_compose(piece) for piece in value] if isinstance(value, list) else value


def _is_same(given: Any, kept: Any) -> bool:
    """Whether two values of a member say the same; the database keeps lists in an order of its own."""
    if not isinstance(given, list) or not isinstance(kept, list):
        return _covers_members(given, kept)
    left = list(kept)
    for piece in given:
        like = next((place for place, other in enumerate(left) if _covers_members(piece, other)), None)
        if like is None:
            return False
        del left[like]
    return not left


def _covers_members(given: Any, kept: Any) -> bool:
    """Whether a piece says nothing else than the one that is kept, with what it leaves out filled in."""
    if isinstance(given, dict) and isinstance(kept, dict):
        return all(kept.get(name) == value for name, value in given.items())
    return bool(given == kept)


def _fill_pieces(given: Any, kept: Any) -> Any:
    """A value that keeps what it leaves out; a list whose pieces do, where there is one that begins alike: an addressee
    its role."""
    if isinstance(given, dict) and isinstance(kept, dict):
        return {**kept, **given}
    if not isinstance(given, list) or not isinstance(kept, list):
        return given
    return [_fill_piece(one, kept) for one in given]


def _fill_piece(piece: Any, kept: list[Any]) -> Any:
    if not isinstance(piece, dict) or not piece:
        return piece
    first, value = next(iter(piece.items()))
    like = [one for one in kept if one.get(first) == value]
    return {**like[0], **piece} if len(like) == 1 else piece

"""How content names other things and nests parts."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from tracker.domain.partial_days import PATTERN

Nested = fields.Nested


class Named(fields.String):
    """The id of another thing, kept in the record as ``*_id``; a finished document puts its public name beside it."""

    def __init__(self, attribute: str) -> None:
        super().__init__(attribute=attribute, allow_none=True, required=True)


class NamedList(fields.List[str]):
    """The ids of other things; a finished document puts the public name of each in its place."""

    def __init__(self, attribute: str | None = None) -> None:
        super().__init__(fields.String(), attribute=attribute, required=True)


def partial_day(*, null: bool = False) -> fields.String:
    """A year, a month or a day, as it was given."""
    return fields.String(allow_none=null, required=True, metadata={"pattern": PATTERN})


class Content(Schema):
    class Meta:
        dateformat = "iso"


class FormerNameContent(Content):
    name = fields.String(required=True)
    from_on = fields.String(allow_none=True, required=True, metadata={"format": "date"})
    to_on = fields.String(required=True, metadata={"format": "date"})


def former_names() -> fields.Field[Any]:
    """What a thing was called before, each name with its days."""
    return fields.List(Nested(FormerNameContent), required=True)

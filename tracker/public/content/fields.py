"""How content names other things and nests parts."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.partial_days import PATTERN

Nested = fields.Nested


class Named(fields.String):
    """The id of another thing, kept in the record as ``*_id``; a finished document puts its public name beside it."""

    def __init__(self, attribute: str) -> None:
        super().__init__(attribute=attribute, allow_none=True, required=True)


def partial_day(*, null: bool = False) -> fields.String:
    """A year, a month or a day, as it was given."""
    return fields.String(allow_none=null, required=True, metadata={"pattern": PATTERN})


class Content(Schema):
    class Meta:
        dateformat = "iso"

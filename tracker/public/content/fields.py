"""How content names other things and nests parts."""

from __future__ import annotations

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

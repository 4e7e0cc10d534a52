"""How content names other things and nests parts."""

from __future__ import annotations

from marshmallow import Schema, fields

Nested = fields.Nested


class Named(fields.String):
    """The id of another thing, kept in the record as ``*_id``; a finished document puts its public name beside it."""

    def __init__(self, attribute: str) -> None:
        super().__init__(attribute=attribute, allow_none=True, required=True)


class Content(Schema):
    class Meta:
        dateformat = "iso"

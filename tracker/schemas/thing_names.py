"""What the things are called that an answer names by their ids."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields


class NameOut(Schema):
    """What a thing is called."""

    name = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Its title or name; null where a redaction destroyed it."},
    )
    short = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Its slug or its reference, where it has one."},
    )
    due_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "Of a deadline: the day on which it falls now."},
    )


class NamesTold(fields.Dict):
    """What everything is called that an answer names, by id. The endpoint fills it."""

    def __init__(self, **kwargs: Any) -> None:
        says = "What is called what, by id: everything that the answer names and that you may know of."
        metadata = {"description": says}
        super().__init__(fields.String(), fields.Nested(NameOut), metadata=metadata, **kwargs)

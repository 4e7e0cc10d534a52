"""What the working record answers: every member of a record that is not sealed, with its version."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, fields

from tracker.schemas.fields import Moment

#: Whoever acted, as the desk is told of them.
WHO: Final = {
    "description": "A person of the desk; `desk` where they stay unnamed; of anybody else the organization that they"
    " speak for."
}


def text_field(attribute: str | None = None, **kwargs: Any) -> fields.String:
    return fields.String(attribute=attribute, allow_none=True, **kwargs)


def day_field() -> fields.Date:
    return fields.Date(format="iso", allow_none=True)


def instant_field() -> Moment:
    return Moment(allow_none=True)


class RecordOut(Schema):
    id = fields.String(required=True)
    version = fields.Integer(required=True)
    created_at = instant_field()


class PublishedOut(RecordOut):
    publication = fields.String(required=True)
    published_at = instant_field()
    withdrawn_at = instant_field()
    withdrawn_because = text_field()


class SubjectOut(PublishedOut):
    process = text_field("process_id")
    reference = text_field()

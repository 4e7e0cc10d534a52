"""Publishing and withdrawing: what is sent and answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.schemas.answer_fields import instant_field, text_field
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import LONG, Code, Strict, Text
from tracker.schemas.releases import ReleaseOut


class PublicationIn(Strict):
    """Publish a draft, at once or not before an hour; or withdraw what is no longer to be seen, and say why. What waits
    to be released stays a `draft` when one asks for that."""

    publication = Code(("draft", "published", "withdrawn"), required=True)
    reason = Text(LONG, lines=True)
    not_before = Moment()


class ReasonIn(Strict):
    """Why something is taken back or withdrawn."""

    reason = Text(LONG, lines=True, required=True)


class PublicationOut(Schema):
    """Whether a thing is public, and since when."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    publication = fields.String(required=True)
    release = fields.Nested(
        ReleaseOut,
        required=True,
        allow_none=True,
        dump_default=None,
        metadata={"description": "What a subject waits for; null where it waits for nothing."},
    )
    published_at = instant_field()
    withdrawn_at = instant_field()
    withdrawn_because = text_field()

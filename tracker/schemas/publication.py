"""Publishing and withdrawing: what is sent and answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.schemas.answer_fields import instant_field, text_field
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import LONG, Strict, Text, Truth
from tracker.schemas.proposals import VersionOut
from tracker.schemas.releases import ReleaseOut


class PublicationIn(Strict):
    """Propose that a draft becomes public, at once or not before an hour. With `with_named` the drafts that it names
    become public before it."""

    reason = Text(LONG, lines=True)
    not_before = Moment()
    with_named = Truth(
        load_default=False,
        metadata={
            "description": "Whether the drafts that it names become public with it; else they are refused."
        },
    )


class PublicationDraftsOut(Schema):
    """What a proposal would make public."""

    drafts = fields.List(
        fields.Nested(VersionOut),
        required=True,
        metadata={"description": "The drafts at their present versions, each after those that it names."},
    )


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

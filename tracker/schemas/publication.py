"""Publishing and withdrawing: what is sent and answered."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from tracker.domain.publication import PUBLISHED, WITHDRAWN
from tracker.domain.sentences import sentence
from tracker.schemas.answer_fields import instant_field, text_field
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import LONG, Code, Strict, Text, Truth
from tracker.schemas.proposals import VersionOut, versions_field
from tracker.schemas.releases import ReleaseOut
from tracker.schemas.thing_names import NamesTold


class PublicationIn(Strict):
    """Propose that a draft becomes public, at once or not before an hour; `with_named` the drafts that it names become
    public before it. An approver says with `publication` that it is to be done now: that the draft is published which
    others recorded, or that what is no longer to be seen is withdrawn."""

    publication = Code(
        (PUBLISHED, WITHDRAWN),
        metadata={
            "description": "What an approver makes of it at once. Left out, it is proposed to publish it."
        },
    )
    reason = Text(LONG, lines=True)
    not_before = Moment()
    with_named = Truth(
        metadata={
            "description": "Whether the drafts that it names become public with it; else they are refused."
        }
    )
    versions = versions_field()

    @validates_schema
    def _goes_together(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("publication") != WITHDRAWN:
            return
        wrong = {
            one: [sentence("goes with `published`; leave it out")]
            for one in data.keys() - {"publication", "reason"}
        }
        if "reason" not in data:
            wrong["reason"] = [sentence("say why; the tombstone shows it")]
        if wrong:
            raise ValidationError(wrong)


class PublicationDraftsOut(Schema):
    """What a proposal would make public."""

    drafts = fields.List(
        fields.Nested(VersionOut),
        required=True,
        metadata={"description": "The drafts at their present versions, each after those that it names."},
    )
    names = NamesTold(required=True)


class ReasonIn(Strict):
    """Why something is taken back or withdrawn."""

    reason = Text(LONG, lines=True, required=True)


class DraftOut(Schema):
    """A draft, and whether it can be published."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    created_at = Moment(required=True)
    process = fields.String(attribute="process_id", required=True)
    kind = fields.String(required=True)
    ready = fields.Boolean(
        required=True, metadata={"description": "A proposal to publish it alone would be taken today."}
    )
    because = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The code of the problem that such a proposal would meet."},
    )
    detail = fields.String(
        required=True, allow_none=True, metadata={"description": "What is wrong with it, in words."}
    )
    missing = fields.List(
        fields.String(), required=True, metadata={"description": "What to publish first, or with it."}
    )
    proposal = fields.String(
        attribute="proposal_id",
        required=True,
        allow_none=True,
        metadata={"description": "The proposal to publish it that waits to be decided."},
    )


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
        metadata={"description": "What it waits for; null where it waits for nothing."},
    )
    published_at = instant_field()
    withdrawn_at = instant_field()
    withdrawn_because = text_field()

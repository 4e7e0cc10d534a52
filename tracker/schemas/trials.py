"""Dry runs: how one is asked for, and what is answered."""

from __future__ import annotations

from typing import Final

from marshmallow import Schema, fields, validate

from tracker.schemas.fields import Strict
from tracker.schemas.problems import DemandOut, Problem

#: The media type of what a dry run answers: it stands beside the answer of the act itself.
DRY_RUN: Final = "application/vnd.tracker.dry-run+json"


class DryRunQuery(Strict):
    dry_run = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        metadata={
            "description": "`true` tries the act and undoes it: nothing is recorded, and the answer says what would"
            " follow. What the act would refuse is refused in the same way."
        },
        error_messages={"invalid": "must be true or false"},
    )


class SupportOut(Schema):
    """What a status demands of the evidence behind it, and what it has. Items that you may not know of are not
    counted."""

    met = fields.Boolean(required=True, metadata={"description": "Whether all of it is given."})
    own_act = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={
            "description": "Whether a verified item shows an addressee's own act, which is enough in place of all"
            " demands; null where it is not."
        },
    )
    demands = fields.List(fields.Nested(DemandOut), required=True)


class ApprovalOut(Schema):
    """The approval of another person, as it was tried."""

    refused = fields.Nested(
        Problem,
        required=True,
        allow_none=True,
        metadata={"description": "Why the approval would be refused today; null where it would go through."},
    )


class PublicEffectOut(Schema):
    """What anybody would read afterwards, the approval included: at most 20 public acts, and the documents of what they
    are about."""

    acts = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "The public acts, oldest first, as `list_public_changes` tells them."},
    )
    documents = fields.List(
        fields.Dict(),
        required=True,
        metadata={
            "description": "The public documents without their history. What would be withdrawn has none."
        },
    )
    more = fields.Boolean(required=True, metadata={"description": "There are more acts than are told."})


class DryRunOut(Schema):
    """What an act would do that was tried and undone. Ids of what it would make stand for others."""

    status = fields.Integer(
        required=True,
        validate=validate.OneOf((200, 201, 202)),
        metadata={"description": "The status that the act would be answered with; 202 where it waits."},
    )
    answer = fields.Dict(required=True, metadata={"description": "What the act would be answered with."})
    support = fields.Nested(
        SupportOut,
        required=True,
        allow_none=True,
        metadata={"description": "Of a status change: what its state demands and has."},
    )
    approval = fields.Nested(
        ApprovalOut,
        required=True,
        allow_none=True,
        metadata={
            "description": "Of a status change, a revision or a publication that waits for another person; else null."
        },
    )
    public = fields.Nested(
        PublicEffectOut,
        required=True,
        allow_none=True,
        metadata={"description": "What becomes public; null for callers who are not of the desk."},
    )

"""What waits, as it is answered: ids and codes. Of persons nothing is said."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.basis import BASES, STANCES
from tracker.domain.tracks import TRACKS
from tracker.domain.work_queue import KINDS
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import Code


class UndermineOut(Schema):
    """A cited item by which a status stands on less."""

    evidence = fields.String(required=True)
    stance = Code(STANCES, required=True)
    verification = Code(TRACKS["verification"].codes, required=True)


class WorkOut(Schema):
    """Something that waits for you."""

    kind = Code(KINDS, required=True)
    since = Moment(required=True, metadata={"description": "Since when it waits."})
    process = fields.String(attribute="process_id", required=True)
    subject = fields.String(attribute="subject_id", required=True)
    change = fields.String(
        attribute="change_id",
        required=True,
        allow_none=True,
        metadata={"description": "The status change that waits, or that lost what it stood on."},
    )
    proposal = fields.String(
        attribute="proposal_id",
        required=True,
        allow_none=True,
        metadata={"description": "The proposal that waits to be decided, where it is no status change."},
    )
    question = fields.String(
        attribute="question_id",
        required=True,
        allow_none=True,
        metadata={"description": "The question about an item that waits for its answer."},
    )
    assessor = fields.String(
        attribute="assessor_id",
        required=True,
        allow_none=True,
        metadata={"description": "Whose answer it is, or is to be; of a `reminder`, to whom it goes."},
    )
    track = Code(TRACKS, required=True, allow_none=True)
    state = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What is proposed, or what stands; of a `reminder`, the step that is due."},
    )
    basis = Code(BASES, required=True, allow_none=True)
    due_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "Of a `reckoning`: the date that the calendar gives now."},
    )
    reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of a `reckoning`: which days the calendar counts otherwise now."},
    )
    items = fields.List(
        fields.Nested(UndermineOut),
        required=True,
        metadata={"description": "The items that took it from the basis; none where its demands grew."},
    )


class WaitingOut(Schema):
    """How much waits of one kind."""

    kind = Code(KINDS, required=True)
    count = fields.Integer(required=True)
    more = fields.Boolean(required=True, metadata={"description": "There are more than were counted."})


class WorkCountOut(Schema):
    """How much waits of each kind that the reader may see."""

    kinds = fields.List(fields.Nested(WaitingOut), required=True)

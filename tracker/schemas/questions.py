"""Questions about an item of evidence, as they are sent and answered. Sides are named, and no person."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import LONG, Strict, Text


class QuestionIn(Strict):
    """What one side wants to know of the other about an item. Name no source: what must stay sealed goes
    into the sealed fields of the item."""

    text = Text(LONG, lines=True, required=True, metadata={"description": "What is asked."})


class AnswerIn(Strict):
    """The answer. Name no source: what must stay sealed goes into the sealed fields of the item."""

    text = Text(LONG, lines=True, required=True, metadata={"description": "What is answered."})


class QuestionRetractionIn(Strict):
    """Nothing has to be said: who asked no longer needs an answer."""


class QuestionOut(Schema):
    """A question about an item and its answer. Desk and submitter of the item read it, and nobody else."""

    id = fields.String(required=True)
    evidence = fields.String(attribute="evidence_id", required=True)
    asked_by = fields.String(
        attribute="asker",
        required=True,
        metadata={"description": "The organization that submitted the item, or `desk`."},
    )
    text = fields.String(required=True, metadata={"description": "What was asked."})
    asked_at = Moment(required=True, metadata={"description": "When it was asked."})
    answer = fields.String(
        required=True, allow_none=True, metadata={"description": "What was answered; null until then."}
    )
    answered_by = fields.String(
        attribute="answerer",
        required=True,
        allow_none=True,
        metadata={"description": "The side that answered: the other one than asked."},
    )
    answered_at = Moment(required=True, allow_none=True, metadata={"description": "When it was answered."})
    retracted_at = Moment(
        required=True, allow_none=True, metadata={"description": "When those who asked took it back."}
    )

"""Notes of the desk about a thing."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.schemas.answer_fields import WHO
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import LONG, Strict, Text


class NoteIn(Strict):
    """What the desk writes down for itself. A source is named in the sealed fields of an item and nowhere else."""

    text = Text(LONG, required=True, lines=True, metadata={"description": "The note."})


class NoteRetractionIn(Strict):
    """Nothing more is said."""


class NoteOut(Schema):
    """A note of the desk about a thing."""

    id = fields.String(required=True)
    subject = fields.String(attribute="subject_id", required=True)
    by = fields.String(required=True, metadata=WHO)
    text = fields.String(
        required=True, allow_none=True, metadata={"description": "The note; null once it was taken back."}
    )
    written_at = Moment(required=True, metadata={"description": "When it was written."})
    retracted_at = Moment(required=True, allow_none=True, metadata={"description": "When it was taken back."})

"""Who of the desk handles what."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.schemas.answer_fields import WHO
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import Strict


class HandlingIn(Strict):
    """Nothing more is said."""


class HandlingOut(Schema):
    """That somebody looks at a subject."""

    subject = fields.String(attribute="subject_id", required=True)
    by = fields.String(required=True, metadata=WHO)
    since = Moment(required=True, metadata={"description": "Since when they look at it."})
    until = Moment(required=True, metadata={"description": "When that ends by itself."})


class HandlingsOut(Schema):
    """Everybody who looks at a subject now."""

    handlings = fields.List(
        fields.Nested(HandlingOut),
        required=True,
        metadata={"description": "Who does, oldest first."},
    )

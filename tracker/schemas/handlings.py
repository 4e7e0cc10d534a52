"""Who of the desk handles what."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.schemas.answer_fields import WHO
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import Id, Strict


class HandlingIn(Strict):
    """Nothing more is said where it is about oneself."""

    person = Id(
        "person", metadata={"description": "The colleague whom it is about; yourself where left out."}
    )


class HandlingOut(Schema):
    """That somebody looks at a subject."""

    subject = fields.String(attribute="subject_id", required=True)
    by = fields.String(required=True, metadata=WHO)
    assigned_by = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The colleague who asked for it, as the desk is told of them; null for a claim."
        },
    )
    since = Moment(required=True, metadata={"description": "Since when they look at it."})
    until = Moment(required=True, metadata={"description": "When that ends by itself."})


class HandlingsOut(Schema):
    """Everybody who looks at a subject now."""

    handlings = fields.List(
        fields.Nested(HandlingOut), required=True, metadata={"description": "Who does, oldest first."}
    )

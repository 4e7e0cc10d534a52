"""What waits to become public, as it is answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.schemas.answer_fields import text_field
from tracker.schemas.day_fields import Moment


class ReleaseOut(Schema):
    """That somebody asked for a thing to become public. It waits for the hour until which it is embargoed or, where it
    came from a source, so that nothing points at its submission."""

    asked_at = Moment(required=True)
    not_before = Moment(
        required=True, metadata={"description": "It is public with the first release after this."}
    )
    refused = text_field(
        metadata={"description": "Why the last release left it out: the last part of a problem type."}
    )


class WaitingReleaseOut(ReleaseOut):
    """One of all that wait: the thing that it is about is named."""

    subject = fields.String(attribute="thing_id", required=True)

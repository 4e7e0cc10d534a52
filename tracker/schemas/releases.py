"""Evidence that waits to become public, as it is answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.schemas.answer_fields import text_field
from tracker.schemas.fields import Moment


class ReleaseOut(Schema):
    """That somebody asked for an item to become public. It waits, so that nothing points at its submission."""

    asked_at = Moment(required=True)
    not_before = Moment(
        required=True, metadata={"description": "It is public with the first release after this."}
    )
    refused = text_field(
        metadata={"description": "Why the last release left it out: the last part of a problem type."},
    )


class WaitingReleaseOut(ReleaseOut):
    """One of all that wait: the item that it is about is named."""

    evidence = fields.String(attribute="evidence_id", required=True)

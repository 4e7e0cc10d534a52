"""What an organization is answered of its own: the evidence that it handed over and its verdicts. Of the desk there is
what it says to the organization and nothing else: neither its analyses nor its people.
"""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from tracker.schemas import parts
from tracker.schemas.answers import CitationOut
from tracker.schemas.fields import Moment


class OwnEvidenceOut(Schema):
    """An item as it was handed over, how it is protected, and whether it is public."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    created_at = Moment(required=True)
    publication = fields.String(required=True)
    published_at = Moment(allow_none=True)
    withdrawn_at = Moment(allow_none=True)
    withdrawn_because = fields.String(allow_none=True)
    process = fields.String(attribute="process_id", required=True)
    reference = fields.String(allow_none=True)
    title = fields.String(required=True)
    type = fields.String(required=True)
    description = fields.String(allow_none=True)
    language = fields.String(allow_none=True)
    source_url = fields.String(allow_none=True)
    archived_url = fields.String(allow_none=True)
    published_on = fields.Date(format="iso", allow_none=True)
    captured_on = fields.Date(format="iso", allow_none=True)
    capture_method = fields.String(allow_none=True)
    occurred_from = fields.Date(format="iso", allow_none=True)
    occurred_to = fields.Date(format="iso", allow_none=True)
    precision = fields.String(allow_none=True)
    country = fields.String(allow_none=True)
    area = fields.String(allow_none=True)
    publisher = fields.String(attribute="publisher_id", allow_none=True)
    watchdog = fields.String(attribute="watchdog_id", required=True)
    acquired_from = fields.String(required=True)
    generation = fields.String(required=True)
    edited = fields.String(required=True)
    content_warnings = fields.List(fields.String())
    rights = fields.String(allow_none=True)
    licence = fields.String(allow_none=True)
    protection = fields.String(required=True)


class OwnEvidenceSubject(OwnEvidenceOut):
    """The same with its kind beside it, for where any subject may stand."""

    kind = fields.String(required=True, validate=validate.Equal("evidence"))


class HandedStatusChangeOut(Schema):
    """An approved status change as it is handed over: nothing that was said among the desk. Who it was is told by its
    side alone."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    created_at = Moment(required=True)
    process = fields.String(attribute="process_id", required=True)
    subject = fields.String(attribute="subject_id", required=True)
    track = fields.String(required=True)
    assessor = fields.String(attribute="assessor_id", required=True)
    act = fields.String(required=True)
    from_state = fields.String(data_key="from", required=True)
    to_state = fields.String(data_key="to", required=True)
    effective_on = fields.Date(format="iso", required=True)
    not_before = fields.Date(format="iso", allow_none=True)
    reason = fields.String(required=True)
    label = fields.Nested(parts.LabelIn, allow_none=True)
    corrects = fields.String(attribute="corrects_id", allow_none=True)
    replies_to = fields.String(attribute="replies_to_id", allow_none=True)
    citations = fields.List(fields.Nested(CitationOut))
    proposed_by = fields.String(
        attribute="proposer.side",
        required=True,
        metadata={"description": "An organization, or `desk`; never a person."},
    )
    decision = fields.String(required=True)
    decided_at = Moment(allow_none=True)


class OwnStatusChangeOut(HandedStatusChangeOut):
    """A verdict of the organization, and what the desk decided on it. Who it was is told by its side alone."""

    decision_note = fields.String(allow_none=True)

"""What may be said in public of a deadline."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested


class ReadingContent(Content):
    due_on = fields.String(required=True)
    says = fields.String(required=True)
    note = fields.String(required=True)


class StayContent(Content):
    from_on = fields.String(required=True)
    resumed_on = fields.String(allow_none=True, required=True)
    days = fields.Integer(allow_none=True, required=True)
    due_on = fields.String(allow_none=True, required=True)
    sentence = fields.String(allow_none=True, required=True)


class RefusedExtensionContent(Content):
    refused_on = fields.String(required=True)
    asked_on = fields.String(allow_none=True, required=True)
    asked_until = fields.String(allow_none=True, required=True)
    reason = fields.String(required=True)
    evidence = fields.String(required=True)


class DeadlineContent(Content):
    reference = fields.String(allow_none=True, required=True)
    owner = Named("owner_id")
    type = fields.String(required=True)
    title = fields.String(required=True)
    basis = fields.String(required=True)
    instrument = fields.String(allow_none=True, required=True)
    set_on = fields.Date(required=True)
    rule = fields.String(allow_none=True, required=True)
    due_on = fields.Date(allow_none=True, required=True)
    starts_with = Named("starts_with_id")
    event_on = fields.Date(allow_none=True, required=True)
    event_evidence = Named("event_evidence_id")
    reckoning = fields.Dict(allow_none=True, required=True)
    readings = fields.List(Nested(ReadingContent), required=True)
    stays = fields.List(Nested(StayContent), required=True)
    refused_extensions = fields.List(Nested(RefusedExtensionContent), required=True)
    note = fields.String(allow_none=True, required=True)
    replaces = Named("replaces_id")
    baseline_due_on = fields.Date(allow_none=True)
    slip_days = fields.Integer()
    granted_days_late = fields.Integer()

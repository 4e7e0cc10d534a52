"""What may be said in public of a deadline."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested
from tracker.public.content.translations import translations


class ReadingContent(Content):
    due_on = fields.String(required=True)
    says = fields.String(required=True)
    note = fields.String(required=True)


class DeadlineContent(Content):
    reference = fields.String(allow_none=True, required=True)
    owner = Named("owner_id")
    type = fields.String(required=True)
    title = fields.String(required=True)
    translations = translations("Deadline", "title")
    basis = fields.String(required=True)
    instrument = fields.String(allow_none=True, required=True)
    set_on = fields.Date(required=True)
    rule = fields.String(allow_none=True, required=True)
    due_on = fields.Date(required=True)
    reckoning = fields.Dict(allow_none=True, required=True)
    readings = fields.List(Nested(ReadingContent), required=True)
    note = fields.String(allow_none=True, required=True)
    replaces = Named("replaces_id")
    baseline_due_on = fields.Date()
    slip_days = fields.Integer()
    granted_days_late = fields.Integer()

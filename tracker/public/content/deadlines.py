"""What may be said in public of a deadline."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested


class ReadingContent(Content):
    due_on = fields.String()
    says = fields.String()
    note = fields.String()


class DeadlineContent(Content):
    reference = fields.String(allow_none=True)
    owner = Named("owner_id")
    type = fields.String()
    title = fields.String()
    basis = fields.String()
    instrument = fields.String(allow_none=True)
    set_on = fields.Date()
    rule = fields.String(allow_none=True)
    due_on = fields.Date()
    reckoning = fields.Dict(allow_none=True)
    readings = fields.List(Nested(ReadingContent))
    note = fields.String(allow_none=True)
    replaces = Named("replaces_id")
    baseline_due_on = fields.Date()
    slip_days = fields.Integer()
    granted_days_late = fields.Integer()

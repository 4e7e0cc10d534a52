"""What may be said in public of a process."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested


class CalendarShape(Content):
    time_zone = fields.String(required=True)
    weekend = fields.List(fields.String(), required=True)
    holidays = fields.List(fields.Dict(), required=True)


class ProcessContent(Content):
    slug = fields.String()
    title = fields.String()
    summary = fields.String()
    country = fields.String(allow_none=True)
    place = fields.String(allow_none=True)
    happened_from = fields.Date(allow_none=True)
    happened_to = fields.Date(allow_none=True)
    lead = Named("lead_id")
    calendar = Nested(CalendarShape)
    evidence_policy = fields.Dict()
    languages = fields.List(fields.String())
    stale_after_days = fields.Integer()

"""What may be said in public of a deadline."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested, partial_day
from tracker.public.content.translations import translations


def _day(**kwargs: Any) -> fields.String:
    """A day that is kept as text."""
    return fields.String(required=True, metadata={"format": "date"}, **kwargs)


class ReadingContent(Content):
    due_on = fields.String(required=True)
    says = fields.String(required=True)
    note = fields.String(required=True)


class StayContent(Content):
    from_on = _day()
    resumed_on = _day(allow_none=True)
    days = fields.Integer(allow_none=True, required=True)
    due_on = _day(allow_none=True)
    sentence = fields.String(allow_none=True, required=True)


class RefusedExtensionContent(Content):
    refused_on = partial_day()
    asked_on = partial_day(null=True)
    asked_until = partial_day(null=True)
    reason = fields.String(required=True)
    evidence = fields.String(required=True)


class DeadlineContent(Content):
    reference = fields.String(allow_none=True, required=True)
    owner = Named("owner_id")
    type = fields.String(required=True)
    title = fields.String(required=True)
    translations = translations("Deadline", "title")
    basis = fields.String(required=True)
    instrument = fields.String(allow_none=True, required=True)
    set_on = partial_day()
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
    series = fields.String(allow_none=True, required=True)
    replaces = Named("replaces_id")
    baseline_due_on = fields.Date(allow_none=True)
    slip_days = fields.Integer()
    granted_days_late = fields.Integer()

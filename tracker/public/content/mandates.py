"""What may be said in public of a mandate."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content


class MandateContent(Content):
    id = fields.String()
    number = fields.Integer()
    instrument = fields.String()
    adopted_on = fields.Date()
    in_force_from = fields.Date(allow_none=True)
    in_force_to = fields.Date(allow_none=True)
    scope = fields.Dict()
    tasks = fields.List(fields.String())
    powers = fields.List(fields.String())
    reports_to = fields.String(allow_none=True)
    duty_to_publish = fields.String()
    note = fields.String(allow_none=True)

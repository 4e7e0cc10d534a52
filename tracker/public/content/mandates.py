"""What may be said in public of a mandate."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, partial_day


class MandateContent(Content):
    id = fields.String(required=True)
    number = fields.Integer(required=True)
    instrument = fields.String(required=True)
    adopted_on = partial_day()
    in_force_from = partial_day(null=True)
    in_force_to = partial_day(null=True)
    scope = fields.Dict(required=True)
    tasks = fields.List(fields.String(), required=True)
    powers = fields.List(fields.String(), required=True)
    reports_to = fields.String(allow_none=True, required=True)
    duty_to_publish = fields.String(required=True)
    note = fields.String(allow_none=True, required=True)

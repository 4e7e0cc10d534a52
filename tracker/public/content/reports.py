"""What may be said in public of a report."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Nested


class ClaimContent(Content):
    date = fields.String(required=True)
    event = fields.String(required=True)
    says = fields.String(required=True)


class ReportContent(Content):
    type = fields.String(required=True)
    title = fields.String(required=True)
    delivered_on = fields.Date(allow_none=True, required=True)
    announced_on = fields.Date(allow_none=True, required=True)
    presented_on = fields.Date(allow_none=True, required=True)
    published_on = fields.Date(allow_none=True, required=True)
    recommendations_complete = fields.Boolean(required=True)
    claims = fields.List(Nested(ClaimContent), required=True)
    note = fields.String(allow_none=True, required=True)

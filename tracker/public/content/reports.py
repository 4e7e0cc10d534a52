"""What may be said in public of a report."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Nested


class ClaimContent(Content):
    date = fields.String()
    event = fields.String()
    says = fields.String()


class ReportContent(Content):
    title = fields.String()
    delivered_on = fields.Date(allow_none=True)
    announced_on = fields.Date(allow_none=True)
    presented_on = fields.Date(allow_none=True)
    published_on = fields.Date(allow_none=True)
    recommendations_complete = fields.Boolean()
    claims = fields.List(Nested(ClaimContent))
    note = fields.String(allow_none=True)

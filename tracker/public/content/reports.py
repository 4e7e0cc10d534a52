"""What may be said in public of a report."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested, partial_day
from tracker.public.content.figures import FigureContent
from tracker.public.content.translations import translations


class ClaimContent(Content):
    date = fields.String(required=True)
    event = fields.String(required=True)
    says = fields.String(required=True)


class OutOfScopeContent(Content):
    number = fields.String(required=True)
    reason = fields.String(required=True)


class ReportContent(Content):
    reference = fields.String(allow_none=True, required=True)
    committee = Named("committee_id")
    issuer = Named("issuer_id")
    printed_number = fields.String(allow_none=True, required=True)
    type = fields.String(required=True)
    title = fields.String(required=True)
    translations = translations("Report", "title")
    language = fields.String(allow_none=True, required=True)
    dated_on = partial_day(null=True)
    recommendations_complete = fields.Boolean(required=True)
    recommendations_printed = fields.Integer(required=True, allow_none=True)
    out_of_scope = fields.List(Nested(OutOfScopeContent), required=True)
    claims = fields.List(Nested(ClaimContent), required=True)
    figures = fields.List(Nested(FigureContent), required=True)
    note = fields.String(allow_none=True, required=True)

"""What may be said in public of a committee."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested
from tracker.public.content.mandates import MandateContent
from tracker.public.content.reports import ReportContent


class MemberContent(Content):
    name = fields.String()
    aliases = fields.List(fields.String())
    role = fields.String(allow_none=True)
    profession = fields.String(allow_none=True)
    from_on = fields.Date(allow_none=True)
    to_on = fields.Date(allow_none=True)


class CommitteeContent(Content):
    reference = fields.String(allow_none=True)
    name = fields.String()
    names = fields.Dict()
    body_type = fields.String()
    instrument = fields.String(allow_none=True)
    appointed_by = Named("appointed_by_id")
    reports_to = Named("reports_to_id")
    established_on = fields.Date(allow_none=True)
    members = fields.List(Nested(MemberContent))
    mandates = fields.List(Nested(MandateContent))
    reports = fields.List(Nested(ReportContent))
    note = fields.String(allow_none=True)

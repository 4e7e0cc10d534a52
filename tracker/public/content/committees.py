"""What may be said in public of a committee."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested
from tracker.public.content.mandates import MandateContent
from tracker.public.content.reports import ReportContent


class MemberContent(Content):
    name = fields.String(required=True)
    aliases = fields.List(fields.String(), required=True)
    role = fields.String(allow_none=True, required=True)
    profession = fields.String(allow_none=True, required=True)
    from_on = fields.Date(allow_none=True, required=True)
    to_on = fields.Date(allow_none=True, required=True)
    left_because = fields.String(allow_none=True, required=True)
    left_note = fields.String(allow_none=True, required=True)
    succeeded_by = fields.String(allow_none=True, required=True)
    conflicts = fields.String(allow_none=True, required=True)


class CommitteeContent(Content):
    reference = fields.String(allow_none=True, required=True)
    name = fields.String(required=True)
    names = fields.Dict(required=True)
    body_type = fields.String(required=True)
    instrument = fields.String(allow_none=True, required=True)
    appointed_by = Named("appointed_by_id")
    reports_to = Named("reports_to_id")
    established_on = fields.Date(allow_none=True, required=True)
    members = fields.List(Nested(MemberContent), required=True)
    mandates = fields.List(Nested(MandateContent), required=True)
    reports = fields.List(Nested(ReportContent), required=True)
    note = fields.String(allow_none=True, required=True)

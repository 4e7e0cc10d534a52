"""What may be said in public of a committee."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested, former_names, partial_day
from tracker.public.content.figures import FigureContent
from tracker.public.content.mandates import MandateContent


class MemberContent(Content):
    name = fields.String(required=True)
    aliases = fields.List(fields.String(), required=True)
    role = fields.String(allow_none=True, required=True)
    profession = fields.String(allow_none=True, required=True)
    from_on = partial_day(null=True)
    to_on = partial_day(null=True)
    left_because = fields.String(allow_none=True, required=True)
    left_note = fields.String(allow_none=True, required=True)
    succeeded_by = fields.String(allow_none=True, required=True)
    conflicts = fields.String(allow_none=True, required=True)


class CommitteeContent(Content):
    reference = fields.String(allow_none=True, required=True)
    name = fields.String(required=True)
    names = fields.Dict(required=True)
    former_names = former_names()
    body_type = fields.String(required=True)
    instrument = fields.String(allow_none=True, required=True)
    appointed_by = Named("appointed_by_id")
    reports_to = Named("reports_to_id")
    established_on = partial_day(null=True)
    members = fields.List(Nested(MemberContent), required=True)
    mandates = fields.List(Nested(MandateContent), required=True)
    figures = fields.List(Nested(FigureContent), required=True)
    note = fields.String(allow_none=True, required=True)

"""What may be said in public of a resource."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested, partial_day


class FigureContent(Content):
    figure = fields.String(required=True)
    amount = fields.Decimal(as_string=True, allow_none=True, required=True)
    as_of = partial_day()
    source = fields.String(required=True)


class ResourceContent(Content):
    reference = fields.String(allow_none=True, required=True)
    committee = Named("committee_id")
    type = fields.String(required=True)
    title = fields.String(required=True)
    unit = fields.String(allow_none=True, required=True)
    note = fields.String(allow_none=True, required=True)
    figures = fields.List(Nested(FigureContent), required=True)

"""What may be said in public of a resource."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested


class FigureContent(Content):
    figure = fields.String()
    amount = fields.Decimal(as_string=True, allow_none=True)
    as_of = fields.Date()
    source = fields.String()


class ResourceContent(Content):
    reference = fields.String(allow_none=True)
    committee = Named("committee_id")
    type = fields.String()
    title = fields.String()
    unit = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    figures = fields.List(Nested(FigureContent))

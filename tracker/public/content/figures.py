"""What may be said in public of a figure."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, partial_day


class FigureContent(Content):
    figure = fields.String(required=True)
    of = fields.String(allow_none=True, required=True)
    stage = fields.String(allow_none=True, required=True)
    amount = fields.Decimal(as_string=True, allow_none=True, required=True)
    about = fields.Decimal(as_string=True, allow_none=True, required=True)
    at_least = fields.Decimal(as_string=True, allow_none=True, required=True)
    at_most = fields.Decimal(as_string=True, allow_none=True, required=True)
    unit = fields.String(allow_none=True, required=True)
    as_of = partial_day()
    organization = Named("organization_id")
    source = fields.String(required=True)
    evidence = fields.List(fields.String(), required=True)

"""What may be said in public of an indicator."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, NamedList, Nested
from tracker.public.content.figures import FigureContent
from tracker.public.content.translations import translations


class IndicatorContent(Content):
    reference = fields.String(allow_none=True, required=True)
    type = fields.String(required=True)
    title = fields.String(required=True)
    translations = translations("Indicator", "title")
    concerns = Named("concerns_id")
    body = Named("body_id")
    scope = fields.String(allow_none=True, required=True)
    criteria = fields.String(allow_none=True, required=True)
    recommendations = NamedList()
    figures = fields.List(Nested(FigureContent), required=True)
    note = fields.String(allow_none=True, required=True)

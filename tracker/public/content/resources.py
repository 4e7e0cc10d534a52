"""What may be said in public of a resource."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested
from tracker.public.content.figures import FigureContent
from tracker.public.content.translations import translations


class ResourceContent(Content):
    reference = fields.String(allow_none=True, required=True)
    committee = Named("committee_id")
    recommendation = Named("recommendation_id")
    type = fields.String(required=True)
    title = fields.String(required=True)
    translations = translations("Resource", "title")
    unit = fields.String(allow_none=True, required=True)
    note = fields.String(allow_none=True, required=True)
    figures = fields.List(Nested(FigureContent), required=True)

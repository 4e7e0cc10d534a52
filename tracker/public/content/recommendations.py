"""What may be said in public of a recommendation."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, NamedList, Nested, partial_day
from tracker.public.content.figures import FigureContent
from tracker.public.content.translations import translations


class TagContent(Content):
    scheme = fields.String(required=True)
    code = fields.String(required=True)
    version = fields.String(allow_none=True)
    label = fields.String(allow_none=True)


class AddresseeContent(Content):
    organization = Named("organization_id")
    role = fields.String(required=True)


class RecommendationContent(Content):
    reference = fields.String(allow_none=True, required=True)
    committee = Named("committee_id")
    issuer = Named("issuer_id")
    issuers = NamedList()
    printed_number = fields.String(allow_none=True, required=True)
    former_numbers = fields.List(fields.String(), required=True)
    report = Named("report_id")
    issued_on = partial_day()
    title = fields.String(required=True)
    translations = translations("Recommendation", "title", "text")
    text = fields.String(required=True)
    language = fields.String(required=True)
    type = fields.String(required=True)
    parent = Named("parent_id")
    repeats = NamedList()
    addressees = fields.List(Nested(AddresseeContent), required=True)
    tags = fields.List(Nested(TagContent), required=True)
    figures = fields.List(Nested(FigureContent), required=True)
    note = fields.String(allow_none=True, required=True)

"""What may be said in public of a recommendation."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested, partial_day
from tracker.public.content.translations import translations


class TagContent(Content):
    scheme = fields.String(required=True)
    code = fields.String(required=True)
    label = fields.String(allow_none=True)


class AddresseeContent(Content):
    organization = Named("organization_id")
    role = fields.String(required=True)


class RecommendationContent(Content):
    reference = fields.String(allow_none=True, required=True)
    committee = Named("committee_id")
    issuer = Named("issuer_id")
    printed_number = fields.String(allow_none=True, required=True)
    report = fields.String(allow_none=True, required=True)
    issued_on = partial_day()
    title = fields.String(required=True)
    translations = translations("Recommendation", "title", "text")
    text = fields.String(required=True)
    language = fields.String(required=True)
    type = fields.String(required=True)
    parent = Named("parent_id")
    addressees = fields.List(Nested(AddresseeContent), required=True)
    tags = fields.List(Nested(TagContent), required=True)
    note = fields.String(allow_none=True, required=True)

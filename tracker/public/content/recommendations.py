"""What may be said in public of a recommendation."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested


class TagContent(Content):
    scheme = fields.String()
    code = fields.String()
    label = fields.String(allow_none=True)


class AddresseeContent(Content):
    organization = Named("organization_id")
    role = fields.String()


class RecommendationContent(Content):
    reference = fields.String(allow_none=True)
    committee = Named("committee_id")
    issuer = Named("issuer_id")
    report = fields.String(allow_none=True)
    issued_on = fields.Date()
    title = fields.String()
    text = fields.String()
    language = fields.String()
    type = fields.String()
    parent = Named("parent_id")
    addressees = fields.List(Nested(AddresseeContent))
    tags = fields.List(Nested(TagContent))
    note = fields.String(allow_none=True)

"""What may be said in public of an organization."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested


class AliasContent(Content):
    name = fields.String(required=True)
    language = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class OrganizationContent(Content):
    slug = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    website = fields.String(allow_none=True, required=True)
    part_of = Named("part_of_id")
    successor_of = Named("successor_of_id")
    aliases = fields.List(Nested(AliasContent), required=True)

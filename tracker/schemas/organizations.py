"""An organization, as it is sent and as the record answers it."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.vocabularies import codes
from tracker.schemas.answer_fields import PublishedOut, text_field
from tracker.schemas.fields import LINE, Code, Link, Strict, Text, language, list_of_shapes, names_thing, slug
from tracker.schemas.revisions import make_patch


class AliasIn(Strict):
    name = Text(LINE, required=True)
    language = language(allow_none=True)
    note = Text(LINE, allow_none=True)


class OrganizationIn(Strict):
    slug = slug(required=True)
    name = Text(LINE, required=True)
    type = Code(codes.ORGANIZATION_KIND, required=True)
    website = Link(allow_none=True)
    contact = Text(LINE, allow_none=True, metadata={"description": "Never public."})
    part_of = names_thing("organization", attribute="part_of_id", allow_none=True)
    successor_of = names_thing("organization", attribute="successor_of_id", allow_none=True)
    aliases = list_of_shapes(AliasIn, 100, once=("name",))


OrganizationPatch = make_patch("OrganizationPatch", OrganizationIn)


class AliasOut(Schema):
    name = fields.String(required=True)
    language = text_field()
    note = text_field()


class OrganizationOut(PublishedOut):
    slug = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    website = text_field()
    contact = text_field()
    part_of = text_field("part_of_id")
    successor_of = text_field("successor_of_id")
    aliases = fields.List(fields.Nested(AliasOut), required=True)

"""An organization, as it is sent and as the record answers it."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.vocabularies import codes
from tracker.schemas.answer_fields import PublishedOut, partial_day_field, text_field
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.fields import LINE, Code, Id, Link, Strict, Text, language, names_thing, slug
from tracker.schemas.list_fields import list_of, list_of_shapes
from tracker.schemas.revisions import make_patch
from tracker.schemas.shared_fields import former_names_in, former_names_out


class AliasIn(Strict):
    name = Text(LINE, required=True)
    language = language(allow_none=True)
    note = Text(LINE, allow_none=True)


class MembershipIn(Strict):
    organization = names_thing("organization", attribute="organization_id", required=True)
    from_on = PartialDay(allow_none=True, load_default=None)
    to_on = PartialDay(allow_none=True, load_default=None)


class OrganizationIn(Strict):
    slug = slug(required=True)
    name = Text(LINE, required=True)
    type = Code(codes.ORGANIZATION_TYPE, required=True)
    website = Link(allow_none=True)
    contact = Text(LINE, allow_none=True, metadata={"description": "Never public."})
    part_of = names_thing("organization", attribute="part_of_id", allow_none=True)
    successor_of = list_of(Id("organization"), 50)
    member_of = list_of_shapes(MembershipIn, 50)
    founded_on = PartialDay(allow_none=True)
    ended_on = PartialDay(allow_none=True)
    former_names = former_names_in()
    aliases = list_of_shapes(AliasIn, 100, once=("name",))


OrganizationPatch = make_patch("OrganizationPatch", OrganizationIn)


class AliasOut(Schema):
    name = fields.String(required=True)
    language = text_field()
    note = text_field()


class MembershipOut(Schema):
    organization = fields.String(attribute="organization_id", required=True)
    from_on = partial_day_field()
    to_on = partial_day_field()


class OrganizationOut(PublishedOut):
    slug = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    website = text_field()
    contact = text_field()
    part_of = text_field("part_of_id")
    successor_of = fields.List(fields.String(), required=True)
    member_of = fields.List(fields.Nested(MembershipOut), required=True)
    founded_on = partial_day_field()
    ended_on = partial_day_field()
    former_names = former_names_out()
    aliases = fields.List(fields.Nested(AliasOut), required=True)

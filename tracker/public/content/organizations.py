"""What may be said in public of an organization."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, NamedList, Nested, partial_day


class AliasContent(Content):
    name = fields.String(required=True)
    language = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class FormerNameContent(Content):
    name = fields.String(required=True)
    from_on = fields.String(allow_none=True, required=True, metadata={"format": "date"})
    to_on = fields.String(required=True, metadata={"format": "date"})


class MembershipContent(Content):
    organization = Named("organization_id")
    from_on = partial_day(null=True)
    to_on = partial_day(null=True)


class OrganizationContent(Content):
    slug = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    website = fields.String(allow_none=True, required=True)
    part_of = Named("part_of_id")
    successor_of = NamedList()
    member_of = fields.List(Nested(MembershipContent), required=True)
    founded_on = partial_day(null=True)
    ended_on = partial_day(null=True)
    former_names = fields.List(Nested(FormerNameContent), required=True)
    aliases = fields.List(Nested(AliasContent), required=True)

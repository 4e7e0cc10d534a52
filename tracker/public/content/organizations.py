"""What may be said in public of an organization."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, NamedList, Nested, former_names, partial_day


class AliasContent(Content):
    name = fields.String(required=True)
    language = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


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
    former_names = former_names()
    aliases = fields.List(Nested(AliasContent), required=True)

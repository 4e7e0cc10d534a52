"""What may be said in public of each kind of thing: allow-lists, one class per shape.

A shape names every member that leaves; whatever the record gains later stays private until somebody adds it
here on purpose. Other things are named by their ids (``*_id`` in the record, the plain name here); a finished
document puts their public names beside them.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

Nested = fields.Nested


class Named(fields.String):
    """The id of another thing, kept in the record as ``*_id``; a finished document puts its public name beside it."""

    def __init__(self, attribute: str) -> None:
        super().__init__(attribute=attribute, allow_none=True)


class _Content(Schema):
    class Meta:
        dateformat = "iso"


class CalendarShape(_Content):
    time_zone = fields.String(required=True)
    weekend = fields.List(fields.String(), required=True)
    holidays = fields.List(fields.Dict(), required=True)


class ProcessContent(_Content):
    slug = fields.String()
    title = fields.String()
    summary = fields.String()
    country = fields.String(allow_none=True)
    place = fields.String(allow_none=True)
    happened_from = fields.Date(allow_none=True)
    happened_to = fields.Date(allow_none=True)
    lead = Named("lead_id")
    calendar = Nested(CalendarShape)
    evidence_policy = fields.Dict()
    languages = fields.List(fields.String())
    stale_after_days = fields.Integer()


class AliasContent(_Content):
    name = fields.String()
    language = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class OrganizationContent(_Content):
    slug = fields.String()
    name = fields.String()
    type = fields.String()
    website = fields.String(allow_none=True)
    part_of = Named("part_of_id")
    successor_of = Named("successor_of_id")
    aliases = fields.List(Nested(AliasContent))


class MemberContent(_Content):
    name = fields.String()
    aliases = fields.List(fields.String())
    role = fields.String(allow_none=True)
    profession = fields.String(allow_none=True)
    from_on = fields.Date(allow_none=True)
    to_on = fields.Date(allow_none=True)


class MandateContent(_Content):
    id = fields.String()
    number = fields.Integer()
    instrument = fields.String()
    adopted_on = fields.Date()
    in_force_from = fields.Date(allow_none=True)
    in_force_to = fields.Date(allow_none=True)
    scope = fields.Dict()
    tasks = fields.List(fields.String())
    powers = fields.List(fields.String())
    reports_to = fields.String(allow_none=True)
    duty_to_publish = fields.String()
    note = fields.String(allow_none=True)


class ClaimContent(_Content):
    date = fields.String()
    event = fields.String()
    says = fields.String()


class ReportContent(_Content):
    title = fields.String()
    delivered_on = fields.Date(allow_none=True)
    announced_on = fields.Date(allow_none=True)
    presented_on = fields.Date(allow_none=True)
    published_on = fields.Date(allow_none=True)
    recommendations_complete = fields.Boolean()
    claims = fields.List(Nested(ClaimContent))
    note = fields.String(allow_none=True)


class CommitteeContent(_Content):
    reference = fields.String(allow_none=True)
    name = fields.String()
    names = fields.Dict()
    body_type = fields.String()
    instrument = fields.String(allow_none=True)
    appointed_by = Named("appointed_by_id")
    reports_to = Named("reports_to_id")
    established_on = fields.Date(allow_none=True)
    members = fields.List(Nested(MemberContent))
    mandates = fields.List(Nested(MandateContent))
    reports = fields.List(Nested(ReportContent))
    note = fields.String(allow_none=True)


class FigureContent(_Content):
    figure = fields.String()
    amount = fields.Decimal(as_string=True, allow_none=True)
    as_of = fields.Date()
    source = fields.String()


class ResourceContent(_Content):
    reference = fields.String(allow_none=True)
    committee = Named("committee_id")
    type = fields.String()
    title = fields.String()
    unit = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    figures = fields.List(Nested(FigureContent))


class ReadingContent(_Content):
    due_on = fields.String()
    says = fields.String()
    note = fields.String()


class DeadlineContent(_Content):
    reference = fields.String(allow_none=True)
    owner = Named("owner_id")
    type = fields.String()
    title = fields.String()
    basis = fields.String()
    instrument = fields.String(allow_none=True)
    set_on = fields.Date()
    rule = fields.String(allow_none=True)
    due_on = fields.Date()
    reckoning = fields.Dict(allow_none=True)
    readings = fields.List(Nested(ReadingContent))
    note = fields.String(allow_none=True)
    replaces = Named("replaces_id")
    baseline_due_on = fields.Date()
    slip_days = fields.Integer()
    granted_days_late = fields.Integer()


class TagContent(_Content):
    scheme = fields.String()
    code = fields.String()
    label = fields.String(allow_none=True)


class AddresseeContent(_Content):
    organization = Named("organization_id")
    role = fields.String()


class RecommendationContent(_Content):
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


class FileContent(_Content):
    """The public copy of an item: what a reader needs to know whether the bytes are right, and nothing else."""

    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    media_type = fields.String(required=True, attribute="detected_type")


class EvidenceContent(_Content):
    """Who submitted an item is not public; who published it, where it was public already, is."""

    title = fields.String()
    type = fields.String()
    description = fields.String(allow_none=True)
    language = fields.String(allow_none=True)
    source_url = fields.String(allow_none=True)
    archived_url = fields.String(allow_none=True)
    published_on = fields.Date(allow_none=True)
    occurred_from = fields.Date(allow_none=True)
    occurred_to = fields.Date(allow_none=True)
    precision = fields.String(allow_none=True)
    country = fields.String(allow_none=True)
    area = fields.String(allow_none=True)
    publisher = Named("publisher_id")
    generation = fields.String()
    edited = fields.String()
    content_warnings = fields.List(fields.String())
    rights = fields.String(allow_none=True)
    licence = fields.String(allow_none=True)
    source_analysis = fields.String()
    technical_analysis = fields.String()
    content_analysis = fields.String()
    file = Nested(FileContent)


class CitationContent(_Content):
    evidence = Named("evidence_id")
    stance = fields.String()
    locator = fields.String(allow_none=True)


class ChangeContent(_Content):
    """A status change. Who proposed and who approved it stays inside."""

    id = fields.String()
    track = fields.String()
    assessor = Named("assessor_id")
    act = fields.String()
    from_state = fields.String(data_key="from")
    to_state = fields.String(data_key="to")
    effective_on = fields.Date()
    not_before = fields.Date(allow_none=True)
    reason = fields.String()
    label = fields.Dict(allow_none=True)
    corrects = Named("corrects_id")


class ReplyContent(ChangeContent):
    """What an organization says to another's verdict, and whose verdict that is."""

    replies_to = Named("replies_to_id")
    verdict_by = Named("verdict.assessor_id")


#: kind of thing -> what may be said of it.
CONTENT: dict[str, type[Schema]] = {
    "process": ProcessContent,
    "organization": OrganizationContent,
    "committee": CommitteeContent,
    "resource": ResourceContent,
    "deadline": DeadlineContent,
    "recommendation": RecommendationContent,
    "evidence": EvidenceContent,
}
_INSTANCES = {kind: shape() for kind, shape in CONTENT.items()}
_CHANGE, _REPLY, _CITATION, _FILE = ChangeContent(), ReplyContent(), CitationContent(), FileContent()


def content(kind: str, thing: object) -> dict[str, Any]:
    """What may be said of a thing of this kind, from any object that has the attributes."""
    said: dict[str, Any] = _INSTANCES[kind].dump(thing)
    return said


def file(row: Any) -> dict[str, Any]:
    """What may be said of a file that somebody approved as a public copy."""
    said: dict[str, Any] = _FILE.dump(row)
    return said


def change(row: Any, citations: list[Any]) -> dict[str, Any]:
    """What may be said of a status change, with those of its citations that are public."""
    said: dict[str, Any] = (_REPLY if row.act == "reply" else _CHANGE).dump(row)
    said["citations"] = [_CITATION.dump(citation) for citation in citations]
    return said


#: kind of thing -> its members that name another thing.
REFERENCES: dict[str, tuple[str, ...]] = {
    kind: tuple(name for name, one in shape.fields.items() if isinstance(one, Named))
    for kind, shape in _INSTANCES.items()
}

#: kind of thing -> how addresses call many of it.
PLURALS: dict[str, str] = {kind: kind if kind == "evidence" else f"{kind}s" for kind in CONTENT} | {
    "process": "processes"
}

"""What is sent to keep the records. Members that name another thing carry its id."""

from __future__ import annotations

from marshmallow import fields, validate

from tracker.domain import evidence
from tracker.domain.protection import PROTECTION
from tracker.domain.vocabularies import codes
from tracker.schemas.fields import (
    LINE,
    LONG,
    Code,
    Day,
    Link,
    Strict,
    Table,
    Text,
    Truth,
    Whole,
    country,
    language,
    naming,
    nested,
    reference,
    several,
    slug,
)
from tracker.schemas.parts import (
    AddresseeIn,
    AliasIn,
    CalendarIn,
    CitationIn,
    ClaimIn,
    FigureIn,
    MemberIn,
    ReadingIn,
    ScopeIn,
    TagIn,
)
from tracker.schemas.protection import ConsentIn, SealedIn


def _demands() -> Table:
    """What a process demands beyond the state table; `tracker.domain.evidence_policy` reads it."""
    described = {"description": "By `track.state`: items, verified, organizations, not_addressee."}
    return Table(fields.String(validate=validate.Length(max=80)), fields.Dict(), metadata=described)


def _names() -> Table:
    return Table(language(), Text(LINE), metadata={"description": "Its name by language."})


class ProcessIn(Strict):
    slug = slug(required=True)
    title = Text(LINE, required=True)
    summary = Text(LONG, required=True, lines=True)
    country = country(allow_none=True)
    place = Text(LINE, allow_none=True)
    happened_from = Day(allow_none=True)
    happened_to = Day(allow_none=True)
    lead = naming("organization", attribute="lead_id", required=True)
    calendar = fields.Nested(CalendarIn, required=True)
    evidence_policy = _demands()
    languages = several(language(), 20)
    stale_after_days = Whole(1, 3650)


class ProcessPatch(Strict):
    title = Text(LINE)
    summary = Text(LONG, lines=True)
    country = country(allow_none=True)
    place = Text(LINE, allow_none=True)
    happened_from = Day(allow_none=True)
    happened_to = Day(allow_none=True)
    calendar = fields.Nested(CalendarIn)
    evidence_policy = _demands()
    languages = several(language(), 20)
    stale_after_days = Whole(1, 3650)


class OrganizationIn(Strict):
    slug = slug(required=True)
    name = Text(LINE, required=True)
    type = Code(codes.ORGANIZATION_KIND, required=True)
    website = Link(allow_none=True)
    contact = Text(LINE, allow_none=True, metadata={"description": "Never public."})
    part_of = naming("organization", attribute="part_of_id", allow_none=True)
    successor_of = naming("organization", attribute="successor_of_id", allow_none=True)
    aliases = nested(AliasIn, 100, once=("name",))


class OrganizationPatch(Strict):
    name = Text(LINE)
    type = Code(codes.ORGANIZATION_KIND)
    website = Link(allow_none=True)
    contact = Text(LINE, allow_none=True)
    part_of = naming("organization", attribute="part_of_id", allow_none=True)
    successor_of = naming("organization", attribute="successor_of_id", allow_none=True)
    aliases = nested(AliasIn, 100, once=("name",))


class WatchdogIn(Strict):
    since = Day(required=True)
    conflicts = Text(LONG, lines=True, allow_none=True)


class MandateIn(Strict):
    instrument = Text(LINE, required=True)
    adopted_on = Day(required=True)
    in_force_from = Day(allow_none=True)
    in_force_to = Day(allow_none=True)
    scope = fields.Nested(ScopeIn)
    tasks = several(Text(LONG, lines=True), 100)
    powers = several(Text(LONG, lines=True), 100)
    reports_to = Text(LINE, allow_none=True)
    duty_to_publish = Code(codes.DUTY_TO_PUBLISH)
    note = Text(LONG, lines=True, allow_none=True)


class ReportIn(Strict):
    """A report. Handed over, announced, presented and published are four different days."""

    title = Text(LINE, required=True)
    delivered_on = Day(allow_none=True)
    announced_on = Day(allow_none=True)
    presented_on = Day(allow_none=True)
    published_on = Day(allow_none=True)
    recommendations_complete = Truth()
    claims = nested(ClaimIn, 100)
    note = Text(LONG, lines=True, allow_none=True)


class CommitteeIn(Strict):
    process = naming("process", attribute="process_id", required=True)
    reference = reference(required=True)
    name = Text(LINE, required=True)
    names = _names()
    body_type = Code(codes.BODY_TYPE, required=True)
    instrument = Text(LINE, allow_none=True)
    appointed_by = naming("organization", attribute="appointed_by_id", allow_none=True)
    reports_to = naming("organization", attribute="reports_to_id", allow_none=True)
    established_on = Day(allow_none=True)
    members = nested(MemberIn, 200, once=("name", "from_on"))
    note = Text(LONG, lines=True, allow_none=True)


class CommitteePatch(Strict):
    """``members`` is the whole list, in place of the one there was: who only sat on it for a time stays, with dates."""

    name = Text(LINE)
    names = _names()
    body_type = Code(codes.BODY_TYPE)
    instrument = Text(LINE, allow_none=True)
    established_on = Day(allow_none=True)
    members = nested(MemberIn, 200, once=("name", "from_on"))
    note = Text(LONG, lines=True, allow_none=True)


class ResourceIn(Strict):
    process = naming("process", attribute="process_id", required=True)
    reference = reference(allow_none=True)
    committee = naming("committee", attribute="committee_id", required=True)
    type = Code(codes.RESOURCE_KIND, required=True)
    title = Text(LINE, required=True)
    unit = Text(40, allow_none=True)
    figures = nested(FigureIn, 500)
    note = Text(LONG, lines=True, allow_none=True)


class ResourcePatch(Strict):
    title = Text(LINE)
    unit = Text(40, allow_none=True)
    note = Text(LONG, lines=True, allow_none=True)


class DeadlineIn(Strict):
    """A date, or the rule by which it is counted from ``set_on``: "30 days", "45 working days", "3 months"."""

    process = naming("process", attribute="process_id", required=True)
    reference = reference(allow_none=True)
    owner = naming("committee", "recommendation", attribute="owner_id", required=True)
    type = Code(codes.DEADLINE_KIND, required=True)
    title = Text(LINE, required=True)
    basis = Code(codes.DEADLINE_BASIS, required=True)
    instrument = Text(LINE, allow_none=True)
    set_on = Day(required=True)
    rule = Text(80)
    due_on = Day()
    readings = nested(ReadingIn, 50)
    note = Text(LONG, lines=True, allow_none=True)


class DeadlinePatch(Strict):
    """The date itself never changes: extend the deadline, or withdraw it."""

    title = Text(LINE)
    instrument = Text(LINE, allow_none=True)
    readings = nested(ReadingIn, 50)
    note = Text(LONG, lines=True, allow_none=True)


class ExtensionIn(Strict):
    """A later date in place of a deadline; what is left out is as the old one says."""

    reference = reference(allow_none=True)
    title = Text(LINE)
    basis = Code(codes.DEADLINE_BASIS)
    instrument = Text(LINE, allow_none=True)
    set_on = Day(required=True)
    rule = Text(80)
    due_on = Day()
    readings = nested(ReadingIn, 50)
    note = Text(LONG, lines=True, allow_none=True)
    reason = Text(LONG, required=True, lines=True)
    citations = nested(CitationIn, 50)


class RecommendationIn(Strict):
    """Issued by an organization (``issuer``) or by a committee of the process (``committee``), not both."""

    process = naming("process", attribute="process_id", required=True)
    reference = reference(required=True)
    issuer = naming("organization", attribute="issuer_id", allow_none=True)
    committee = naming("committee", attribute="committee_id", allow_none=True)
    report = Text(LINE, allow_none=True)
    issued_on = Day(required=True)
    title = Text(LINE, required=True)
    text = Text(LONG, required=True, lines=True)
    language = language(required=True)
    type = Code(codes.RECOMMENDATION_TYPE, required=True)
    parent = naming("recommendation", attribute="parent_id", allow_none=True)
    addressees = nested(AddresseeIn, 100)
    tags = nested(TagIn, 100)
    note = Text(LONG, lines=True, allow_none=True)


class RecommendationPatch(Strict):
    title = Text(LINE)
    text = Text(LONG, lines=True)
    type = Code(codes.RECOMMENDATION_TYPE)
    report = Text(LINE, allow_none=True)
    addressees = nested(AddresseeIn, 100)
    tags = nested(TagIn, 100)
    note = Text(LONG, lines=True, allow_none=True)


class EvidenceIn(Strict):
    """A described item. Confidential unless ``protection`` says otherwise."""

    process = naming("process", attribute="process_id", required=True)
    reference = reference(allow_none=True)
    title = Text(LINE, required=True)
    type = Code(codes.EVIDENCE_KIND, required=True)
    description = Text(LONG, lines=True, allow_none=True)
    language = language(allow_none=True)
    source_url = Link(allow_none=True)
    archived_url = Link(allow_none=True)
    published_on = Day(allow_none=True)
    captured_on = Day(allow_none=True)
    capture_method = Code(evidence.CAPTURE, allow_none=True)
    occurred_from = Day(allow_none=True)
    occurred_to = Day(allow_none=True)
    precision = Code(evidence.PRECISION, allow_none=True)
    country = country(allow_none=True)
    area = Text(
        LINE, allow_none=True, metadata={"description": "First-level area at most; nothing more precise."}
    )
    publisher = naming("organization", attribute="publisher_id", allow_none=True)
    watchdog = naming("organization", attribute="watchdog_id")
    acquired_from = Code(evidence.ACQUIRED_FROM, required=True)
    generation = Code(evidence.GENERATION)
    edited = Code(evidence.EDITED)
    content_warnings = several(Code(evidence.WARNINGS), 10)
    rights = Text(LINE, allow_none=True)
    licence = Text(80, allow_none=True)
    protection = Code(PROTECTION)


class SubmissionIn(EvidenceIn):
    """An item with what is sealed of it, which is encrypted at once and answered to nobody but custodians."""

    sealed = fields.Nested(SealedIn)
    consent = fields.Nested(ConsentIn)


class EvidencePatch(Strict):
    """The three analyses of the Berkeley Protocol are done by somebody else than who submitted the item."""

    title = Text(LINE)
    description = Text(LONG, lines=True, allow_none=True)
    archived_url = Link(allow_none=True)
    content_warnings = several(Code(evidence.WARNINGS), 10)
    rights = Text(LINE, allow_none=True)
    licence = Text(80, allow_none=True)
    source_analysis = Code(evidence.ANALYSIS)
    technical_analysis = Code(evidence.ANALYSIS)
    content_analysis = Code(evidence.ANALYSIS)

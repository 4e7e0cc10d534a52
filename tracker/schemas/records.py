"""What is sent to keep the records. Members that name another thing carry its id."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, pre_load, validate

from tracker.domain import evidence, vocabularies
from tracker.domain.calendars import WEEKDAYS
from tracker.domain.standing import STANCES
from tracker.domain.tracks import TRACKS
from tracker.schemas.fields import (
    Amount,
    Code,
    Day,
    Id,
    Link,
    Strict,
    Text,
    Truth,
    Whole,
    country,
    language,
    nested,
    reference,
    several,
    slug,
)

LONG = 20_000
LINE = 300


def _names(*kinds: str, attribute: str, **kwargs: Any) -> Id:
    return Id(*kinds, attribute=attribute, **kwargs)


class HolidayIn(Strict):
    on = Text(10, required=True, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    name = Text(LINE, required=True)


class CalendarIn(Strict):
    """The weekend and holidays of the place where promises are made, and its IANA time zone."""

    time_zone = Text(64, required=True)
    weekend = several(Code([day.lower() for day in WEEKDAYS]), 6, required=True)
    holidays = nested(HolidayIn, 2000, required=True)


class ProcessIn(Strict):
    slug = slug(required=True)
    title = Text(LINE, required=True)
    summary = Text(LONG, required=True, lines=True)
    country = country(allow_none=True)
    place = Text(LINE, allow_none=True)
    happened_from = Day(allow_none=True)
    happened_to = Day(allow_none=True)
    lead = _names("organization", attribute="lead_id", required=True)
    calendar = fields.Nested(CalendarIn, required=True)
    evidence_policy = fields.Dict(keys=fields.String(validate=validate.Length(max=80)), values=fields.Dict())
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
    evidence_policy = fields.Dict(keys=fields.String(validate=validate.Length(max=80)), values=fields.Dict())
    languages = several(language(), 20)
    stale_after_days = Whole(1, 3650)


class AliasIn(Strict):
    name = Text(LINE, required=True)
    language = language(allow_none=True)
    note = Text(LINE, allow_none=True)


class _Aliased(Strict):
    aliases: Any = nested(AliasIn, 100)

    @pre_load
    def _once(self, data: Any, **_kwargs: Any) -> Any:
        given = data.get("aliases") if isinstance(data, dict) else None
        names = [one.get("name") for one in given if isinstance(one, dict)] if isinstance(given, list) else []
        for place, name in enumerate(names):
            if name in names[:place]:
                raise ValidationError({"aliases": {place: {"name": ["stands here twice; give it once"]}}})
        return data


class OrganizationIn(_Aliased):
    slug = slug(required=True)
    name = Text(LINE, required=True)
    kind = Code(vocabularies.ORGANIZATION_KIND, required=True)
    website = Link(allow_none=True)
    contact = Text(LINE, allow_none=True, metadata={"description": "Never public."})
    part_of = _names("organization", attribute="part_of_id", allow_none=True)
    successor_of = _names("organization", attribute="successor_of_id", allow_none=True)


class OrganizationPatch(_Aliased):
    name = Text(LINE)
    kind = Code(vocabularies.ORGANIZATION_KIND)
    website = Link(allow_none=True)
    contact = Text(LINE, allow_none=True)
    part_of = _names("organization", attribute="part_of_id", allow_none=True)
    successor_of = _names("organization", attribute="successor_of_id", allow_none=True)


class WatchdogIn(Strict):
    since = Day(required=True)
    conflicts = Text(LONG, lines=True, allow_none=True)


class MemberIn(Strict):
    name = Text(LINE, required=True)
    aliases = several(Text(LINE), 50)
    role = Text(LINE, allow_none=True)
    profession = Text(LINE, allow_none=True)
    from_on = Day(allow_none=True)
    to_on = Day(allow_none=True)


class ScopeIn(Strict):
    """What a mandate covers: acts, time, place and persons, in the words of its instrument."""

    subject_matter = Text(LONG, lines=True)
    time = Text(LINE)
    place = Text(LINE)
    persons = Text(LINE)


class MandateIn(Strict):
    instrument = Text(LINE, required=True)
    adopted_on = Day(required=True)
    in_force_from = Day(allow_none=True)
    in_force_to = Day(allow_none=True)
    scope = fields.Nested(ScopeIn)
    tasks = several(Text(LONG, lines=True), 100)
    powers = several(Text(LONG, lines=True), 100)
    reports_to = Text(LINE, allow_none=True)
    duty_to_publish = Code(vocabularies.DUTY_TO_PUBLISH)
    note = Text(LONG, lines=True, allow_none=True)


class ClaimIn(Strict):
    date = Text(10, required=True, pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$")
    event = Text(LINE, required=True)
    says = Text(LINE, required=True)


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
    process = _names("process", attribute="process_id", required=True)
    reference = reference(required=True)
    name = Text(LINE, required=True)
    names = fields.Dict(keys=language(), values=Text(LINE))
    body_type = Code(vocabularies.BODY_TYPE, required=True)
    instrument = Text(LINE, allow_none=True)
    appointed_by = _names("organization", attribute="appointed_by_id", allow_none=True)
    reports_to = _names("organization", attribute="reports_to_id", allow_none=True)
    established_on = Day(allow_none=True)
    members = nested(MemberIn, 200)
    note = Text(LONG, lines=True, allow_none=True)


class CommitteePatch(Strict):
    name = Text(LINE)
    names = fields.Dict(keys=language(), values=Text(LINE))
    body_type = Code(vocabularies.BODY_TYPE)
    instrument = Text(LINE, allow_none=True)
    established_on = Day(allow_none=True)
    note = Text(LONG, lines=True, allow_none=True)


class FigureIn(Strict):
    """No amount means that it was not disclosed."""

    figure = Code(vocabularies.FIGURE, required=True)
    amount = Amount(allow_none=True)
    as_of = Day(required=True)
    source = Text(LINE, required=True)


class ResourceIn(Strict):
    process = _names("process", attribute="process_id", required=True)
    reference = reference(allow_none=True)
    committee = _names("committee", attribute="committee_id", required=True)
    type = Code(vocabularies.RESOURCE_KIND, required=True)
    title = Text(LINE, required=True)
    unit = Text(40, allow_none=True)
    figures = nested(FigureIn, 500)
    note = Text(LONG, lines=True, allow_none=True)


class ResourcePatch(Strict):
    title = Text(LINE)
    unit = Text(40, allow_none=True)
    note = Text(LONG, lines=True, allow_none=True)


class ReadingIn(Strict):
    """Another date that somebody gives for the same deadline."""

    due_on = Text(10, required=True, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    says = Text(LINE, required=True)
    note = Text(LONG, required=True, lines=True)


class CitationIn(Strict):
    evidence = Id("evidence", required=True)
    stance = Code(STANCES, required=True)
    locator = Text(LINE, allow_none=True)


class DeadlineIn(Strict):
    """A date, or the rule by which it is counted from ``set_on``: "30 days", "45 working days", "3 months"."""

    process = _names("process", attribute="process_id", required=True)
    reference = reference(allow_none=True)
    owner = _names("committee", "recommendation", attribute="owner_id", required=True)
    type = Code(vocabularies.DEADLINE_KIND, required=True)
    title = Text(LINE, required=True)
    basis = Code(vocabularies.DEADLINE_BASIS, required=True)
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
    basis = Code(vocabularies.DEADLINE_BASIS)
    instrument = Text(LINE, allow_none=True)
    set_on = Day(required=True)
    rule = Text(80)
    due_on = Day()
    readings = nested(ReadingIn, 50)
    note = Text(LONG, lines=True, allow_none=True)
    reason = Text(LONG, required=True, lines=True)
    citations = nested(CitationIn, 50)


class AddresseeIn(Strict):
    organization = _names("organization", attribute="organization_id", required=True)
    role = Code(vocabularies.ADDRESSEE_ROLE)


class TagIn(Strict):
    scheme = Text(40, required=True, pattern=r"^[a-z0-9-]+$")
    code = Text(80, required=True)
    label = Text(LINE, allow_none=True)


class RecommendationIn(Strict):
    """Issued by an organization (``issuer``) or by a committee of the process (``committee``), not both."""

    process = _names("process", attribute="process_id", required=True)
    reference = reference(required=True)
    issuer = _names("organization", attribute="issuer_id", allow_none=True)
    committee = _names("committee", attribute="committee_id", allow_none=True)
    report = Text(LINE, allow_none=True)
    issued_on = Day(required=True)
    title = Text(LINE, required=True)
    text = Text(LONG, required=True, lines=True)
    language = language(required=True)
    type = Code(vocabularies.RECOMMENDATION_TYPE, required=True)
    parent = _names("recommendation", attribute="parent_id", allow_none=True)
    addressees = nested(AddresseeIn, 100)
    tags = nested(TagIn, 100)
    note = Text(LONG, lines=True, allow_none=True)


class RecommendationPatch(Strict):
    title = Text(LINE)
    text = Text(LONG, lines=True)
    type = Code(vocabularies.RECOMMENDATION_TYPE)
    report = Text(LINE, allow_none=True)
    addressees = nested(AddresseeIn, 100)
    tags = nested(TagIn, 100)
    note = Text(LONG, lines=True, allow_none=True)


class EvidenceIn(Strict):
    """A described item. Confidential unless ``protection`` says otherwise."""

    process = _names("process", attribute="process_id", required=True)
    reference = reference(allow_none=True)
    title = Text(LINE, required=True)
    type = Code(vocabularies.EVIDENCE_KIND, required=True)
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
    publisher = _names("organization", attribute="publisher_id", allow_none=True)
    watchdog = _names("organization", attribute="watchdog_id")
    acquired_from = Code(evidence.ACQUIRED_FROM, required=True)
    generation = Code(evidence.GENERATION)
    edited = Code(evidence.EDITED)
    content_warnings = several(Code(evidence.WARNINGS), 10)
    rights = Text(LINE, allow_none=True)
    licence = Text(80, allow_none=True)
    protection = Code(evidence.PROTECTION)


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


class LabelIn(Strict):
    """The word that a foreign scheme uses for the state, kept as it is."""

    scheme = Text(80, required=True)
    label = Text(LINE, required=True)


class StatusChangeIn(Strict):
    subject = Id("committee", "resource", "deadline", "recommendation", "evidence", required=True)
    track = Code(TRACKS, required=True)
    state = Text(32, required=True)
    assessor = Id("organization")
    effective_on = Day(required=True)
    not_before = Day(allow_none=True)
    reason = Text(LONG, required=True, lines=True)
    confirms = Truth()
    corrects = Id("change")
    label = fields.Nested(LabelIn)
    citations = nested(CitationIn, 50)


class DecisionIn(Strict):
    """``approve`` and ``return`` are for others than whoever proposed; ``retract`` is for them."""

    decision = Code(("approve", "return", "retract"), required=True)
    note = Text(LONG, lines=True)


class PublicationIn(Strict):
    """Publish a draft, or withdraw what is no longer to be seen and say why."""

    publication = Code(("published", "withdrawn"), required=True)
    reason = Text(LONG, lines=True)

"""What the working record answers: every member of a record that is not sealed, with its version."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, fields

from tracker.schemas import parts
from tracker.schemas.fields import Moment

#: Whoever acted, as the desk is told of them.
WHO: Final = {
    "description": "A person of the desk; `desk` where they stay unnamed; of anybody else the organization that they"
    " speak for."
}


def _text(attribute: str | None = None, **kwargs: Any) -> fields.String:
    return fields.String(attribute=attribute, allow_none=True, **kwargs)


def _day() -> fields.Date:
    return fields.Date(format="iso", allow_none=True)


def _moment() -> Moment:
    return Moment(allow_none=True)


class _Kept(Schema):
    id = fields.String(required=True)
    version = fields.Integer(required=True)
    created_at = _moment()


class _Published(_Kept):
    publication = fields.String(required=True)
    published_at = _moment()
    withdrawn_at = _moment()
    withdrawn_because = _text()


class ProcessOut(_Published):
    slug = fields.String()
    title = fields.String()
    summary = fields.String()
    country = _text()
    place = _text()
    happened_from = _day()
    happened_to = _day()
    lead = _text("lead_id")
    calendar = fields.Nested(parts.CalendarIn)
    evidence_policy = fields.Dict()
    languages = fields.List(fields.String())
    stale_after_days = fields.Integer()


class AliasOut(Schema):
    name = fields.String()
    language = _text()
    note = _text()


class OrganizationOut(_Published):
    slug = fields.String()
    name = fields.String()
    type = fields.String()
    website = _text()
    contact = _text()
    part_of = _text("part_of_id")
    successor_of = _text("successor_of_id")
    aliases = fields.List(fields.Nested(AliasOut))


class WatchdogActOut(Schema):
    standing = fields.String(required=True)
    reason = fields.String(required=True)
    at = _moment()
    by = fields.String(required=True, attribute="author.known_as", metadata=WHO)


class WatchdogOut(Schema):
    organization = _text("organization_id")
    standing = fields.String()
    since = _day()
    conflicts = _text()
    history = fields.List(
        fields.Nested(WatchdogActOut),
        metadata={"description": "What was done about its standing since, oldest first."},
    )


class MemberOut(Schema):
    name = fields.String()
    aliases = fields.List(fields.String())
    role = _text()
    profession = _text()
    from_on = _day()
    to_on = _day()


class MandateOut(Schema):
    id = fields.String(required=True)
    committee = _text("committee_id")
    number = fields.Integer()
    instrument = fields.String()
    adopted_on = _day()
    in_force_from = _day()
    in_force_to = _day()
    scope = fields.Dict()
    tasks = fields.List(fields.String())
    powers = fields.List(fields.String())
    reports_to = _text()
    duty_to_publish = fields.String()
    note = _text()


class ReportOut(Schema):
    title = fields.String()
    delivered_on = _day()
    announced_on = _day()
    presented_on = _day()
    published_on = _day()
    recommendations_complete = fields.Boolean()
    claims = fields.List(fields.Nested(parts.ClaimIn))
    note = _text()


class _Subject(_Published):
    process = _text("process_id")
    reference = _text()


class CommitteeOut(_Subject):
    name = fields.String()
    names = fields.Dict()
    body_type = fields.String()
    instrument = _text()
    appointed_by = _text("appointed_by_id")
    reports_to = _text("reports_to_id")
    established_on = _day()
    members = fields.List(fields.Nested(MemberOut))
    mandates = fields.List(fields.Nested(MandateOut))
    reports = fields.List(fields.Nested(ReportOut))
    note = _text()


class FigureOut(Schema):
    figure = fields.String()
    amount = fields.Decimal(places=2, as_string=True, allow_none=True)
    as_of = _day()
    source = fields.String()


class ResourceOut(_Subject):
    committee = _text("committee_id")
    type = fields.String()
    title = fields.String()
    unit = _text()
    figures = fields.List(fields.Nested(FigureOut))
    note = _text()


class DeadlineOut(_Subject):
    owner = _text("owner_id")
    type = fields.String()
    title = fields.String()
    basis = fields.String()
    instrument = _text()
    set_on = _day()
    rule = _text()
    due_on = _day()
    reckoning = fields.Dict(allow_none=True)
    readings = fields.List(fields.Nested(parts.ReadingIn))
    note = _text()
    replaces = _text("replaces_id")


class AddresseeOut(Schema):
    organization = _text("organization_id")
    role = fields.String()


class RecommendationOut(_Subject):
    issuer = _text("issuer_id")
    committee = _text("committee_id")
    report = _text()
    issued_on = _day()
    title = fields.String()
    text = fields.String()
    language = fields.String()
    type = fields.String()
    parent = _text("parent_id")
    addressees = fields.List(fields.Nested(AddresseeOut))
    tags = fields.List(fields.Nested(parts.TagIn))
    note = _text()


class ReleaseOut(Schema):
    """That somebody asked for an item to become public. It waits, so that nothing points at its submission."""

    asked_at = Moment(required=True)
    not_before = Moment(
        required=True, metadata={"description": "It is public with the first release after this."}
    )
    refused = _text(
        required=True,
        metadata={"description": "Why the last release left it out: the last part of a problem type."},
    )


class WaitingReleaseOut(ReleaseOut):
    """One of all that wait: the item that it is about is named."""

    evidence = fields.String(attribute="evidence_id", required=True)


class EvidenceOut(_Subject):
    title = fields.String()
    type = fields.String()
    description = _text()
    language = _text()
    source_url = _text()
    archived_url = _text()
    published_on = _day()
    captured_on = _day()
    capture_method = _text()
    occurred_from = _day()
    occurred_to = _day()
    precision = _text()
    country = _text()
    area = _text()
    publisher = _text("publisher_id")
    watchdog = _text("watchdog_id")
    acquired_from = fields.String()
    generation = fields.String()
    edited = fields.String()
    content_warnings = fields.List(fields.String())
    rights = _text()
    licence = _text()
    protection = fields.String()
    source_analysis = fields.String()
    technical_analysis = fields.String()
    content_analysis = fields.String()
    release = fields.Nested(ReleaseOut, allow_none=True)


class CitationOut(Schema):
    evidence = _text("evidence_id")
    stance = fields.String()
    locator = _text()


class StatusChangeOut(_Kept):
    process = _text("process_id")
    subject = _text("subject_id")
    track = fields.String()
    assessor = _text("assessor_id")
    act = fields.String()
    from_state = fields.String(data_key="from")
    to_state = fields.String(data_key="to")
    effective_on = _day()
    not_before = _day()
    reason = fields.String()
    label = fields.Nested(parts.LabelIn, allow_none=True)
    corrects = _text("corrects_id")
    replies_to = _text("replies_to_id")
    citations = fields.List(fields.Nested(CitationOut))
    proposed_by = fields.String(attribute="proposer.known_as", metadata=WHO)
    decision = fields.String()
    decided_by = _text("decider.known_as", dump_default=None, metadata=WHO)
    decided_at = _moment()
    decision_note = _text()


class ExtensionOut(Schema):
    """The new deadline, still a draft, and the status change that closes the old one once it is approved."""

    deadline = fields.Nested(DeadlineOut, required=True)
    change = fields.Nested(StatusChangeOut, required=True)


class PublicationOut(Schema):
    id = fields.String(required=True)
    version = fields.Integer(required=True)
    publication = fields.String(required=True)
    release = fields.Nested(
        ReleaseOut, allow_none=True, metadata={"description": "Of evidence: what it waits for."}
    )
    published_at = _moment()
    withdrawn_at = _moment()
    withdrawn_because = _text()

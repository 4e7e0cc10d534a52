"""Who may know of an item of evidence: its level, what waits to be lowered, and what was shared with a partner."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import protection
from tracker.actions.support import lookup
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors
from tracker.domain.publication import PublicationRefused
from tracker.schemas import protection as schemas_protection
from tracker.store.evidence import Evidence
from tracker.store.protection import HoldAct, ProtectionAct


@endpoint(
    "GET",
    "/v1/evidence/{id}/protection",
    permission="record.read_own",
    tag="evidence",
    summary="Read the protection level of an item, with whom it is shared, and what waits to be decided",
    answer=schemas_protection.ProtectionOut,
    names={"id": "evidence"},
)
def get_protection(call: Call, id: str) -> Any:
    """The level, the organizations that it is shared with, and a proposal that waits to lower it."""
    return protection.describe_protection(call.session, lookup.get(call.viewer, id, "evidence"))


@endpoint(
    "GET",
    "/v1/evidence/{id}/protection/history",
    permission="record.read",
    tag="evidence",
    summary="List the changes of the protection of an item and the proposals to change it, newest first",
    query=PageQuery,
    answer=make_page_schema(schemas_protection.ProtectionActOut, "ProtectionHistoryPage"),
    names={"id": "evidence"},
)
def list_protection_history(call: Call, id: str) -> Any:
    """Each raise, each proposal to lower, and what was decided on it."""
    item = lookup.get(call.viewer, id, "evidence")
    rows = select(ProtectionAct).where(ProtectionAct.evidence_id == item.id)
    return read_page(call, rows, ProtectionAct.id, newest=True)


@endpoint(
    "POST",
    "/v1/evidence/{id}/protection",
    permission="evidence.protect",
    tag="evidence",
    summary="Raise the protection of an item at once, or propose to lower it",
    body=schemas_protection.ProtectionIn,
    answer=schemas_protection.ProtectionOut,
    again=get_protection,
    refusals=(errors.AlreadyDone, errors.NotAgreed, errors.WrongKind, PublicationRefused),
    names={"id": "evidence"},
)
def protect_evidence(call: Call, id: str) -> Any:
    """A higher level holds at once. A lower level, or a new reader, is proposed; another person approves it, 24
    hours later at the earliest. To cancel it before, send the present level."""
    return protection.describe_protection(call.session, protection.protect_evidence(call.unit, id, call.body))


@endpoint(
    "GET",
    "/v1/shared/evidence",
    permission="evidence.shared",
    tag="shared",
    summary="List the evidence that was shared with your organization, in an order without a meaning",
    query=PageQuery,
    answer=make_page_schema(schemas_protection.SharedEvidenceOut, "SharedEvidencePage"),
)
def list_shared_evidence(call: Call) -> Any:
    """Items at the level `partner` that name your organization. The order is by id, which is random."""
    rows = call.viewer.select_shared()
    return read_page(call, rows, Evidence.id)  # by ids, which are random: when an item came here is not told


@endpoint(
    "GET",
    "/v1/shared/evidence/{id}",
    permission="evidence.shared",
    tag="shared",
    summary="Read an item that was shared with your organization",
    answer=schemas_protection.SharedEvidenceOut,
    names={"id": "evidence"},
)
def get_shared_evidence(call: Call, id: str) -> Any:
    """An item at the level `partner` that names your organization, without what is sealed."""
    return lookup.get_shared(call.viewer, id)


@endpoint(
    "GET",
    "/v1/subjects/{id}/holds",
    permission="evidence.redact",
    tag="redaction",
    summary="List when a subject was put under a legal hold or released, and why, newest first",
    query=PageQuery,
    answer=make_page_schema(schemas_protection.HoldActOut, "HoldPage"),
    names={"id": "subject"},
)
def list_holds(call: Call, id: str) -> Any:
    """Each hold and each release, with its reason and its day."""
    row = lookup.get_for_act(call.viewer, id)
    rows = select(HoldAct).where(HoldAct.subject_id == row.id)
    return read_page(call, rows, HoldAct.id, newest=True)

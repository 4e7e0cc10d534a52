"""Who may know of an item of evidence: its level, what waits to be lowered, and what was shared with a partner."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import select

from tracker.actions import custody, protection, redaction, sealed_fields
from tracker.actions.support import visibility
from tracker.api.endpoint import Call, endpoint
from tracker.api.lists import PageQuery, page, page_of
from tracker.domain import errors
from tracker.domain.publication import PublicationRefused
from tracker.schemas import protection as shapes
from tracker.schemas.consent import ConsentOut, ConsentWithdrawalIn
from tracker.schemas.redaction import HeldOut, HoldIn, RedactionIn, RedactionOut
from tracker.schemas.sealed_fields import ReadingOut, UnsealIn
from tracker.store.evidence import Evidence
from tracker.store.protection import Lowering, ProtectionAct
from tracker.store.redaction import Redaction

_REDACTING = (errors.AlreadyDone, errors.LegallyHeld, errors.NotRedactable, errors.SelfApproval)


@endpoint(
    "GET",
    "/v1/evidence/{id}/protection",
    permission="record.read_own",
    tag="evidence",
    summary="Read the protection level of an item, with whom it is shared, and what waits to be decided",
    answer=shapes.ProtectionOut,
    names={"id": "evidence"},
)
def get_protection(call: Call, id: str) -> Any:
    return protection.describe_protection(
        call.session, visibility.read_visible(call.session, call.by, id, "evidence")
    )


@endpoint(
    "GET",
    "/v1/evidence/{id}/protection/history",
    permission="record.read",
    tag="evidence",
    summary="Read what became of the protection of an item: each raise and each proposal, newest first",
    query=PageQuery,
    answer=page_of(shapes.ProtectionActOut, "ProtectionHistoryPage"),
    names={"id": "evidence"},
)
def list_protection_history(call: Call, id: str) -> Any:
    item = visibility.read_visible(call.session, call.by, id, "evidence")
    rows = select(ProtectionAct).where(ProtectionAct.evidence_id == item.id)
    return page(call, rows, ProtectionAct.id, newest=True)


@endpoint(
    "POST",
    "/v1/evidence/{id}/protection",
    permission="evidence.protect",
    tag="evidence",
    summary="Raise the protection of an item at once, or propose to lower it",
    body=shapes.ProtectionIn,
    answer=shapes.ProtectionOut,
    refusals=(errors.AlreadyDone, errors.NotAgreed, errors.WrongKind, PublicationRefused),
    names={"id": "evidence"},
)
def protect_evidence(call: Call, id: str) -> Any:
    return protection.describe_protection(call.session, protection.protect_evidence(call.unit, id, call.body))


@endpoint(
    "POST",
    "/v1/evidence/{id}/protection/decision",
    permission="evidence.lower",
    tag="evidence",
    summary="Let the protection of an item be lowered as another proposed a day ago or more, or return the proposal",
    body=shapes.LoweringDecisionIn,
    answer=shapes.ProtectionOut,
    refusals=(
        errors.AlreadyDone,
        errors.NotAgreed,
        errors.SelfApproval,
        errors.StaleEdit,
        errors.TooEarly,
        PublicationRefused,
    ),
    names={"id": "evidence"},
    versioned=True,
)
def decide_lowering(call: Call, id: str) -> Any:
    item = protection.decide_lowering(call.unit, id, call.body["decision"], call.expected)
    return protection.describe_protection(call.session, item)


@endpoint(
    "GET",
    "/v1/lowerings",
    permission="evidence.lower",
    tag="evidence",
    summary="List what waits to be lowered in protection, oldest first",
    query=PageQuery,
    answer=page_of(shapes.WaitingLoweringOut, "LoweringPage"),
)
def list_lowerings(call: Call) -> Any:
    waiting = select(Lowering).join(Evidence, Evidence.id == Lowering.evidence_id)
    rows = visibility.narrow_query(call.by, waiting, Evidence)
    return page(call, rows, Lowering.proposed_at, Lowering.evidence_id)


@endpoint(
    "GET",
    "/v1/shared/evidence",
    permission="evidence.shared",
    tag="shared",
    summary="List the evidence that was shared with one's own organization",
    query=PageQuery,
    answer=page_of(shapes.SharedEvidenceOut, "SharedEvidencePage"),
)
def list_shared_evidence(call: Call) -> Any:
    rows = visibility.narrow_query(call.by, select(Evidence), Evidence, shared=True)
    return page(call, rows, Evidence.created_at, Evidence.id)


@endpoint(
    "GET",
    "/v1/shared/evidence/{id}",
    permission="evidence.shared",
    tag="shared",
    summary="Read an item that was shared with one's own organization",
    answer=shapes.SharedEvidenceOut,
    names={"id": "evidence"},
)
def get_shared_evidence(call: Call, id: str) -> Any:
    return visibility.read_shared_evidence(call.session, call.by, id)


@endpoint(
    "POST",
    "/v1/evidence/{id}/sealed/reading",
    permission="evidence.unseal",
    tag="evidence",
    summary="Read what is sealed of an item; each reading is written down",
    body=UnsealIn,
    answer=ReadingOut,
    refusals=(errors.SealingUnavailable,),
    names={"id": "evidence"},
    kept=False,
)
def read_sealed(call: Call, id: str) -> Any:
    return sealed_fields.read_sealed_fields(call.unit, id, call.context.sealer())


@endpoint(
    "POST",
    "/v1/subjects/{id}/redaction",
    permission="evidence.redact",
    tag="redaction",
    summary="Order the destruction of all that a thing says; sent by another custodian, carry it out",
    body=RedactionIn,
    answer=RedactionOut,
    refusals=_REDACTING,
    names={"id": "thing"},
)
def redact_thing(call: Call, id: str) -> Any:
    found = redaction.redact_thing(call.unit, id, call.body["reason"])
    if (files := call.context.files) is not None:
        for key in custody.record_destruction(call.session, id):
            call.after.append(partial(files.delete, key))
    return found


@endpoint(
    "POST",
    "/v1/events/{id}/redaction",
    permission="evidence.redact",
    tag="redaction",
    summary="Order the destruction of the words of one public act; sent by another custodian, carry it out",
    body=RedactionIn,
    answer=RedactionOut,
    refusals=_REDACTING,
    names={"id": "event"},
)
def redact_words(call: Call, id: str) -> Any:
    return redaction.redact_words(call.unit, id, call.body["reason"])


@endpoint(
    "POST",
    "/v1/subjects/{id}/hold",
    permission="evidence.redact",
    tag="redaction",
    summary="Hold a subject for a court or an inquiry, so that nothing destroys it, or let go of it",
    body=HoldIn,
    answer=HeldOut,
    refusals=(errors.AlreadyDone,),
    names={"id": "subject"},
)
def hold_subject(call: Call, id: str) -> Any:
    held = call.body["held"]
    return {"id": redaction.hold_thing(call.unit, id, call.body["reason"], held=held).id, "held": held}


@endpoint(
    "POST",
    "/v1/evidence/{id}/consent/withdrawal",
    permission="evidence.protect",
    tag="evidence",
    summary="Somebody no longer agrees: the item is sealed at once and its redaction ordered",
    body=ConsentWithdrawalIn,
    answer=ConsentOut,
    refusals=(errors.AlreadyDone,),
    names={"id": "evidence"},
)
def withdraw_consent(call: Call, id: str) -> Any:
    return redaction.withdraw_consent(call.unit, id)


@endpoint(
    "GET",
    "/v1/redactions",
    permission="evidence.redact",
    tag="redaction",
    summary="List the redactions that were ordered and wait for a second custodian",
    query=PageQuery,
    answer=page_of(RedactionOut, "RedactionPage"),
)
def list_redactions(call: Call) -> Any:
    rows = select(Redaction).where(Redaction.done_at.is_(None))
    return page(call, rows, Redaction.ordered_at, Redaction.target_id)

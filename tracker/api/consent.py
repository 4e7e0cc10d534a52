"""The consent of the people an item speaks of."""

from __future__ import annotations

from typing import Any

from tracker.actions import consent, redaction
from tracker.actions.support import lookup
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.schemas.consent import ConsentCorrectionIn, ConsentOut, ConsentWithdrawalIn


@endpoint(
    "GET",
    "/v1/evidence/{id}/consent",
    permission="record.read_own",
    tag="evidence",
    summary="Read on what basis an item may be used, for what, and what waits to be decided",
    answer=ConsentOut,
    names={"id": "evidence"},
)
def get_consent(call: Call, id: str) -> Any:
    """The basis of the consent, what it allows, and what waits to be decided about it."""
    return consent.describe_consent(call.session, lookup.get(call.viewer, id, "evidence"))


@endpoint(
    "POST",
    "/v1/evidence/{id}/consent",
    permission="evidence.protect",
    tag="evidence",
    summary="Correct the record of a consent: narrower at once, wider after another person approved it",
    body=ConsentCorrectionIn,
    answer=ConsentOut,
    refusals=(errors.AlreadyDone, errors.NotAgreed),
    names={"id": "evidence"},
    again=get_consent,
)
def correct_consent(call: Call, id: str) -> Any:
    """Allowing less holds at once. Allowing more is proposed: another person approves it, 24 hours later at the
    earliest. Until then the item is used as before."""
    return consent.describe_consent(call.session, consent.correct_consent(call.unit, id, call.body))


@endpoint(
    "POST",
    "/v1/evidence/{id}/consent/withdrawal",
    permission="evidence.protect",
    tag="evidence",
    summary="Record that a consent was withdrawn: the item is sealed at once and its redaction ordered",
    body=ConsentWithdrawalIn,
    answer=ConsentOut,
    refusals=(errors.AlreadyDone,),
    names={"id": "evidence"},
    again=get_consent,
)
def withdraw_consent(call: Call, id: str) -> Any:
    """The item is sealed and taken from the public side at once. If a custodian sends this, its redaction is
    ordered; if somebody else does, a custodian is asked for it. A second custodian decides."""
    return consent.describe_consent(call.session, redaction.withdraw_consent(call.unit, id))

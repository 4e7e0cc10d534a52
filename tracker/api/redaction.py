"""Redactions and legal holds."""

from __future__ import annotations

from typing import Any

from tracker.actions import proposals, redaction
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.proposals import forget_bytes
from tracker.domain import errors
from tracker.schemas.redaction import HeldOut, HoldIn, RedactionIn, RedactionOut

_REDACTING = (errors.AlreadyDone, errors.LegallyHeld, errors.NotRedactable, errors.SelfApproval)


def _get_order(call: Call, _id: str, order: str) -> Any:
    return proposals.get_proposal(call.viewer, order)


def _get_hold(call: Call, id: str) -> Any:
    return redaction.describe_hold(call.viewer, id)


@endpoint(
    "POST",
    "/v1/subjects/{id}/redaction",
    permission="evidence.redact",
    tag="redaction",
    summary="Order the destruction of all that a thing says; sent by another custodian, carry it out",
    body=RedactionIn,
    answer=RedactionOut,
    again=_get_order,
    refusals=_REDACTING,
    names={"id": "thing"},
)
def redact_thing(call: Call, id: str) -> Any:
    """The first custodian orders it: the thing is withdrawn at once, and evidence is sealed. When a second
    custodian sends the same, its content is destroyed for good. That it was there, and the reason, stay."""
    proposal = redaction.redact_thing(call.unit, id, call.body["reason"])
    forget_bytes(call, id)
    return proposal


@endpoint(
    "POST",
    "/v1/events/{id}/redaction",
    permission="evidence.redact",
    tag="redaction",
    summary="Order the destruction of the words of one public act; sent by another custodian, carry it out",
    body=RedactionIn,
    answer=RedactionOut,
    again=_get_order,
    refusals=_REDACTING,
    names={"id": "event"},
)
def redact_words(call: Call, id: str) -> Any:
    """The first custodian orders it; the words stay until a second custodian sends the same. Then they are
    destroyed everywhere; that the act was there, and the reason, stay, and every proof of the log stays valid."""
    return redaction.redact_words(call.unit, id, call.body["reason"])


@endpoint(
    "POST",
    "/v1/subjects/{id}/hold",
    permission="evidence.redact",
    tag="redaction",
    summary="Put a subject under a legal hold, so that nobody can destroy it, or release it",
    body=HoldIn,
    answer=HeldOut,
    again=_get_hold,
    refusals=(errors.AlreadyDone, errors.SelfApproval),
    names={"id": "subject"},
)
def hold_subject(call: Call, id: str) -> Any:
    """While a hold is on, nothing destroys the subject. Another custodian than the one who ordered a destruction
    lets go of it."""
    redaction.hold_thing(call.unit, id, call.body["reason"], placed=call.body["held"])
    return redaction.describe_hold(call.viewer, id)

"""Redactions and legal holds."""

from __future__ import annotations

from typing import Any

from tracker.actions import redaction
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.proposals import forget_bytes
from tracker.domain import errors
from tracker.schemas.redaction import HeldOut, HoldIn, RedactionIn, RedactionOut

_REDACTING = (errors.AlreadyDone, errors.LegallyHeld, errors.NotRedactable, errors.SelfApproval)


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
    forget_bytes(call, id)
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
    refusals=(errors.AlreadyDone, errors.SelfApproval),
    names={"id": "subject"},
)
def hold_subject(call: Call, id: str) -> Any:
    held = call.body["held"]
    return {"id": redaction.hold_thing(call.unit, id, call.body["reason"], held=held).id, "held": held}

"""Redactions and legal holds."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import select

from tracker.actions import custody, redaction
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors
from tracker.schemas.redaction import HeldOut, HoldIn, RedactionIn, RedactionOut
from tracker.store.redaction import Redaction

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
    "GET",
    "/v1/redactions",
    permission="evidence.redact",
    tag="redaction",
    summary="List the redactions that were ordered and wait for a second custodian",
    query=PageQuery,
    answer=make_page_schema(RedactionOut, "RedactionPage"),
)
def list_redactions(call: Call) -> Any:
    rows = select(Redaction).where(Redaction.done_at.is_(None))
    return read_page(call, rows, Redaction.ordered_at, Redaction.target_id)

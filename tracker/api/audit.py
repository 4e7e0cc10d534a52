"""The audit trail: who did what. Its readers read codes and ids; of sealed things custodians, on record."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema

from tracker.actions import audit_trail
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.schemas import audit
from tracker.store.audit import AuditEntry

AuditQuery: Final[type[Schema]] = PageQuery.from_dict(audit.filters(), name="AuditQuery")


@endpoint(
    "GET",
    "/v1/audit",
    permission="audit.read",
    tag="audit",
    summary="List who did what, newest first, without acts on sealed things; for an admin, on accounts and keys",
    query=AuditQuery,
    answer=make_page_schema(audit.AuditEntryOut, "AuditPage"),
)
def list_audit(call: Call) -> Any:
    """Each entry names the person, the act as a code, and the id of what it was done to. Custodians see all entries
    but those on sealed things. An admin sees acts on accounts and keys."""
    rows = audit_trail.open_entries(call.by, call.query)
    page = read_page(call, rows, AuditEntry.id, newest=True)
    return {**page, "items": audit_trail.describe_entries(call.session, page["items"], names=False)}


@endpoint(
    "POST",
    "/v1/audit/reading",
    permission="evidence.unseal",
    tag="audit",
    summary="Read who did what, acts on sealed things included; each reading is recorded",
    body=audit.AuditReadingIn,
    answer=audit.AuditReadingOut,
)
def read_audit(call: Call) -> Any:
    """The same trail with the entries on sealed things and the names of people. A custodian reads it, and the trail
    gets an entry for each reading."""
    rows = audit_trail.read_trail(call.unit, call.body)
    if "before" in call.body:
        rows = rows.where(AuditEntry.id < call.body["before"])
    entries = call.session.scalars(rows.order_by(AuditEntry.id.desc()).limit(call.body["limit"])).all()
    return {"items": audit_trail.describe_entries(call.session, entries, names=True)}

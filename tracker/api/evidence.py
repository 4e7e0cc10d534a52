"""Evidence: taking back a draft, what the review found, and which statuses cite an item."""

from __future__ import annotations

from typing import Any

from tracker.actions import evidence
from tracker.actions.support import lookup
from tracker.api.collections import made
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors
from tracker.schemas.evidence import EvidenceOut, EvidenceUseOut, OwnEvidenceOut, OwnReviewOut, ReviewOut
from tracker.schemas.publication import ReasonIn
from tracker.store.statuses import StatusChange


@endpoint(
    "POST",
    "/v1/evidence/{id}/retraction",
    permission="evidence.submit",
    tag="evidence",
    summary="Take back a draft that you submitted; statuses that rest on it say so at once",
    body=ReasonIn,
    answer=EvidenceOut,
    own=OwnEvidenceOut,
    refusals=(errors.AlreadyDone, errors.StaleEdit),
    names={"id": "evidence"},
    versioned=True,
    again=made("evidence"),
)
def retract_evidence(call: Call, id: str) -> Any:
    """The item stays as withdrawn, with your reason. A status that cites it is marked in the same act. Only the
    submitter may do this, and only while the item is a draft."""
    return evidence.retract_evidence(call.unit, id, call.body["reason"], call.expected)


@endpoint(
    "GET",
    "/v1/evidence/{id}/review",
    permission="record.read_own",
    tag="evidence",
    summary="Read what the desk found when it reviewed an item",
    answer=ReviewOut,
    own=OwnReviewOut,
    names={"id": "evidence"},
)
def get_review(call: Call, id: str) -> Any:
    """The state on the track `verification`, and since when. Its submitter sees it too."""
    item = lookup.get(call.viewer, id, "evidence")
    return evidence.read_review(call.viewer, item, call.now)


@endpoint(
    "GET",
    "/v1/evidence/{id}/uses",
    permission="record.read_own",
    tag="evidence",
    summary="List the status changes that cite an item, newest first",
    query=PageQuery,
    answer=make_page_schema(EvidenceUseOut, "EvidenceUsePage"),
    names={"id": "evidence"},
)
def list_uses(call: Call, id: str) -> Any:
    """Each status change that cites the item, with its stance and its place in the item. A watchdog sees the
    approved ones on public subjects, and its own."""
    item = lookup.get(call.viewer, id, "evidence")
    rows = evidence.select_uses(call.viewer, item)
    page = read_page(call, rows, StatusChange.created_at, StatusChange.id, newest=True)
    return {**page, "items": [evidence.describe_use(change, item) for change in page["items"]]}

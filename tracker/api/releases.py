"""Evidence that waits to become public."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions.support import visibility
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.schemas.releases import WaitingReleaseOut
from tracker.store.evidence import Evidence
from tracker.store.releases import Release


@endpoint(
    "GET",
    "/v1/releases",
    permission="record.read",
    tag="publication",
    summary="List the evidence that waits to become public, in the order in which it was asked for",
    query=PageQuery,
    answer=make_page_schema(WaitingReleaseOut, "ReleasePage"),
)
def list_releases(call: Call) -> Any:
    waiting = select(Release).join(Evidence, Evidence.id == Release.evidence_id)
    rows = visibility.narrow_query(call.by, waiting, Evidence)
    return read_page(call, rows, Release.asked_at, Release.evidence_id)

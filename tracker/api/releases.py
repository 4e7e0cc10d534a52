"""What waits to become public."""

from __future__ import annotations

from typing import Any

from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.schemas.releases import WaitingReleaseOut
from tracker.store.releases import Release


@endpoint(
    "GET",
    "/v1/releases",
    permission="record.read",
    tag="publication",
    summary="List what waits to become public, in the order in which it was asked for",
    query=PageQuery,
    answer=make_page_schema(WaitingReleaseOut, "ReleasePage"),
)
def list_releases(call: Call) -> Any:
    """What is embargoed until an hour, of every kind, and evidence from a source, which becomes public with the next
    batch."""
    rows = call.viewer.select(Release)
    return read_page(call, rows, Release.asked_at, Release.thing_id)

"""The reports of a committee."""

from __future__ import annotations

from typing import Any

from tracker.actions import reports
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.schemas.committees import CommitteeOut
from tracker.schemas.reports import ReportIn


@endpoint(
    "POST",
    "/v1/committees/{id}/reports",
    permission="record.write",
    tag="committees",
    summary="Record a report: handed over, announced, presented, published",
    body=ReportIn,
    answer=CommitteeOut,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "committee"},
)
def file_report(call: Call, id: str) -> Any:
    return reports.file_report(call.unit, id, call.body)

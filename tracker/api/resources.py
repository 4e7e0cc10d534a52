"""The figures of a resource."""

from __future__ import annotations

from typing import Any

from tracker.actions import resources
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.schemas.resources import FigureIn, ResourceOut


@endpoint(
    "POST",
    "/v1/resources/{id}/figures",
    permission="record.write",
    tag="resources",
    summary="Record an amount that somebody gives for a day",
    body=FigureIn,
    answer=ResourceOut,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "resource"},
)
def add_figure(call: Call, id: str) -> Any:
    return resources.add_figure(call.unit, id, call.body)

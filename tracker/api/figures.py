"""The figures of a resource, and those that stand beside a committee."""

from __future__ import annotations

from typing import Any

from tracker.actions import figures
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.schemas.committees import CommitteeOut
from tracker.schemas.figures import FigureIn
from tracker.schemas.resources import ResourceOut


@endpoint(
    "POST",
    "/v1/resources/{id}/figures",
    permission="record.write",
    tag="resources",
    summary="Record an amount that somebody gives for a day",
    body=FigureIn,
    answer=ResourceOut,
    refusals=(errors.AlreadyDone, errors.NotPublished, errors.WrongKind, errors.WrongProcess),
    names={"id": "resource"},
)
def add_figure(call: Call, id: str) -> Any:
    return figures.add_figure(call.unit, id, "resource", call.body)


@endpoint(
    "POST",
    "/v1/committees/{id}/figures",
    permission="record.write",
    tag="committees",
    summary="Record how many somebody counts on a day",
    body=FigureIn,
    answer=CommitteeOut,
    refusals=(errors.AlreadyDone, errors.NotPublished, errors.WrongKind, errors.WrongProcess),
    names={"id": "committee"},
)
def add_committee_figure(call: Call, id: str) -> Any:
    return figures.add_figure(call.unit, id, "committee", call.body)

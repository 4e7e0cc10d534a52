"""Another date in place of a deadline, and the dates of a recurring obligation."""

from __future__ import annotations

from typing import Any

from tracker.actions import deadlines
from tracker.api.collections import NAMING_REFUSALS
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.schemas.deadlines import SeriesIn, SeriesOut
from tracker.schemas.extensions import ExtensionIn, ExtensionOut


def _get_extension(call: Call, _id: str, made: str) -> Any:
    return deadlines.get_extension(call.viewer, made)


def _get_series(call: Call, first: str) -> Any:
    series, found = deadlines.list_series(call.viewer, first)
    return {"series": series, "items": found}


@endpoint(
    "POST",
    "/v1/deadlines/{id}/extension",
    permission="record.write",
    tag="deadlines",
    summary="Propose another date in place of a deadline",
    body=ExtensionIn,
    answer=ExtensionOut,
    status=201,
    refusals=(
        *NAMING_REFUSALS,
        errors.AlreadyDone,
        errors.DemandsNotMet,
        errors.ForbiddenMove,
        errors.WrongAssessor,
        errors.NotPermitted,
    ),
    names={"id": "deadline"},
    again=_get_extension,
)
def extend_deadline(call: Call, id: str) -> Any:
    deadline, change = deadlines.extend_deadline(call.unit, id, call.body)
    call.made = deadline.id
    return {"deadline": deadline, "change": change}


@endpoint(
    "POST",
    "/v1/deadlines/series",
    permission="record.write",
    tag="deadlines",
    summary="Create the deadlines of a recurring obligation",
    body=SeriesIn,
    answer=SeriesOut,
    status=201,
    refusals=NAMING_REFUSALS,
    again=_get_series,
)
def create_deadline_series(call: Call) -> Any:
    series, made = deadlines.set_series(call.unit, call.body)
    call.made = made[0].id
    return {"series": series, "items": made}

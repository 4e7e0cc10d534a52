"""Another date in place of a deadline, and the dates of a recurring obligation."""

from __future__ import annotations

from typing import Any

from tracker.actions import deadlines, parts
from tracker.api.collections import NAMING_REFUSALS, made
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.schemas.deadlines import DeadlineOut, RefusedExtensionIn, SeriesIn, SeriesOut
from tracker.schemas.extensions import ExtensionIn, ExtensionOut
from tracker.schemas.proposals import ProposalOut
from tracker.schemas.revisions import make_part


def _get_extension(call: Call, _id: str, made: str) -> Any:
    return deadlines.get_extension(call.viewer, made)


def _get_series(call: Call, first: str) -> Any:
    series, deadline_rows = deadlines.list_series(call.viewer, first)
    return {"series": series, "items": deadline_rows}


@endpoint(
    "POST",
    "/v1/deadlines/{id}/refused-extensions",
    permission="record.write",
    tag="deadlines",
    summary="Record that somebody asked for more time and got none",
    body=make_part("RefusedExtensionAddition", RefusedExtensionIn),
    answer=DeadlineOut,
    refusals=(errors.AlreadyDone, errors.NotPublished, errors.WrongKind, errors.WrongProcess),
    names={"id": "deadline"},
    waits=ProposalOut,
    again=made("deadline"),
)
def refuse_extension(call: Call, id: str) -> Any:
    """Records that somebody asked for more time and got none. The date stays."""
    add, own = deadlines.refuse_extension, ("reason",)
    return parts.add_part(call.unit, id, "deadline", "refused_extensions", call.body, add, own)


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
    """Makes a new deadline as a draft and proposes the status change that closes the old one. When another person
    approves the change, both take effect together. The old deadline keeps its date; the new one says by how many
    days it moved."""
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
    """Makes one deadline for each date from `set_on` to `until`. They have the same `series`; where a `reference`
    is given, each gets it with a number."""
    series, made = deadlines.set_series(call.unit, call.body)
    call.made = made[0].id
    return {"series": series, "items": made}

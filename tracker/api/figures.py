"""The figures of a resource, and those that stand beside a committee."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.actions import figures, parts
from tracker.actions.support.unit import Unit
from tracker.api.collections import made
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.schemas.committees import CommitteeOut
from tracker.schemas.figures import FigureIn
from tracker.schemas.proposals import ProposalOut
from tracker.schemas.resources import ResourceOut
from tracker.schemas.revisions import make_part

_ADDED = make_part("FigureAddition", FigureIn)


def _add(call: Call, id: str, kind: str) -> Any:
    def add(unit: Unit, thing: str, data: Mapping[str, Any]) -> Any:
        return figures.add_figure(unit, thing, kind, data)

    return parts.add_part(call.unit, id, kind, "figures", call.body, add)


@endpoint(
    "POST",
    "/v1/resources/{id}/figures",
    permission="record.write",
    tag="resources",
    summary="Record an amount that somebody gives for a day",
    body=_ADDED,
    answer=ResourceOut,
    refusals=(errors.AlreadyDone, errors.NotPublished, errors.WrongKind, errors.WrongProcess),
    names={"id": "resource"},
    waits=ProposalOut,
    again=made("resource"),
)
def add_figure(call: Call, id: str) -> Any:
    """Says who gives the amount, for which day, and on what public evidence. In a draft it is recorded at once; to
    a public resource it is proposed, and another person decides."""
    return _add(call, id, "resource")


@endpoint(
    "POST",
    "/v1/committees/{id}/figures",
    permission="record.write",
    tag="committees",
    summary="Record how many somebody counts on a day",
    body=_ADDED,
    answer=CommitteeOut,
    refusals=(errors.AlreadyDone, errors.NotPublished, errors.WrongKind, errors.WrongProcess),
    names={"id": "committee"},
    waits=ProposalOut,
    again=made("committee"),
)
def add_committee_figure(call: Call, id: str) -> Any:
    """Says who counts, how many, for which day, and on what public evidence. In a draft it is recorded at once; to
    a public committee it is proposed, and another person decides."""
    return _add(call, id, "committee")

"""The versions of a committee's mandate."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import mandates, parts
from tracker.actions.support import lookup
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors
from tracker.schemas.mandates import MandateIn, MandateOut
from tracker.schemas.proposals import ProposalOut
from tracker.schemas.revisions import make_part
from tracker.store.mandates import Mandate


@endpoint(
    "GET",
    "/v1/committees/{id}/mandates",
    permission="record.read",
    tag="committees",
    summary="List the versions of the mandate, the first one first",
    query=PageQuery,
    answer=make_page_schema(MandateOut, "MandatePage"),
    names={"id": "committee"},
)
def list_mandates(call: Call, id: str) -> Any:
    """Each version with the instrument that adopted it, its scope, tasks and powers, and from when to when it was
    in force."""
    lookup.get(call.viewer, id, "committee")
    return read_page(call, select(Mandate).where(Mandate.committee_id == id), Mandate.number)


def _get_version(call: Call, id: str, version: str) -> Any:
    lookup.get_made(call.viewer, id, "committee")
    return call.session.get_one(Mandate, version)


@endpoint(
    "POST",
    "/v1/committees/{id}/mandates",
    permission="record.write",
    tag="committees",
    summary="Add a version of the mandate; nothing overwrites the earlier ones",
    body=make_part("MandateAddition", MandateIn),
    answer=MandateOut,
    status=201,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "committee"},
    waits=ProposalOut,
    again=_get_version,
)
def adopt_mandate(call: Call, id: str) -> Any:
    """The earlier versions stay as they are. In a draft the version is recorded at once; to a public committee it
    is proposed, with a `reason`, and another person decides."""
    return parts.add_part(call.unit, id, "committee", "mandates", call.body, mandates.adopt_mandate)

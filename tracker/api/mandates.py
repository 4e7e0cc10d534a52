"""The versions of a committee's mandate."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import mandates
from tracker.actions.support import lookup
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.api.parts import add_part
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
    lookup.get(call.viewer, id, "committee")
    return read_page(call, select(Mandate).where(Mandate.committee_id == id), Mandate.number)


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
)
def adopt_mandate(call: Call, id: str) -> Any:
    return add_part(call, id, "committee", "mandates", mandates.adopt_mandate)

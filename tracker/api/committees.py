"""What a committee has many of: the versions of its mandate, and its members."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions.support.lookup import get_thing
from tracker.api.endpoint import Call, endpoint
from tracker.api.lists import PageQuery, page, page_of
from tracker.schemas.committees import MemberOut
from tracker.schemas.mandates import MandateOut
from tracker.store.committees import Member
from tracker.store.mandates import Mandate


@endpoint(
    "GET",
    "/v1/committees/{id}/mandates",
    permission="record.read",
    tag="committees",
    summary="List the versions of the mandate, the first one first",
    query=PageQuery,
    answer=page_of(MandateOut, "MandatePage"),
    names={"id": "committee"},
)
def list_mandates(call: Call, id: str) -> Any:
    get_thing(call.session, id, "committee")
    return page(call, select(Mandate).where(Mandate.committee_id == id), Mandate.number)


@endpoint(
    "GET",
    "/v1/committees/{id}/members",
    permission="record.read",
    tag="committees",
    summary="List the members, in the order in which they were recorded",
    query=PageQuery,
    answer=page_of(MemberOut, "MemberPage"),
    names={"id": "committee"},
)
def list_members(call: Call, id: str) -> Any:
    get_thing(call.session, id, "committee")
    return page(call, select(Member).where(Member.committee_id == id), Member.id)

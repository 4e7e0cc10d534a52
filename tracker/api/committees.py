"""What a committee has many of: the versions of its mandate, and its members."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import committees, parts
from tracker.actions.support import lookup
from tracker.api.collections import made
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors
from tracker.schemas.committees import CommitteeOut, MemberIn, MemberOut
from tracker.schemas.proposals import ProposalOut
from tracker.schemas.revisions import make_part
from tracker.store.committees import Member


@endpoint(
    "GET",
    "/v1/committees/{id}/members",
    permission="record.read",
    tag="committees",
    summary="List the members, in the order in which they were recorded",
    query=PageQuery,
    answer=make_page_schema(MemberOut, "MemberPage"),
    names={"id": "committee"},
)
def list_members(call: Call, id: str) -> Any:
    """Each member with their role, their days, and the interests that they declared."""
    lookup.get(call.viewer, id, "committee")
    return read_page(call, select(Member).where(Member.committee_id == id), Member.id)


@endpoint(
    "POST",
    "/v1/committees/{id}/members",
    permission="record.write",
    tag="committees",
    summary="Record a member",
    body=make_part("MemberAddition", MemberIn),
    answer=CommitteeOut,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "committee"},
    waits=ProposalOut,
    again=made("committee"),
)
def appoint_member(call: Call, id: str) -> Any:
    """In a draft the member is recorded at once, and the answer is the committee. To a public committee the member
    is proposed, with a `reason`: the answer is 202 with the proposal, and another person decides."""
    return parts.add_part(call.unit, id, "committee", "members", call.body, committees.appoint_member)

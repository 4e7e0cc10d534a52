"""Who of the desk handles what."""

from __future__ import annotations

from typing import Any

from tracker.actions import handlings
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain.tracks import SUBJECTS
from tracker.schemas.fields import Code, Id
from tracker.schemas.handlings import HandlingIn, HandlingOut, HandlingsOut
from tracker.store.handlings import Handling


class HandlingsQuery(PageQuery):
    subject = Id(*SUBJECTS, sought=True)
    person = Code(("me",), metadata={"description": "What you look at, or were asked to."})


@endpoint(
    "GET",
    "/v1/handlings",
    permission="work.handle",
    tag="work",
    summary="List who at the desk looks at which subject now, oldest first",
    query=HandlingsQuery,
    answer=make_page_schema(HandlingOut, "HandlingPage", named=True),
)
def list_handlings(call: Call) -> Any:
    """What has not run out. It blocks nothing."""
    rows = handlings.select_handlings(call.viewer, call.now, call.query.get("subject"))
    if "person" in call.query:
        rows = rows.where(Handling.person_id == call.by.id)
    page = read_page(call, rows, Handling.begun_at, Handling.subject_id, Handling.person_id)
    return {**page, "items": [handlings.describe_handling(one) for one in page["items"]]}


def _list_own(call: Call, id: str) -> Any:
    rows = handlings.select_handlings(call.viewer, call.now, id).order_by(
        Handling.begun_at, Handling.person_id
    )
    return {"handlings": [handlings.describe_handling(one) for one in call.session.scalars(rows)]}


@endpoint(
    "POST",
    "/v1/subjects/{id}/handling",
    permission="work.handle",
    tag="work",
    summary="Say that you look at a subject, or ask a colleague to",
    body=HandlingIn,
    answer=HandlingsOut,
    again=_list_own,
    names={"id": "subject"},
)
def handle_subject(call: Call, id: str) -> Any:
    """The desk sees it, nobody else. It blocks nothing: anybody else may say the same, and act on it. Say it
    again, and the four hours begin again. With `person`, which takes `people.read`, you ask a colleague to look
    at it: that lasts two weeks, and stands on the first page of their desk."""
    handlings.handle_subject(call.unit, id, call.body.get("person"))
    call.session.flush()
    return _list_own(call, id)


@endpoint(
    "POST",
    "/v1/subjects/{id}/handling/end",
    permission="work.handle",
    tag="work",
    summary="Say that you do not look at a subject any more",
    body=HandlingIn,
    answer=HandlingsOut,
    again=_list_own,
    names={"id": "subject"},
)
def end_handling(call: Call, id: str) -> Any:
    """Your own ends; those of others stay. With `person` you take back what you asked a colleague for."""
    handlings.end_handling(call.unit, id, call.body.get("person"))
    call.session.flush()
    return _list_own(call, id)

"""Any subject by its id: itself, its history, where it stands, and whether it is public."""

from __future__ import annotations

from typing import Any

from tracker.actions import standings
from tracker.actions.support import lookup, visibility
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import ids
from tracker.domain.tracks import SUBJECTS
from tracker.schemas.day_fields import Day, Moment
from tracker.schemas.evidence import OwnEvidenceSubject
from tracker.schemas.fields import Strict
from tracker.schemas.standings import StandingOut
from tracker.schemas.statuses import StatusChangeOut
from tracker.schemas.subjects import AnySubject
from tracker.store.statuses import StatusChange


class StandingQuery(Strict):
    as_of = Day(
        metadata={"description": "What was true on that day, by effective date; today where left out."}
    )
    known_at = Moment(
        metadata={
            "description": "What had been recorded by that moment. What it rests on is told as it stands now."
        }
    )


@endpoint(
    "GET",
    "/v1/subjects/{id}",
    permission="record.read_own",
    tag="subjects",
    summary="Read any subject by its id, with its kind",
    answer=AnySubject,
    own=OwnEvidenceSubject,
    names={"id": "subject"},
)
def get_subject(call: Call, id: str) -> Any:
    """The same answer as from its own collection, with its `kind`. For those who have an id and do not know of
    what."""
    return lookup.get(call.viewer, id, ids.kind_of(id) or "")


@endpoint(
    "GET",
    "/v1/subjects/{id}/history",
    permission="record.read",
    tag="subjects",
    summary="Read the status changes of a subject, whatever was decided on them, newest first",
    query=PageQuery,
    answer=make_page_schema(StatusChangeOut, "HistoryPage", named=True),
    names={"id": "subject"},
)
def list_history(call: Call, id: str) -> Any:
    """Each status change of the subject on all tracks, the returned and retracted ones too."""
    lookup.get(call.viewer, id, *SUBJECTS)
    rows = call.viewer.select(StatusChange).where(StatusChange.subject_id == id)
    page = read_page(call, rows, StatusChange.created_at, StatusChange.id, newest=True)
    return {**page, "items": visibility.show_changes(call.viewer, page["items"])}


@endpoint(
    "GET",
    "/v1/subjects/{id}/standing",
    permission="record.read",
    tag="status-changes",
    summary="Read the standing of a subject by the working record, confidential evidence included",
    query=StandingQuery,
    answer=StandingOut,
    names={"id": "subject"},
)
def get_standing(call: Call, id: str) -> Any:
    """For each track the answer of the lead, the answers of others, whether they differ, and what each rests on.
    Confidential evidence counts here, so it may differ from the public document."""
    lookup.get(call.viewer, id, *SUBJECTS)
    then = call.query.get("as_of"), call.query.get("known_at")
    return standings.read_standing(call.session, id, call.now, *then, unsealed=call.by.may("evidence.unseal"))

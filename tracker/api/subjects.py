"""Any subject by its id: itself, its history, where it stands, and whether it is public."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import publication, releases, standings
from tracker.actions.support import visibility
from tracker.api.endpoint import Call, endpoint
from tracker.api.lists import PageQuery, page, page_of
from tracker.domain import errors, ids
from tracker.domain.publication import PublicationRefused
from tracker.domain.tracks import SUBJECTS
from tracker.schemas.evidence import OwnEvidenceSubject
from tracker.schemas.fields import Day, Moment, Strict
from tracker.schemas.publication import PublicationIn, PublicationOut
from tracker.schemas.releases import WaitingReleaseOut
from tracker.schemas.standings import StandingOut
from tracker.schemas.statuses import StatusChangeOut
from tracker.schemas.subjects import AnySubject
from tracker.store.evidence import Evidence
from tracker.store.releases import Release
from tracker.store.statuses import StatusChange


class Asked(Strict):
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
    summary="Read any subject by its id, as its own collection answers it, with its kind",
    answer=AnySubject,
    own=OwnEvidenceSubject,
    names={"id": "subject"},
)
def get_subject(call: Call, id: str) -> Any:
    if not call.by.may("record.read") and ids.kind_of(id) != "evidence":
        raise errors.NotFound(f"there is no subject {id[:64]!r}")
    return visibility.read_visible(call.session, call.by, id, ids.kind_of(id) or "")


@endpoint(
    "GET",
    "/v1/subjects/{id}/history",
    permission="record.read",
    tag="subjects",
    summary="Read the status changes of a subject, whatever was decided on them, newest first",
    query=PageQuery,
    answer=page_of(StatusChangeOut, "HistoryPage"),
    names={"id": "subject"},
)
def list_history(call: Call, id: str) -> Any:
    visibility.get_visible(call.session, call.by, id, *SUBJECTS)
    rows = select(StatusChange).where(StatusChange.subject_id == id)
    found = page(call, rows, StatusChange.created_at, StatusChange.id, newest=True)
    return {**found, "items": visibility.show_changes(call.session, call.by, found["items"])}


@endpoint(
    "GET",
    "/v1/subjects/{id}/standing",
    permission="record.read",
    tag="status-changes",
    summary="Where a subject stands by the working record, confidential evidence counted",
    query=Asked,
    answer=StandingOut,
    names={"id": "subject"},
)
def get_standing(call: Call, id: str) -> Any:
    visibility.get_visible(call.session, call.by, id, *SUBJECTS)
    then = call.query.get("as_of"), call.query.get("known_at")
    return standings.read_standing(call.session, id, call.now, *then, unsealed=call.by.may("evidence.unseal"))


@endpoint(
    "GET",
    "/v1/subjects/{id}/publication",
    permission="record.read",
    tag="publication",
    summary="Read whether a thing is a draft, waits to be released, is public or withdrawn",
    answer=PublicationOut,
    names={"id": "thing"},
)
def get_publication(call: Call, id: str) -> Any:
    return visibility.get_visible(call.session, call.by, id)


@endpoint(
    "GET",
    "/v1/releases",
    permission="record.read",
    tag="publication",
    summary="List the evidence that waits to become public, in the order in which it was asked for",
    query=PageQuery,
    answer=page_of(WaitingReleaseOut, "ReleasePage"),
)
def list_releases(call: Call) -> Any:
    waiting = select(Release).join(Evidence, Evidence.id == Release.evidence_id)
    rows = visibility.narrow_query(call.by, waiting, Evidence)
    return page(call, rows, Release.asked_at, Release.evidence_id)


@endpoint(
    "POST",
    "/v1/subjects/{id}/publication",
    permission="record.publish",
    tag="publication",
    summary="Publish or withdraw a process, an organization or a subject; evidence with a source waits to be released",
    body=PublicationIn,
    answer=PublicationOut,
    refusals=(
        errors.AlreadyDone,
        errors.NotAgreed,
        errors.NotPublished,
        errors.SelfApproval,
        PublicationRefused,
    ),
    names={"id": "thing"},
)
def set_publication(call: Call, id: str) -> Any:
    if call.body["publication"] == "draft":
        return releases.take_back_request(call.unit, id)
    if call.body["publication"] == "published":
        return publication.publish_thing(call.unit, id)
    if "reason" not in call.body:
        raise errors.InvalidInput.at("/reason", "say why; the tombstone shows it")
    return publication.withdraw_thing(call.unit, id, call.body["reason"])

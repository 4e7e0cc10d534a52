"""Status changes: proposed by one person, decided by another."""

from __future__ import annotations

from typing import Any

from tracker.actions import demands, statuses
from tracker.actions.support import lookup, visibility
from tracker.actions.support.unit import open_view
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import (
    PageQuery,
    list_given_filters,
    make_page_schema,
    make_span_parameters,
    read_page,
)
from tracker.api.proposals import read_versions
from tracker.domain import errors, ids, text
from tracker.domain.tracks import SUBJECTS, TRACKS, list_tracks_of
from tracker.public.filters import read_span
from tracker.schemas.demands import DemandsQuery, TrackDemandsOut
from tracker.schemas.fields import Code, Id
from tracker.schemas.statuses import DecisionIn, OwnStatusChangeOut, StatusChangeIn, StatusChangeOut
from tracker.store.base import may_lie_in
from tracker.store.citations import select_citing
from tracker.store.statuses import DECISIONS, StatusChange

RULES = (
    errors.ForbiddenMove,
    errors.DemandsNotMet,
    errors.WrongAssessor,
    errors.OwnEvidence,
    errors.AlreadyDone,
)


#: What names no thing, track or state that can be answered of a subject.
UNKNOWN = (errors.WrongKind, errors.WrongProcess, errors.UnknownTrack, errors.UnknownState)


class _ChangesQuery(PageQuery):
    process = Id("process", sought=True)
    subject = Id(*SUBJECTS, sought=True)
    assessor = Id("organization", sought=True)
    evidence = Id(
        "evidence", sought=True, metadata={"description": "An item that they cite: what rests on it."}
    )
    track = Code(TRACKS)
    decision = Code(DECISIONS)
    proposed_by = Code(("me",), metadata={"description": "What you proposed yourself."})
    sort = Code(("created_at", "-created_at", "effective_on", "-effective_on"), load_default="created_at")


#: Of an answer of which only the interval is known, from `not_before` to `effective_on`, any day of it counts.
ChangesQuery = _ChangesQuery.from_dict(make_span_parameters("effective_on"), name="StatusChangesQuery")


def _get_change(call: Call, id: str) -> Any:
    return lookup.get_made_change(call.viewer, id)


@endpoint(
    "POST",
    "/v1/status-changes",
    permission="status.propose",
    tag="status-changes",
    summary="Propose an answer on a track, or a reply to another's verdict",
    body=StatusChangeIn,
    answer=StatusChangeOut,
    own=OwnStatusChangeOut,
    again=_get_change,
    status=201,
    refusals=(*RULES, errors.NoReply, *UNKNOWN),
)
def propose_status_change(call: Call) -> Any:
    """Says which state holds on one track of one subject, from which day, why, and on what evidence. It waits for
    another person (`decide_status_change`). With `replies_to` it is a reply to a verdict of another organization. A
    refusal names each demand of the state that is not met."""
    return statuses.propose_status_change(call.unit, call.body)


@endpoint(
    "GET",
    "/v1/subjects/{id}/demands",
    permission="status.propose",
    tag="status-changes",
    summary="Read what each state of a track demands, and what of it the evidence in hand gives",
    query=DemandsQuery,
    answer=TrackDemandsOut,
    refusals=(errors.WrongAssessor, errors.OwnEvidence, errors.AlreadyDone, *UNKNOWN),
    names={"id": "subject"},
)
def list_demands(call: Call, id: str) -> Any:
    """Counted as a proposal of today would be: with `cites`, and with what the answer that stands cites if it says the
    same. Each item says why it does not count, and which operation mends that. What is still missing takes another
    item (`create_evidence`)."""
    with open_view(call.session, call.by, call.now, call.context.entropy) as unit:
        return demands.list_demands(unit, id, call.query)


@endpoint(
    "GET",
    "/v1/status-changes",
    permission="record.read_own",
    tag="status-changes",
    summary="List status changes",
    query=ChangesQuery,
    answer=make_page_schema(StatusChangeOut, "StatusChangePage", named=True),
    own=make_page_schema(OwnStatusChangeOut, "OwnStatusChangePage", named=True),
)
def list_status_changes(call: Call) -> Any:
    """Proposed, approved, returned and retracted ones. A watchdog sees its own verdicts."""
    _require_track_of(call.query.get("subject"), call.query.get("track"))
    rows = call.viewer.select(StatusChange)
    columns = {
        "process": StatusChange.process_id,
        "subject": StatusChange.subject_id,
        "assessor": StatusChange.assessor_id,
        "track": StatusChange.track,
        "decision": StatusChange.decision,
    }
    for name, column in columns.items():
        if name in call.query:
            rows = rows.where(column == call.query[name])
    if (item := call.query.get("evidence")) is not None:
        cited = visibility.filter_known_evidence(call.viewer, [item])
        rows = rows.where(StatusChange.id.in_(select_citing(cited)))
    if (span := read_span("effective_on", list_given_filters(call.query))) is not None:
        rows = rows.where(may_lie_in(StatusChange.effective_on, *span, begun=StatusChange.not_before))
    if "proposed_by" in call.query:
        rows = rows.where(StatusChange.proposed_by == call.by.id)
    sort = call.query["sort"]
    place = getattr(StatusChange, sort.removeprefix("-"))
    page = read_page(call, rows, place, StatusChange.id, newest=sort.startswith("-"))
    return {**page, "items": visibility.show_changes(call.viewer, page["items"])}


def _require_track_of(subject: str | None, code: str | None) -> None:
    """Nothing is ever said of a subject on a track of another kind of subject."""
    kind = ids.kind_of(subject) if subject else None
    if kind is not None and code is not None and TRACKS[code].subject != kind:
        known = ", ".join(track.code for track in list_tracks_of(kind))
        raise errors.InvalidInput.at("track", f"must be a track of {text.with_article(kind)}: {known}")


@endpoint(
    "GET",
    "/v1/status-changes/{id}",
    permission="record.read_own",
    tag="status-changes",
    summary="Read a status change",
    answer=StatusChangeOut,
    own=OwnStatusChangeOut,
    names={"id": "change"},
)
def get_status_change(call: Call, id: str) -> Any:
    """The states, the day, the reason, the citations, and the decision on it."""
    return lookup.get_status_change(call.viewer, id)


@endpoint(
    "POST",
    "/v1/status-changes/{id}/decision",
    permission="status.settle",
    tag="status-changes",
    summary="Approve, return or retract a proposal",
    body=DecisionIn,
    answer=StatusChangeOut,
    own=OwnStatusChangeOut,
    again=_get_change,
    refusals=(
        *RULES,
        errors.SelfApproval,
        errors.AlreadyDecided,
        errors.StaleEdit,
        errors.StaleProposal,
        errors.NotPublished,
    ),
    names={"id": "change"},
    versioned=True,
)
def decide_status_change(call: Call, id: str) -> Any:
    """`approve` makes it hold, and public if its subject is; neither its proposer nor anybody of the proposer's
    organization may. `return` needs a `note`. `retract` is for the proposer. A 409 names what changed since it was
    proposed, or what is still missing."""
    body = call.body
    change = statuses.decide_status_change(
        call.unit, id, body["decision"], body.get("note"), call.expected, read_versions(call)
    )
    return visibility.show_changes(call.viewer, [change])[0]

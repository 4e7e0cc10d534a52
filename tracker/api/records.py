"""The working record: processes, organizations, committees, means, deadlines, recommendations, evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import Schema

from tracker.actions import (
    committees,
    deadlines,
    evidence,
    mandates,
    reports,
    resources,
    submissions,
    watchdogs,
)
from tracker.actions.support import record_index, visibility
from tracker.actions.support import records as acts
from tracker.actions.support.registry import KINDS
from tracker.actions.support.unit import Unit
from tracker.api import lists
from tracker.api.endpoint import Call, endpoint
from tracker.api.lists import PageQuery, page_of, parameter
from tracker.domain import errors
from tracker.public.content.shapes import PLURALS
from tracker.schemas.committees import CommitteeOut, CommitteePatch, MemberIn
from tracker.schemas.deadlines import DeadlinePatch
from tracker.schemas.evidence import EvidenceOut, EvidencePatch, OwnEvidenceOut, SubmissionIn
from tracker.schemas.extensions import ExtensionIn, ExtensionOut
from tracker.schemas.fields import Code
from tracker.schemas.mandates import MandateIn, MandateOut
from tracker.schemas.organizations import OrganizationPatch
from tracker.schemas.processes import ProcessPatch
from tracker.schemas.publication import ReasonIn
from tracker.schemas.recommendations import RecommendationPatch
from tracker.schemas.reports import ReportIn
from tracker.schemas.resources import FigureIn, ResourceOut, ResourcePatch
from tracker.schemas.watchdogs import WatchdogIn, WatchdogOut

Create = Callable[[Unit, Mapping[str, Any]], Any]
Handler = Callable[..., Any]
NAMED = (errors.SlugTaken, errors.WrongKind, errors.WrongProcess)
EDIT = (errors.StaleEdit, errors.AlreadyDone, errors.NotPublished)


def _query(kind: str) -> type[PageQuery]:
    """The parameters of a list of the record."""
    sorts = record_index.list_sorts(kind)
    sort = Code(
        sorts, load_default=next(iter(sorts)), metadata={"description": f"`{next(iter(sorts))}` if left out."}
    )
    found = {one.name: parameter(one) for one in record_index.FILTERS[kind]}
    return type(f"{kind.title()}RecordQuery", (PageQuery,), {**found, "sort": sort})


def _make(create: Create) -> Handler:
    def make(call: Call) -> Any:
        return create(call.unit, call.body)

    return make


def _submit(call: Call) -> Any:
    return submissions.submit_evidence_with_fields(call.unit, call.body, call.context.sealer)


def _many(kind: str) -> Handler:
    def many(call: Call) -> Any:
        key = lists.start(call)
        rows, last = record_index.read_page(
            call.session,
            call.by,
            kind,
            lists.filters(call.query),
            call.query["sort"],
            None if key is None else (key[0], key[1]),
            call.query["limit"],
        )
        return {"items": rows, "next": lists.following(call, last)}

    return many


def _read(kind: str) -> Handler:
    def read(call: Call, id: str) -> Any:
        return visibility.read_visible(call.session, call.by, id, kind)

    return read


def _edit(kind: str) -> Handler:
    def edit(call: Call, id: str) -> Any:
        return acts.revise_record(call.unit, id, kind, call.body, call.expected or 0)

    return edit


def _collection(kind: str, patch: type[Schema]) -> None:
    """Create, list, read and edit things of one kind."""
    one, plural = KINDS[kind], PLURALS[kind]
    out, path = one.kept, f"/v1/{plural}"
    # A watchdog reads and mends its own items; what is another's is not there (`tracker.actions.support.visibility`).
    reading, mending, owning, own_shape = (
        ("record.read_own", "evidence.submit", (errors.OwnEvidence,), OwnEvidenceOut)
        if kind == "evidence"
        else ("record.read", "record.write", (), None)
    )

    def declare(method: Any, route: str, name: str, handler: Handler, may: str, **declared: Any) -> None:
        handler.__name__ = name
        summary = (
            f"{name.partition('_')[0].capitalize()} {plural if name.startswith('list') else 'a ' + kind}"
        )
        defaults = {"tag": plural, "summary": summary, "answer": out, "own": own_shape}
        endpoint(method, route, permission=may, **{**defaults, **declared})(handler)

    submitted = kind == "evidence"
    make = _submit if submitted else _make(one.make)
    made = {
        "status": 201,
        "body": SubmissionIn if submitted else one.given,
        "refusals": (*NAMED, errors.SealingUnavailable) if submitted else NAMED,
    }
    declare("POST", path, f"create_{kind}", make, one.permission, **made)
    pages = {"answer": page_of(out, f"{kind.title()}Page")}
    if own_shape is not None:
        pages["own"] = page_of(own_shape, f"Own{kind.title()}Page")
    declare("GET", path, f"list_{plural}", _many(kind), reading, query=_query(kind), **pages)
    declare("GET", f"{path}/{{id}}", f"get_{kind}", _read(kind), reading, names={"id": kind})
    declare(
        "PATCH",
        f"{path}/{{id}}",
        f"revise_{kind}",
        _edit(kind),
        mending,
        body=patch,
        refusals=(*NAMED, *EDIT, *owning),
        names={"id": kind},
        versioned=True,
    )


#: Each kind with how it is edited; how it is given, made and answered stands in `tracker.actions.support.registry`.
_EDITED: Final[Mapping[str, type[Schema]]] = {
    "process": ProcessPatch,
    "organization": OrganizationPatch,
    "committee": CommitteePatch,
    "resource": ResourcePatch,
    "deadline": DeadlinePatch,
    "recommendation": RecommendationPatch,
    "evidence": EvidencePatch,
}
for _kind, _patch in _EDITED.items():
    _collection(_kind, _patch)


@endpoint(
    "POST",
    "/v1/evidence/{id}/retraction",
    permission="evidence.submit",
    tag="evidence",
    summary="Take back a draft that one submitted; what rests on it says so at once",
    body=ReasonIn,
    answer=EvidenceOut,
    own=OwnEvidenceOut,
    refusals=(errors.AlreadyDone, errors.StaleEdit),
    names={"id": "evidence"},
    versioned=True,
)
def retract_evidence(call: Call, id: str) -> Any:
    return evidence.retract_evidence(call.unit, id, call.body["reason"], call.expected)


@endpoint(
    "POST",
    "/v1/organizations/{id}/watchdog",
    permission="record.write",
    tag="organizations",
    summary="Register an organization as a watchdog",
    body=WatchdogIn,
    answer=WatchdogOut,
    status=201,
    refusals=(errors.AlreadyDone,),
    names={"id": "organization"},
)
def register_watchdog(call: Call, id: str) -> Any:
    return watchdogs.register_watchdog(call.unit, id, call.body)


@endpoint(
    "POST",
    "/v1/committees/{id}/mandates",
    permission="record.write",
    tag="committees",
    summary="Add a version of the mandate; nothing overwrites the earlier ones",
    body=MandateIn,
    answer=MandateOut,
    status=201,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "committee"},
)
def adopt_mandate(call: Call, id: str) -> Any:
    return mandates.adopt_mandate(call.unit, id, call.body)


@endpoint(
    "POST",
    "/v1/committees/{id}/members",
    permission="record.write",
    tag="committees",
    summary="Record a member",
    body=MemberIn,
    answer=CommitteeOut,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "committee"},
)
def appoint_member(call: Call, id: str) -> Any:
    return committees.appoint_member(call.unit, id, call.body)


@endpoint(
    "POST",
    "/v1/committees/{id}/reports",
    permission="record.write",
    tag="committees",
    summary="Record a report: handed over, announced, presented, published",
    body=ReportIn,
    answer=CommitteeOut,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "committee"},
)
def file_report(call: Call, id: str) -> Any:
    return reports.file_report(call.unit, id, call.body)


@endpoint(
    "POST",
    "/v1/resources/{id}/figures",
    permission="record.write",
    tag="resources",
    summary="Record an amount that somebody gives for a day",
    body=FigureIn,
    answer=ResourceOut,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "resource"},
)
def add_figure(call: Call, id: str) -> Any:
    return resources.add_figure(call.unit, id, call.body)


@endpoint(
    "POST",
    "/v1/deadlines/{id}/extension",
    permission="record.write",
    tag="deadlines",
    summary="Propose a later date in place of a deadline",
    body=ExtensionIn,
    answer=ExtensionOut,
    status=201,
    refusals=(
        *NAMED,
        errors.AlreadyDone,
        errors.DemandsNotMet,
        errors.ForbiddenMove,
        errors.WrongAssessor,
        errors.NotPermitted,
    ),
    names={"id": "deadline"},
)
def extend_deadline(call: Call, id: str) -> Any:
    deadline, change = deadlines.extend_deadline(call.unit, id, call.body)
    return {"deadline": deadline, "change": change}

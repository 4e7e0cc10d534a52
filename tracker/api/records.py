"""The working record: processes, organizations, committees, means, deadlines, recommendations, evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema
from sqlalchemy import select

from tracker.actions import deadlines, evidence, own, publishing
from tracker.actions import records as acts
from tracker.actions.find import MODELS
from tracker.actions.unit import Unit
from tracker.api.endpoint import Call, endpoint
from tracker.api.lists import PageQuery, page, page_of
from tracker.domain import errors
from tracker.domain.publication import PublicationRefused
from tracker.schemas import answers, parts, records
from tracker.schemas.acts import PublicationIn, ReasonIn
from tracker.schemas.fields import Id

Create = Callable[[Unit, dict[str, Any]], Any]
NAMED = (errors.SlugTaken, errors.WrongKind, errors.WrongProcess)
EDIT = (errors.StaleEdit, errors.AlreadyDone, errors.NotPublished)


class InProcess(PageQuery):
    process = Id("process", sought=True)


def _collection(
    kind: str,
    plural: str,
    shapes: tuple[type[Schema], type[Schema], type[Schema]],
    create: Create,
    permission: str,
) -> None:
    """Create, list, read and edit things of one kind."""
    given, patch, out = shapes
    path = f"/v1/{plural}"
    model = MODELS[kind]
    query = InProcess if hasattr(model, "process_id") else PageQuery
    # A watchdog reads and mends its own items; what is another's is not there (`tracker.actions.own`).
    reading, mending = (
        ("record.read_own", "evidence.submit") if kind == "evidence" else ("record.read", "record.write")
    )

    def make(call: Call) -> Any:
        return create(call.unit, call.body)

    def many(call: Call) -> Any:
        rows = own.narrowed(call.by, select(model), model)
        if "process" in call.query:
            rows = rows.where(model.process_id == call.query["process"])
        return page(call, rows, model.id)

    def read(call: Call, id: str) -> Any:
        return own.read(call.session, call.by, id, kind)

    def edit(call: Call, id: str) -> Any:
        return acts.revise(call.unit, id, kind, call.body, call.expected or 0)

    declarations: tuple[tuple[Any, str, str, Any, dict[str, Any]], ...] = (
        (
            "POST",
            path,
            f"create_{kind}",
            make,
            {"permission": permission, "status": 201, "body": given, "refusals": NAMED},
        ),
        (
            "GET",
            path,
            f"list_{plural.replace('-', '_')}",
            many,
            {"query": query, "answer": page_of(out, f"{kind.title()}Page")},
        ),
        ("GET", f"{path}/{{id}}", f"get_{kind}", read, {"names": {"id": kind}}),
        (
            "PATCH",
            f"{path}/{{id}}",
            f"revise_{kind}",
            edit,
            {
                "permission": mending,
                "body": patch,
                "refusals": (*NAMED, *EDIT, *([errors.OwnEvidence] if kind == "evidence" else [])),
                "names": {"id": kind},
                "versioned": True,
            },
        ),
    )
    for method, route, name, handler, declared in declarations:
        handler.__name__ = name
        summary = f"{name.split('_')[0].capitalize()} {plural if name.startswith('list') else 'a ' + kind}"
        defaults = {"permission": reading, "tag": plural, "summary": summary, "answer": out}
        endpoint(method, route, **{**defaults, **declared})(handler)


_collection(
    "process",
    "processes",
    (records.ProcessIn, records.ProcessPatch, answers.ProcessOut),
    acts.create_process,
    "record.write",
)
_collection(
    "organization",
    "organizations",
    (records.OrganizationIn, records.OrganizationPatch, answers.OrganizationOut),
    acts.create_organization,
    "record.write",
)
_collection(
    "committee",
    "committees",
    (records.CommitteeIn, records.CommitteePatch, answers.CommitteeOut),
    acts.establish_committee,
    "record.write",
)
_collection(
    "resource",
    "resources",
    (records.ResourceIn, records.ResourcePatch, answers.ResourceOut),
    acts.record_resource,
    "record.write",
)
_collection(
    "deadline",
    "deadlines",
    (records.DeadlineIn, records.DeadlinePatch, answers.DeadlineOut),
    deadlines.set_deadline,
    "record.write",
)
_collection(
    "recommendation",
    "recommendations",
    (records.RecommendationIn, records.RecommendationPatch, answers.RecommendationOut),
    acts.record_recommendation,
    "record.write",
)
_collection(
    "evidence",
    "evidence",
    (records.EvidenceIn, records.EvidencePatch, answers.EvidenceOut),
    evidence.submit_evidence,
    "evidence.submit",
)


@endpoint(
    "POST",
    "/v1/evidence/{id}/retraction",
    permission="evidence.submit",
    tag="evidence",
    summary="Take back a draft that one submitted; what rests on it says so at once",
    body=ReasonIn,
    answer=answers.EvidenceOut,
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
    body=records.WatchdogIn,
    answer=answers.WatchdogOut,
    status=201,
    refusals=(errors.AlreadyDone,),
    names={"id": "organization"},
)
def register_watchdog(call: Call, id: str) -> Any:
    return acts.register_watchdog(call.unit, id, call.body)


@endpoint(
    "POST",
    "/v1/committees/{id}/mandates",
    permission="record.write",
    tag="committees",
    summary="Add a version of the mandate; nothing overwrites the earlier ones",
    body=records.MandateIn,
    answer=answers.MandateOut,
    status=201,
    refusals=(errors.NotPublished,),
    names={"id": "committee"},
)
def adopt_mandate(call: Call, id: str) -> Any:
    return acts.adopt_mandate(call.unit, id, call.body)


@endpoint(
    "POST",
    "/v1/committees/{id}/members",
    permission="record.write",
    tag="committees",
    summary="Record a member",
    body=parts.MemberIn,
    answer=answers.CommitteeOut,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "committee"},
)
def appoint_member(call: Call, id: str) -> Any:
    return acts.appoint_member(call.unit, id, call.body)


@endpoint(
    "POST",
    "/v1/committees/{id}/reports",
    permission="record.write",
    tag="committees",
    summary="Record a report: handed over, announced, presented, published",
    body=records.ReportIn,
    answer=answers.CommitteeOut,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "committee"},
)
def file_report(call: Call, id: str) -> Any:
    return acts.file_report(call.unit, id, call.body)


@endpoint(
    "POST",
    "/v1/resources/{id}/figures",
    permission="record.write",
    tag="resources",
    summary="Record an amount that somebody gives for a day",
    body=parts.FigureIn,
    answer=answers.ResourceOut,
    refusals=(errors.NotPublished,),
    names={"id": "resource"},
)
def add_figure(call: Call, id: str) -> Any:
    return acts.add_figure(call.unit, id, call.body)


@endpoint(
    "POST",
    "/v1/deadlines/{id}/extension",
    permission="record.write",
    tag="deadlines",
    summary="Propose a later date in place of a deadline",
    body=records.ExtensionIn,
    answer=answers.ExtensionOut,
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


@endpoint(
    "POST",
    "/v1/subjects/{id}/publication",
    permission="record.publish",
    tag="publication",
    summary="Publish or withdraw a process, an organization or a subject",
    body=PublicationIn,
    answer=answers.PublicationOut,
    refusals=(errors.AlreadyDone, errors.NotPublished, errors.SelfApproval, PublicationRefused),
    names={"id": "thing"},
)
def set_publication(call: Call, id: str) -> Any:
    if call.body["publication"] == "published":
        return publishing.publish(call.unit, id)
    if "reason" not in call.body:
        raise errors.InvalidInput.at("/reason", "say why; the tombstone shows it")
    return publishing.withdraw(call.unit, id, call.body["reason"])

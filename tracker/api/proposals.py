"""Proposals: what one person proposed and another decides, of every kind but status changes."""

from __future__ import annotations

from typing import Any

from tracker.actions import import_undo, proposals
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors
from tracker.domain.proposals import DECISIONS, KINDS, REDACTION
from tracker.domain.publication import PublicationRefused
from tracker.domain.tracks import SUBJECTS
from tracker.http.acts import list_deletions
from tracker.schemas import proposals as schemas_proposals
from tracker.schemas.fields import Code, Id
from tracker.store.proposals import Proposal

_THINGS = ("process", "organization", *SUBJECTS, "person")


class ProposalsQuery(PageQuery):
    kind = Code(KINDS)
    decision = Code(DECISIONS)
    thing = Id(*_THINGS, sought=True)
    process = Id("process", sought=True)
    sort = Code(("proposed_at", "-proposed_at"), load_default="proposed_at")


@endpoint(
    "GET",
    "/v1/proposals",
    permission="proposals.settle",
    tag="proposals",
    summary="List proposals of the kinds that you may propose or decide",
    query=ProposalsQuery,
    answer=make_page_schema(schemas_proposals.ProposalOut, "ProposalPage", named=True),
)
def list_proposals(call: Call) -> Any:
    """Acts that take two people and are no status change: lowering protection, redaction, public copies, consent,
    revisions, imports, roles and keys. You see those about things that you may know of."""
    columns = {
        "kind": Proposal.kind,
        "decision": Proposal.decision,
        "thing": Proposal.thing_id,
        "process": Proposal.process_id,
    }
    rows = proposals.select_visible(call.viewer)
    for name, column in columns.items():
        if name in call.query:
            rows = rows.where(column == call.query[name])
    newest = call.query["sort"] == "-proposed_at"
    page = read_page(call, rows, Proposal.proposed_at, Proposal.id, newest=newest)
    return {**page, "items": [proposals.describe_proposal(call.session, one) for one in page["items"]]}


@endpoint(
    "GET",
    "/v1/proposals/{id}",
    permission="proposals.settle",
    tag="proposals",
    summary="Read a proposal and what became of it",
    answer=schemas_proposals.ProposalOut,
    names={"id": "proposal"},
)
def get_proposal(call: Call, id: str) -> Any:
    """What is proposed, why, the versions on which it was judged, from when it may be approved, and the
    decision."""
    return proposals.describe_proposal(call.session, proposals.get_proposal(call.viewer, id))


@endpoint(
    "POST",
    "/v1/proposals/{id}/decision",
    permission="proposals.settle",
    tag="proposals",
    summary="Approve, return or retract a proposal",
    body=schemas_proposals.ProposalDecisionIn,
    answer=schemas_proposals.ProposalOut,
    again=get_proposal,
    refusals=(
        errors.AlreadyDecided,
        errors.AlreadyDone,
        errors.LegallyHeld,
        errors.NotAgreed,
        errors.NotPublished,
        errors.NotRedactable,
        errors.SelfApproval,
        errors.StaleProposal,
        errors.TooEarly,
        PublicationRefused,
    ),
    names={"id": "proposal"},
)
def decide_proposal(call: Call, id: str) -> Any:
    """`approve` does what was proposed; neither its author nor anybody of the author's organization may. `return`
    needs a `note`. If something changed since, 409 `stale-proposal` names it: read it again and send its present
    version under `versions`."""
    decision, note = call.body["decision"], call.body.get("note")
    proposal = proposals.decide_proposal(call.unit, id, decision, note, read_versions(call))
    if proposal.kind == REDACTION and proposal.approved_at is not None:
        forget_bytes(call, proposal.thing_id)
    return proposals.describe_proposal(call.session, proposal)


def _get_undo(call: Call, _id: str, undo: str) -> Any:
    return get_proposal(call, undo)


@endpoint(
    "POST",
    "/v1/proposals/{id}/undo",
    permission="record.write",
    tag="proposals",
    summary="Propose to take back what an approved batch of an import did",
    body=schemas_proposals.UndoIn,
    answer=schemas_proposals.ProposalOut,
    status=201,
    refusals=(errors.AlreadyDone, errors.NotPublished, errors.WrongKind),
    names={"id": "proposal"},
    again=_get_undo,
)
def undo_import(call: Call, id: str) -> Any:
    """The answer is the proposal; another person decides on it. What others built on since is left as it is."""
    undo = import_undo.propose_undo(call.unit, id, call.body["reason"])
    return proposals.describe_proposal(call.session, undo)


def read_versions(call: Call) -> dict[str, int] | None:
    """What the decider has read; None where they do not say."""
    if "versions" not in call.body:
        return None
    return {one["id"]: one["version"] for one in call.body["versions"]}


def forget_bytes(call: Call, thing: str) -> None:
    """Delete, after the commit, the bytes of the files that this act destroyed."""
    call.after += list_deletions(call.context, call.session, thing)

"""Whether a thing is public: proposing to publish it, and withdrawing it."""

from __future__ import annotations

from typing import Any

from tracker.actions import proposals, publication, releases
from tracker.actions.support import lookup
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.responses import send_proposal
from tracker.domain import errors
from tracker.domain.publication import PublicationRefused
from tracker.schemas.proposals import ProposalOut
from tracker.schemas.publication import PublicationIn, PublicationOut, PublicationPlanOut, ReasonIn


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
    return lookup.get(call.viewer, id)


@endpoint(
    "POST",
    "/v1/subjects/{id}/publication",
    permission="record.write",
    tag="publication",
    summary="Propose that a draft becomes public, alone or with the drafts that it names; a dry run lists these",
    body=PublicationIn,
    answer=PublicationPlanOut,
    refusals=(errors.AlreadyDone, errors.NotAgreed, errors.NotPublished, PublicationRefused),
    names={"id": "thing"},
    waits=ProposalOut,
)
def propose_publication(call: Call, id: str) -> Any:
    asked = {name: call.body[name] for name in ("with_named", "not_before") if name in call.body}
    if call.body["dry_run"]:
        return {"drafts": publication.list_drafts(call.unit, [id], **asked)}
    made = publication.propose_publication(call.unit, [id], reason=call.body.get("reason"), **asked)
    return send_proposal(proposals.describe_proposal(call.session, made), ProposalOut())


@endpoint(
    "POST",
    "/v1/subjects/{id}/withdrawal",
    permission="record.publish",
    tag="publication",
    summary="Withdraw a process, an organization or a subject; a tombstone with the reason stays",
    body=ReasonIn,
    answer=PublicationOut,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "thing"},
)
def withdraw_thing(call: Call, id: str) -> Any:
    return publication.withdraw_thing(call.unit, id, call.body["reason"])


@endpoint(
    "POST",
    "/v1/subjects/{id}/release/retraction",
    permission="record.publish",
    tag="publication",
    summary="Let what waits for its release stay a draft",
    answer=PublicationOut,
    refusals=(errors.AlreadyDone, PublicationRefused),
    names={"id": "thing"},
)
def retract_release(call: Call, id: str) -> Any:
    return releases.take_back_request(call.unit, id)

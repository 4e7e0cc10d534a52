"""Whether a thing is public: proposing to publish it, and withdrawing it."""

from __future__ import annotations

from typing import Any

from tracker.actions import proposals, publication, releases
from tracker.actions.support import lookup
from tracker.actions.support.unit import open_view
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.responses import WAITING
from tracker.domain import errors
from tracker.domain.publication import PublicationRefused
from tracker.schemas.proposals import ProposalOut
from tracker.schemas.publication import PublicationDraftsOut, PublicationIn, PublicationOut, ReasonIn


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
    """`draft`, `published` or `withdrawn`, since when, and for evidence from a source the release that it waits
    for."""
    return lookup.get_for_act(call.viewer, id)


@endpoint(
    "GET",
    "/v1/subjects/{id}/publication/drafts",
    permission="record.read",
    tag="publication",
    summary="List the drafts that a proposal would make public with this one, each after those that it names",
    answer=PublicationDraftsOut,
    refusals=(errors.AlreadyDone, errors.NotAgreed, errors.NotPublished, PublicationRefused),
    names={"id": "thing"},
)
def list_publication_drafts(call: Call, id: str) -> Any:
    """What a proposal `with_named` would make public together: each draft with its version."""
    with open_view(call.session, call.by, call.now, call.context.entropy) as unit:
        rows = publication.list_drafts(unit, [id], with_named=True)
        return {"drafts": [{"id": row.id, "version": row.version} for row in rows]}


def _get_proposed(call: Call, _id: str, proposal: str) -> Any:
    return proposals.get_proposal(call.viewer, proposal)


@endpoint(
    "POST",
    "/v1/subjects/{id}/publication",
    permission="record.write",
    tag="publication",
    summary="Propose that a draft becomes public, alone or with the drafts that it names",
    body=PublicationIn,
    answer=ProposalOut,
    status=WAITING,
    waits=ProposalOut,
    again=_get_proposed,
    refusals=(errors.AlreadyDone, errors.NotAgreed, errors.NotPublished, PublicationRefused),
    names={"id": "thing"},
)
def propose_publication(call: Call, id: str) -> Any:
    """The answer is the proposal. Another person approves it, on the versions that were proposed. Evidence from a
    source is then published in a batch, not at that moment."""
    return publication.propose_publication(call.unit, [id], **call.body)


@endpoint(
    "POST",
    "/v1/subjects/{id}/withdrawal",
    permission="record.publish",
    tag="publication",
    summary="Withdraw a process, an organization or a subject; a tombstone with the reason stays",
    body=ReasonIn,
    answer=PublicationOut,
    again=get_publication,
    refusals=(errors.AlreadyDone, errors.NotPublished),
    names={"id": "thing"},
)
def withdraw_thing(call: Call, id: str) -> Any:
    """The public sees the reason. What is in a withdrawn process is hidden with it."""
    return publication.withdraw_thing(call.unit, id, call.body["reason"])


@endpoint(
    "POST",
    "/v1/subjects/{id}/release/retraction",
    permission="record.publish",
    tag="publication",
    summary="Let what waits for its release stay a draft",
    answer=PublicationOut,
    refusals=(errors.AlreadyDone, PublicationRefused),
    again=get_publication,
    names={"id": "thing"},
)
def retract_release(call: Call, id: str) -> Any:
    """What was approved and waits for its batch is a draft again."""
    return releases.take_back_request(call.unit, id)

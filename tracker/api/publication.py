"""Whether a thing is public: publishing and withdrawing it."""

from __future__ import annotations

from typing import Any

from tracker.actions import drafts, publication, releases
from tracker.actions.support import editable_things, lookup
from tracker.actions.support.unit import open_view
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.api.proposals import read_versions
from tracker.domain import errors
from tracker.domain.publication import WITHDRAWN, PublicationRefused
from tracker.schemas.fields import Digits, Id
from tracker.schemas.proposals import ProposalOut
from tracker.schemas.publication import DraftOut, PublicationDraftsOut, PublicationIn, PublicationOut
from tracker.store.subjects import Subject


class DraftsQuery(PageQuery):
    process = Id("process", sought=True)
    limit = Digits(
        50, load_default=20, metadata={"description": "1 to 50, 20 where left out. A page may be shorter."}
    )


@endpoint(
    "GET",
    "/v1/drafts",
    permission="record.read",
    tag="publication",
    summary="List drafts, oldest first, and what each still lacks to be published",
    query=DraftsQuery,
    answer=make_page_schema(DraftOut, "DraftPage", named=True),
)
def list_drafts(call: Call) -> Any:
    """Subjects that are drafts. `ready` is true where a proposal to publish it alone would be taken today; else
    `because` is the code of what stands in the way, and `missing` what to publish first."""
    rows = drafts.select_drafts(call.viewer)
    if "process" in call.query:
        rows = rows.where(Subject.process_id == call.query["process"])
    page = read_page(call, rows, Subject.created_at, Subject.id)
    with open_view(call.session, call.by, call.now, call.context.entropy) as unit:
        return {**page, "items": drafts.describe_drafts(unit, page["items"])}


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
    """`draft`, `published` or `withdrawn`, since when, and the release that it waits for: until the hour of its
    embargo, or for evidence from a source."""
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


@endpoint(
    "POST",
    "/v1/subjects/{id}/publication",
    permission="publication.settle",
    tag="publication",
    summary="Publish or withdraw a process, an organization or a subject",
    body=PublicationIn,
    answer=PublicationOut,
    waits=ProposalOut,
    again=get_publication,
    refusals=(
        errors.AlreadyDone,
        errors.NotAgreed,
        errors.NotPublished,
        errors.SelfApproval,
        errors.StaleProposal,
        PublicationRefused,
    ),
    names={"id": "thing"},
    versioned=True,
)
def set_publication(call: Call, id: str) -> Any:
    """An editor proposes that a draft becomes public: the answer is 202 with the proposal, and another person decides.
    An approver who recorded none of it publishes it at once with `"publication": "published"`. Evidence from a source
    is then published in a batch, not at that moment. An approver withdraws with `"publication": "withdrawn"` and a
    reason: a tombstone shows it, and what is in a withdrawn process is hidden with it."""
    wanted = {name: value for name, value in call.body.items() if name != "publication"}
    editable_things.require_version(lookup.get_for_act(call.viewer, id), call.expected)
    if call.body.get("publication") == WITHDRAWN:
        return publication.withdraw_thing(call.unit, id, wanted["reason"])
    wanted["versions"] = read_versions(call)
    if "publication" not in call.body or not call.by.may("record.publish"):
        return publication.propose_publication(call.unit, [id], **wanted)
    publication.publish_drafts(call.unit, [id], **wanted)
    return get_publication(call, id)


@endpoint(
    "POST",
    "/v1/subjects/{id}/release/retraction",
    permission="record.publish",
    tag="publication",
    summary="Retract a publication that waits for its release; the thing stays a draft",
    answer=PublicationOut,
    refusals=(errors.AlreadyDone, PublicationRefused),
    again=get_publication,
    names={"id": "thing"},
)
def retract_release(call: Call, id: str) -> Any:
    """What was approved and waits for its hour or its batch is a draft again."""
    return releases.take_back_request(call.unit, id)

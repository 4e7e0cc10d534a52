"""Whether a thing is public: publishing and withdrawing it."""

from __future__ import annotations

from typing import Any

from tracker.actions import publication, releases
from tracker.actions.support import lookup
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.domain.publication import PublicationRefused
from tracker.schemas.publication import PublicationIn, PublicationOut


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
    return lookup.get_for_act(call.viewer, id)


@endpoint(
    "POST",
    "/v1/subjects/{id}/publication",
    permission="record.publish",
    tag="publication",
    summary="Publish or withdraw a process, an organization or a subject; evidence with a source waits to be released",
    body=PublicationIn,
    answer=PublicationOut,
    again=get_publication,
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
    if "not_before" in call.body and call.body["publication"] != "published":
        raise errors.InvalidInput.at("/not_before", "goes with published; leave it out")
    if call.body["publication"] == "draft":
        return releases.take_back_request(call.unit, id)
    if call.body["publication"] == "published":
        return publication.publish_thing(call.unit, id, call.body.get("not_before"))
    if "reason" not in call.body:
        raise errors.InvalidInput.at("/reason", "say why; the tombstone shows it")
    return publication.withdraw_thing(call.unit, id, call.body["reason"])

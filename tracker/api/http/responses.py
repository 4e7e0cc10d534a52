"""How an answer leaves: finished public bytes for everybody, a piece of the working record for the caller."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from flask import Response, request
from marshmallow import Schema

from tracker.actions import proposals
from tracker.actions.support.thing_names import find_names
from tracker.actions.trials import Effect
from tracker.api.http.endpoint import JSON, Call, Endpoint
from tracker.api.http.problems import describe_refusal
from tracker.domain.canonical import encode_json
from tracker.domain.errors import NotPublished
from tracker.http import http_cache
from tracker.public.events import find_ids
from tracker.public.queries import Finished
from tracker.schemas.thing_names import NameOut, NamesTold
from tracker.schemas.trials import DRY_RUN, DryRunOut
from tracker.store.proposals import Proposal

#: The status of an answer that is a proposal, which waits for another person.
WAITING: Final = 202
_NAME: Final = NameOut()


def tag_bytes(body: bytes) -> Finished:
    """Finished bytes whose tag is their own digest."""
    return Finished(body, hashlib.sha256(body).hexdigest()[:32])


def send_public(said: Finished) -> Response:
    """Finished public bytes: the same for everybody, to be kept by anybody, checked by their tag."""
    headers = http_cache.public_headers(said.etag)
    if said.following is not None:
        headers.append(("Link", f'<{said.following}>; rel="next"'))
    if http_cache.is_known_tag(request.headers.get("If-None-Match"), said.etag):
        return Response(status=304, headers=headers)
    return Response(said.body, headers=headers, content_type=JSON)


def send_act(one: Endpoint, answer: Schema | None, call: Call, said: Any) -> Response:
    """What an act is answered: what it made, or the proposal that waits where it takes two people."""
    if one.waits is None or not isinstance(said, Proposal):
        return send_answer(one, answer, call, said)
    shape, said = one.waits(), proposals.describe_proposal(call.session, said)
    response = Response(_dump(shape, call, said), status=WAITING, content_type=JSON)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location"] = f"/v1/proposals/{said['id']}"
    return response


def send_trial(call: Call, told: Response, effect: Effect) -> Response:
    """What a dry run is answered: the answer that the act would have, and what would follow from it."""
    refused = None if effect.approval is None else effect.approval.refused
    if isinstance(refused, NotPublished):
        refused.names = find_names_in(call, refused.missing)
    said = {
        "status": told.status_code,
        "answer": told.get_json(),
        "support": effect.support,
        "approval": effect.approval and {"refused": refused and describe_refusal(refused)},
        "public": effect.public,
    }
    response = Response(encode_json(DryRunOut().dump(said)), content_type=DRY_RUN)
    response.headers["Cache-Control"] = "no-store"
    return response


def _dump(shape: Schema, call: Call, said: Any) -> bytes:
    """What is said, in its shape. Where that has a place for names, what everything is called that it names."""
    body = shape.dump(said)
    if isinstance(shape.fields.get("names"), NamesTold):
        body["names"] = find_names_in(call, body)
    return encode_json(body)


def find_names_in(call: Call, said: Any) -> dict[str, Any]:
    """What everything is called that is named in what is said, as far as the caller may know."""
    return {
        id: _NAME.dump(one)
        for id, one in find_names(call.viewer, find_ids(encode_json(said).decode())).items()
    }


def send_answer(one: Endpoint, answer: Schema | None, call: Call, said: Any) -> Response:
    """A piece of the working record: for the caller, kept by nobody."""
    if isinstance(said, Response):
        return said
    body = said if answer is None else _dump(answer, call, said)
    response = Response(body, status=one.status, content_type=one.produces)
    response.headers["Cache-Control"] = "no-store"
    if answer is None:
        return response  # a stream has no tag: nothing of it is known before it has been read
    if isinstance(said, dict) and said.get("next") is not None:
        response.headers["Link"] = f'<{said["next"]}>; rel="next"'
    version = getattr(said, "version", None)
    # Where the shape does not tell the version, a tag must not: it counts what the reader may not know of.
    if version is not None and (one.method != "GET" or "version" in answer.fields):
        response.set_etag(f"{said.id}-{version}")
        if one.status == 201:
            response.headers["Location"] = f"{request.path}/{said.id}"
    elif one.method == "GET":
        response.set_etag(tag_bytes(response.data).etag)
    if one.method == "GET" and request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        response.status_code, response.data = 304, b""
    return response

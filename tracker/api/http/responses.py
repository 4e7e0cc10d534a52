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


def send_public(finished: Finished) -> Response:
    """Finished public bytes: the same for everybody, to be kept by anybody, checked by their tag."""
    headers = http_cache.public_headers(finished.etag)
    if finished.following is not None:
        headers.append(("Link", f'<{finished.following}>; rel="next"'))
    if http_cache.is_known_tag(request.headers.get("If-None-Match"), finished.etag):
        return Response(status=304, headers=headers)
    return Response(finished.body, headers=headers, content_type=JSON)


def send_act(endpoint: Endpoint, answer: Schema | None, call: Call, made: Any) -> Response:
    """What an act is answered: what it made, or the proposal that waits where it takes two people."""
    if endpoint.waits is None or not isinstance(made, Proposal):
        return send_answer(endpoint, answer, call, made)
    shape, made = endpoint.waits(), proposals.describe_proposal(call.session, made)
    response = Response(_dump(shape, call, made), status=WAITING, content_type=JSON)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location"] = f"/v1/proposals/{made['id']}"
    return response


def send_trial(call: Call, answered: Response, effect: Effect) -> Response:
    """What a dry run is answered: the answer that the act would have, and what would follow from it."""
    refused = None if effect.approval is None else effect.approval.refused
    if isinstance(refused, NotPublished):
        refused.names = find_names_in(call, refused.missing)
    body = {
        "status": answered.status_code,
        "answer": answered.get_json(),
        "support": effect.support,
        "approval": effect.approval and {"refused": refused and describe_refusal(refused)},
        "public": effect.public,
    }
    response = Response(encode_json(DryRunOut().dump(body)), content_type=DRY_RUN)
    response.headers["Cache-Control"] = "no-store"
    return response


def _dump(shape: Schema, call: Call, value: Any) -> bytes:
    """What is said, in its shape. Where that has a place for names, what everything is called that it names."""
    body = shape.dump(value)
    if isinstance(shape.fields.get("names"), NamesTold):
        body["names"] = find_names_in(call, body)
    return encode_json(body)


def find_names_in(call: Call, value: Any) -> dict[str, Any]:
    """What everything is called that is named in what is said, as far as the caller may know."""
    return {
        id: _NAME.dump(one)
        for id, one in find_names(call.viewer, find_ids(encode_json(value).decode())).items()
    }


def send_answer(endpoint: Endpoint, answer: Schema | None, call: Call, value: Any) -> Response:
    """A piece of the working record: for the caller, kept by nobody."""
    if isinstance(value, Response):
        return value
    body = value if answer is None else _dump(answer, call, value)
    response = Response(body, status=endpoint.status, content_type=endpoint.produces)
    response.headers["Cache-Control"] = "no-store"
    if answer is None:
        return response  # a stream has no tag: nothing of it is known before it has been read
    if isinstance(value, dict) and value.get("next") is not None:
        response.headers["Link"] = f'<{value["next"]}>; rel="next"'
    version = getattr(value, "version", None)
    # Where the shape does not tell the version, a tag must not: it counts what the reader may not know of.
    if version is not None and (endpoint.method != "GET" or "version" in answer.fields):
        response.set_etag(f"{value.id}-{version}")
        if endpoint.status == 201:
            response.headers["Location"] = f"{request.path}/{value.id}"
    elif endpoint.method == "GET":
        response.set_etag(tag_bytes(response.data).etag)
    if endpoint.method == "GET" and request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        response.status_code, response.data = 304, b""
    return response

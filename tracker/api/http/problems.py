"""One table from refusals to problem details (RFC 9457). Nothing of an exception's own text leaves but a refusal's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from tracker import logging
from tracker.database.outages import refusal_for
from tracker.domain import errors, service_errors
from tracker.domain.canonical import encode_json, format_instant
from tracker.domain.errors import MOST, limited, shorten_fields
from tracker.domain.sent_values import quote_value
from tracker.http import requests
from tracker.http.context import context
from tracker.http.early_refusals import BadRequest, MethodNotAllowed
from tracker.http.environ import PROBLEM, ROUTE, find_request_id
from tracker.http.refusals import STATUS, BadContentDigest, TooLarge, UnsupportedMediaType, name_wait
from tracker.schemas.problems import DemandOut

MEDIA_TYPE: Final = "application/problem+json"
#: How much of the path is repeated in a problem.
_LONGEST_PATH: Final = 2_000


def type_of(refusal: type[errors.Refusal]) -> str:
    """The stable type of a problem: an address of this server at which it is explained, as in `docs/problems.md`."""
    return f"/problems/{refusal.code}"


def describe_refusal(refusal: errors.Refusal) -> dict[str, Any]:
    """What is said of a refusal."""
    kind = type(refusal)
    body: dict[str, Any] = {
        "type": type_of(kind),
        "title": kind.title,
        "status": STATUS[kind],
        "detail": refusal.detail,
        "instance": quote(request.path)[:_LONGEST_PATH],
    }
    if refusal.fields:
        body["errors"] = [_describe_fault(fault) for fault in limited(refusal.fields)]
    if refusal.missing:
        body["missing"] = [shorten_fields(one) for one in refusal.missing[:MOST]]
    if refusal.demands:
        body["demands"] = DemandOut(many=True).dump(refusal.demands)
    if isinstance(refusal, errors.NotPublished) and refusal.names:
        body["names"] = dict(refusal.names)
    if refusal.not_before is not None:
        body["not_before"] = format_instant(refusal.not_before)
    return body


def _describe_fault(fault: errors.FieldError) -> dict[str, Any]:
    return {name: value for name, value in asdict(fault).items() if value is not None}


def make_problem(refusal: errors.Refusal) -> Response:
    """A refusal as it leaves."""
    kind = type(refusal)
    status = STATUS[kind]
    response = Response(encode_json(describe_refusal(refusal)), status=status, content_type=MEDIA_TYPE)
    request.environ[PROBLEM] = kind.code
    response.headers["Cache-Control"] = "no-store"
    if status == 401:
        sent = request.headers.get("Authorization", "").partition(" ")[0].lower() == "bearer"
        response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if sent else "Bearer"
    if isinstance(refusal, UnsupportedMediaType):
        response.headers.extend(refusal.read)
    if kind is BadContentDigest:
        response.headers["Want-Content-Digest"] = "sha-512=10, sha-256=9"
    response.headers.update(name_wait(refusal))
    return response


def _of_http(error: HTTPException) -> Response:
    """What Flask itself refuses, in the same words as the rest; its headers (`Allow`, …) are kept."""
    refusal: errors.Refusal
    if isinstance(error, RequestEntityTooLarge):
        refusal = TooLarge(requests.describe_limit())
    elif error.code == 404 or (error.code or 0) < 400:  # there are no redirects: a host would stand in them
        refusal = errors.NotFound("there is nothing at this address")
    elif error.code == 405:
        known = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        refusal = MethodNotAllowed(f"{quote_value(request.method)} is not taken here; send one of {known}")
    else:
        refusal = BadRequest(error.name)
    answer = make_problem(refusal)
    for name, value in error.get_response().headers:
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _of_accident(error: Exception) -> Response:
    if (refusal := refusal_for(error)) is not None:
        return make_problem(refusal)
    # Where it happened goes to the operators' log; a stranger learns the name under which it stands there.
    name = find_request_id(request.environ)
    route = None if request.url_rule is None else request.url_rule.rule
    logging.log_accident(context().log, error, request=name, route=route)
    return make_problem(service_errors.Unexpected(f"it was logged as request {name}"))


def _note_route(response: Response) -> Response:
    request.environ[ROUTE] = None if request.url_rule is None else request.url_rule.rule
    return response


def attach_problems(app: Flask) -> None:
    app.register_error_handler(errors.Refusal, make_problem)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_accident)
    app.after_request(_note_route)


def list_refusals() -> Iterator[type[errors.Refusal]]:
    """Every refusal there is, wherever it is defined."""

    def below(kind: type[errors.Refusal]) -> Iterator[type[errors.Refusal]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    return below(errors.Refusal)

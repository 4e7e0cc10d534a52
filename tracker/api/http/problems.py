"""One table from refusals to problem details (RFC 9457). Nothing of an exception's own text leaves but a refusal's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from tracker import logging
from tracker.api.http.context import context
from tracker.database.outages import refusal_for
from tracker.domain import custody, errors, files
from tracker.domain.errors import MOST, limited, shorten_fields
from tracker.domain.publication import PublicationRefused
from tracker.http.middleware import (
    PROBLEM,
    ROUTE,
    AddressTooLong,
    BadRequest,
    HeaderTooLong,
    MethodNotAllowed,
    find_request_id,
)
from tracker.public.events import encode_json, format_instant

MEDIA_TYPE: Final = "application/problem+json"
#: How much of the path is repeated in a problem.
_LONGEST_PATH: Final = 2_000


class UnsupportedMediaType(errors.Refusal):
    code = "unsupported-media-type"
    title = "This media type is not accepted here"
    remedy = "Send `Content-Type: application/json`."

    def __init__(self, detail: str, header: str | None = None, *values: str) -> None:
        """``header`` and its values tell a program what is read (RFC 9110, 15.5.16)."""
        super().__init__(detail)
        self.read = {} if header is None else {header: ", ".join(values)}


class TooLarge(errors.Refusal):
    code = "too-large"
    title = "The body is too large"
    remedy = "Send less; the detail names the limit."


class BadContentDigest(errors.Refusal):
    code = "bad-content-digest"
    title = "The body does not match its Content-Digest"
    remedy = "Send the body again; `Want-Content-Digest` names the algorithms that are checked."


class LengthRequired(errors.Refusal):
    code = "length-required"
    title = "The length of the body is not known"
    remedy = "Send `Content-Length`, or `Content-Digest` if you do not know the length in advance."


class TooSlow(errors.Refusal):
    code = "too-slow"
    title = "The body arrived too slowly"
    remedy = "Nothing was kept. Send it again over a better connection, or in smaller parts."


class RangeNotSatisfiable(errors.Refusal):
    code = "range-not-satisfiable"
    title = "The range is beyond the end of the file"
    remedy = "`Content-Range` says how many bytes the file has. You may have all of them already."


class PreconditionRequired(errors.Refusal):
    code = "precondition-required"
    title = "The request does not say which version it edits"
    remedy = "Send `If-Match` with the `ETag` you read."


#: Every reason the tracker has to say no, and the status it is said with.
STATUS: Final[Mapping[type[errors.Refusal], int]] = {
    BadRequest: 400,
    errors.BadJson: 400,
    BadContentDigest: 400,
    errors.NotAuthenticated: 401,
    errors.NotPermitted: 403,
    errors.WrongPassword: 403,
    errors.NotFound: 404,
    MethodNotAllowed: 405,
    TooSlow: 408,
    errors.SlugTaken: 409,
    errors.ForbiddenMove: 409,
    errors.WrongAssessor: 409,
    errors.NoReply: 409,
    errors.NoQuestion: 409,
    errors.DemandsNotMet: 409,
    errors.SelfApproval: 409,
    errors.OwnEvidence: 409,
    errors.AlreadyDecided: 409,
    errors.AlreadyDone: 409,
    errors.TooEarly: 409,
    errors.StaleProposal: 409,
    errors.NotPublished: 409,
    errors.InFlight: 409,
    errors.LegallyHeld: 409,
    errors.NotAgreed: 409,
    errors.NotRedactable: 409,
    PublicationRefused: 409,
    custody.SameFile: 409,
    errors.Withdrawn: 410,
    errors.Redacted: 410,
    LengthRequired: 411,
    errors.StaleEdit: 412,
    TooLarge: 413,
    errors.TooManyValues: 413,
    files.FileTooLarge: 413,
    AddressTooLong: 414,
    UnsupportedMediaType: 415,
    RangeNotSatisfiable: 416,
    errors.InvalidInput: 422,
    errors.ImportRefused: 422,
    errors.IdempotencyKeyReused: 422,
    errors.WrongKind: 422,
    errors.WrongProcess: 422,
    errors.UnknownTrack: 422,
    errors.UnknownState: 422,
    files.DigestMismatch: 422,
    files.NotCheckable: 422,
    files.StillCarries: 422,
    PreconditionRequired: 428,
    errors.TooManyAttempts: 429,
    errors.TooManyAtOnce: 429,
    errors.TooManyRequests: 429,
    HeaderTooLong: 431,
    errors.Unexpected: 500,
    files.FileMissing: 500,
    errors.Busy: 503,
    errors.Unavailable: 503,
    errors.SealingUnavailable: 503,
    files.StorageUnavailable: 503,
    errors.DiskFull: 507,
    files.StorageFull: 507,
}


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
        "detail": shorten_fields(refusal.detail),
        "instance": quote(request.path)[:_LONGEST_PATH],
    }
    if refusal.fields:
        body["errors"] = [asdict(field) for field in limited(refusal.fields)]
    if refusal.missing:
        body["missing"] = [shorten_fields(one) for one in refusal.missing[:MOST]]
    if refusal.demands:
        body["demands"] = [{**asdict(one), "met": one.met} for one in refusal.demands]
    if refusal.not_before is not None:
        body["not_before"] = format_instant(refusal.not_before)
    return body


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
    if refusal.wait is not None:
        response.headers["Retry-After"] = str(refusal.wait)
    return response


def _of_http(error: HTTPException) -> Response:
    """What Flask itself refuses, in the same words as the rest; its headers (`Allow`, …) are kept."""
    refusal: errors.Refusal
    if isinstance(error, RequestEntityTooLarge):
        refusal = TooLarge(f"at most {request.max_content_length} bytes are read")
    elif error.code == 404 or (error.code or 0) < 400:  # there are no redirects: a host would stand in them
        refusal = errors.NotFound("there is nothing at this address")
    elif error.code == 405:
        refusal = MethodNotAllowed(f"{request.method} is not taken here")
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
    return make_problem(errors.Unexpected(f"it was logged as request {name}"))


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

"""What an endpoint may answer, in the words of OpenAPI: its shapes, what each carries, every reason to say no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tracker.api.http import idempotency
from tracker.api.http.endpoint import JSON, Endpoint
from tracker.api.http.problems import MEDIA_TYPE, type_of
from tracker.api.openapi.components import NAME
from tracker.domain import errors, service_errors
from tracker.domain.demands import Demand
from tracker.domain.people import PUBLIC
from tracker.http import digests
from tracker.http.early_refusals import AddressTooLong, BadRequest, HeaderTooLong
from tracker.http.refusals import (
    STATUS,
    BadContentDigest,
    PreconditionRequired,
    RangeNotSatisfiable,
    TooLarge,
    TooSlow,
    UnsupportedMediaType,
)
from tracker.schemas.problems import DemandOut, Problem
from tracker.schemas.subjects import AnySubject
from tracker.schemas.trials import DRY_RUN, DryRunOut


def _describe_header(description: str, kind: str = "string") -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


BYTES: Final = {"type": "string", "format": "binary"}
_REQUEST_ID: Final = {
    "X-Request-Id": _describe_header("What this request is called in the log of the operators.")
}
_WAIT: Final = {
    "Retry-After": _describe_header("After how many seconds the same may be sent again.", "integer")
}
_DIGESTS: Final = {
    "Want-Content-Digest": _describe_header("The algorithms of `Content-Digest` that are checked.")
}
_LIMITS: Final = {
    "RateLimit-Policy": _describe_header("How many requests (`q`) a key may send in how many seconds (`w`)."),
    "RateLimit": _describe_header(
        "How many of them are left (`r`), and in how many seconds (`t`) the count resets."
    ),
}
_REPLAYED: Final = {
    idempotency.REPLAYED: _describe_header(
        f"`true` where the first request with that `{idempotency.HEADER}` was acted on before; nothing was done again."
    )
}
_SAVED: Final = {
    digests.WHOLE: _describe_header(
        "The SHA-256 of the bytes (RFC 9530); left out where it is not known before they are sent."
    ),
    "Content-Disposition": _describe_header("Always `attachment`, with a name that says nothing."),
}


def build_responses(endpoint: Endpoint) -> dict[str, Any]:
    """Every answer by its status, with what it carries."""
    limits = {} if endpoint.permission == PUBLIC else _LIMITS
    carried = {} if endpoint.permission == PUBLIC else {**_LIMITS, **_REQUEST_ID}
    replayed = _REPLAYED if endpoint.again is not None else {}
    responses: dict[str, Any] = {str(endpoint.status): _describe_answer(endpoint, {**carried, **replayed})}
    if endpoint.waits is not None:
        responses["202"] = {
            "description": "It waits for another person's decision: the proposal.",
            "headers": {"Location": _describe_header("The address of the proposal."), **carried},
            "content": {JSON: {"schema": endpoint.waits}},
            NAME: "Waits",
        }
    if endpoint.tries:
        tried = responses.setdefault(
            "200",
            {
                "description": "A dry run: what would follow.",
                "headers": carried,
                NAME: "DryRun",
                "content": {},
            },
        )
        tried["content"][DRY_RUN] = {"schema": DryRunOut}
    if endpoint.ranges:
        part = _describe_answer(
            endpoint,
            {**carried, "Content-Range": _describe_header("Which bytes these are, and of how many.")},
        )
        responses["206"] = {**part, "description": "The part that `Range` asks for."}
    if endpoint.method == "GET" and (not isinstance(endpoint.answer, tuple) or endpoint.permission == PUBLIC):
        responses["304"] = {
            "description": "What you have is still right.",
            **({"headers": carried} if carried else {}),
            NAME: "NotModified" if limits else "NotModifiedInPublic",
        }
    return responses | _describe_refusals(endpoint, limits)


def _describe_refusals(endpoint: Endpoint, limits: Mapping[str, Any]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for refusal in list_refusals(endpoint):
        by_status.setdefault(STATUS[refusal], []).append(refusal.code)
    return {
        str(status): describe_refusal(status, codes, limits) for status, codes in sorted(by_status.items())
    }


def describe_refusal(status: int, codes: Sequence[str], limits: Mapping[str, Any]) -> dict[str, Any]:
    """A refusal for one of these reasons. ``limits`` are the headers of the rate limit, which only a key has."""
    codes = sorted(codes)
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    return {
        "description": "Refused: " + ", ".join(f"`{code}`" for code in codes) + ".",
        "headers": {**_problem_headers(status), **(limits if status != 401 else {})},
        "content": {MEDIA_TYPE: {"schema": Problem, "examples": examples}},
        NAME: "Or".join(_to_camel(code) for code in codes) + ("" if limits else "InPublic"),
    }


def _to_camel(code: str) -> str:
    return "".join(word.capitalize() for word in code.split("-"))


def find_example(refusal: type[errors.Refusal]) -> dict[str, Any]:
    """A problem document of this kind, as a client may meet it."""
    body: dict[str, Any] = {
        "type": type_of(refusal),
        "title": refusal.title,
        "status": STATUS[refusal],
        "detail": refusal.remedy,
        "instance": "/v1/organizations",
    }
    if refusal is errors.InvalidInput:
        faults = [{"pointer": "/type", "detail": "is required"}]
        body |= {"detail": "one or more members are not valid", "errors": faults}
    if refusal is errors.DemandsNotMet:
        demand = Demand("verified", 1, 0)
        shown = DemandOut().dump(demand)
        body |= {"missing": [str(demand.describe())], "demands": [shown]}
    if refusal is errors.TooEarly:
        body |= {"not_before": "2026-11-24T09:00:00.000000Z"}
    return body


def list_refusals(endpoint: Endpoint) -> set[type[errors.Refusal]]:
    """Every reason this endpoint may give to say no: what it declares, and what follows from its shape."""
    refusals: set[type[errors.Refusal]] = {
        *endpoint.refusals,
        errors.InvalidInput,
        BadRequest,
        service_errors.Busy,
    }
    refusals |= {AddressTooLong, HeaderTooLong, service_errors.Unavailable}
    if endpoint.permission != PUBLIC:
        refusals.add(service_errors.DiskFull)
    if endpoint.permission != PUBLIC:
        refusals |= {
            service_errors.NotAuthenticated,
            errors.NotPermitted,
            service_errors.TooManyRequests,
            service_errors.TooManyAtOnce,
        }
    if endpoint.again is not None:
        refusals |= {service_errors.IdempotencyKeyReused, service_errors.InFlight, errors.NotFound}
    if endpoint.parameters:
        refusals.add(errors.NotFound)
    if endpoint.body is not None:
        refusals |= {errors.BadJson, errors.TooManyValues, BadContentDigest, TooLarge, UnsupportedMediaType}
    if endpoint.body is not None or endpoint.receive is not None:
        refusals.add(TooSlow)
    if endpoint.ranges:
        refusals.add(RangeNotSatisfiable)
    if endpoint.versioned:
        refusals |= {errors.StaleEdit, *([PreconditionRequired] if endpoint.method == "PATCH" else [])}
    return refusals


def _describe_answer(endpoint: Endpoint, carried: Mapping[str, Any]) -> dict[str, Any]:
    if endpoint.answer == ():
        return {
            "description": "The bytes.",
            "headers": {**_SAVED, **carried},
            "content": {endpoint.produces: {"schema": BYTES}},
        }
    if isinstance(endpoint.answer, tuple):
        lines = {"description": "Each line is one of these.", "oneOf": list(endpoint.answer)}
        return {
            "description": "One JSON object on each line.",
            **({"headers": carried} if carried else {}),
            "content": {endpoint.produces: {"schema": lines}},
        }
    headers = {"ETag": _describe_header("Strong entity tag."), **carried}
    if add_location(endpoint):
        headers["Location"] = _describe_header("The address of what was made, as a path of this server.")
    if "next" in endpoint.answer().fields:
        headers["Link"] = _describe_header(
            'The page that follows, as `rel="next"` (RFC 8288); left out on the last.'
        )
    return {
        "description": _describe_success(endpoint),
        NAME: endpoint.operation,  # each stands in its place: its example is its own
        "headers": headers,
        "content": {endpoint.produces: {"schema": _describe_schemas(endpoint)}},
    }


#: What a GET answers.
FOUND: Final = "What was asked for, as it stands now."


def _describe_success(endpoint: Endpoint) -> str:
    """What an answer says."""
    if isinstance(endpoint.answer, tuple):
        return "The bytes."
    if "next" in endpoint.answer().fields:
        return "A page of the list. It may be shorter than `limit`; `next` leads on."
    if endpoint.method == "GET":
        return FOUND
    return "It is recorded: what was made." if endpoint.status == 201 else "It is done: what holds now."


def add_location(endpoint: Endpoint) -> bool:
    """Whether the answer says in `Location` where what was made is."""
    made = endpoint.answer
    return endpoint.status == 201 and not isinstance(made, tuple) and "version" in made().fields


def _describe_schemas(endpoint: Endpoint) -> Any:
    """The shape of an answer. Where callers are answered by who they are, each is named, and for whom it is."""
    if isinstance(endpoint.answer, tuple) or endpoint.own is None:
        return _describe_schema(endpoint.answer)
    desk, others = endpoint.answer.__name__, endpoint.own.__name__
    by_caller = f"`{desk}` to the desk, `{others}` to callers who read only what is their own."
    return {"description": by_caller, "anyOf": [_describe_schema(endpoint.answer), endpoint.own]}


def _describe_schema(answer: Any) -> Any:
    """An answer as its shape; a choice of shapes by the name under which it stands in the components."""
    return {"$ref": f"#/components/schemas/{answer.__name__}"} if answer is AnySubject else answer


def _problem_headers(status: int) -> dict[str, Any]:
    length = {"Content-Range": _describe_header("`bytes */` and how many bytes there are.")}
    more = {400: _DIGESTS, 409: _WAIT, 416: length, 429: _WAIT, 503: _WAIT, 507: _WAIT}
    return {**_REQUEST_ID, **more.get(status, {})}

"""The OpenAPI 3.1 document, made from the endpoint declarations and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields, validate

from tracker import __version__, compact
from tracker.api import digests, multipart, once
from tracker.api.downloads import BINARY
from tracker.api.endpoint import ENDPOINTS, JSON, Endpoint
from tracker.api.problems import (
    MEDIA_TYPE,
    STATUS,
    BadContentDigest,
    BadRequest,
    PreconditionRequired,
    RangeNotSatisfiable,
    TooLarge,
    TooSlow,
    UnsupportedMediaType,
)
from tracker.domain import errors, ids
from tracker.domain.people import PERMISSIONS, PUBLIC, ROLES
from tracker.schemas.fields import Moment
from tracker.schemas.subjects import AnySubject

_VERSION: Final = "3.1.0"
_DESCRIPTION: Final = """\
The one record of who owes what, by when, with which means; what has been done; who says so, on what evidence.

Two halves, told apart by the path. `/v1/public/…` is read by anybody, says the same to everybody and may be cached.
`/v1/…` is the working record and takes a key. Errors are problem details (RFC 9457); their `type` is stable.

Every problem, and every answer to a key, carries an `X-Request-Id`: tell it to the operators when you ask about one.
"""


def _header(description: str, kind: str = "string") -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


_REQUEST_ID: Final = {"X-Request-Id": _header("What this request is called in the log of the operators.")}
_WAIT: Final = {"Retry-After": _header("After how many seconds the same may be sent again.", "integer")}
_DIGESTS: Final = {"Want-Content-Digest": _header("The algorithms of `Content-Digest` that are checked.")}
_LIMITS: Final = {
    "RateLimit-Policy": _header("How many requests (`q`) a key may send in how many seconds (`w`)."),
    "RateLimit": _header("How many of them are left (`r`), and in how many seconds (`t`) it begins anew."),
}
_REPLAYED: Final = {
    once.REPLAYED: _header(
        f"`true` where this is what the first request with that `{once.HEADER}` was answered."
    )
}
#: Of what is read on record.
_EACH: Final = (
    " Each call is an act of its own and is written down; no answer is kept, whatever header is sent."
)
_BYTES: Final = {"type": "string", "format": "binary"}
_SAVED: Final = {
    digests.WHOLE: _header(
        "The SHA-256 of the bytes (RFC 9530); left out where it is not known before they are sent."
    ),
    "Content-Disposition": _header("Always `attachment`, with a name that says nothing."),
}


class FieldProblem(Schema):
    """One member that is at fault: a JSON Pointer into the body, or the name of a parameter."""

    pointer = fields.String(required=True)
    detail = fields.String(required=True)


class Problem(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True, validate=validate.Regexp("^urn:tracker:problem:"))
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldProblem))
    missing = fields.List(
        fields.String(), metadata={"description": "What would satisfy the rule that was broken."}
    )
    not_before = Moment(metadata={"description": "From when the same is no longer too early."})


def document() -> dict[str, Any]:
    """The whole document as plain values."""
    marshmallow = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(
        title="Accountability tracker",
        version=__version__,
        openapi_version=_VERSION,
        plugins=[marshmallow],
        info={"description": _DESCRIPTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        servers=[{"url": "/"}],
    )
    if marshmallow.converter is not None:
        marshmallow.converter.add_attribute_function(_amount)  # type: ignore[no-untyped-call]
    spec.components.security_scheme(
        "key",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "A key, `trk_…`, issued by `tracker keys issue`.",
        },
    )
    spec.components.schema("Problem", schema=Problem)
    _any_subject(spec)
    for tag in dict.fromkeys(one.tag for one in ENDPOINTS):
        spec.tag({"name": tag, "description": f"Endpoints for {tag}."})
    paths: dict[str, dict[str, Any]] = {}
    for one in ENDPOINTS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    for path, operations in paths.items():
        spec.path(path, operations=operations)
    made: dict[str, Any] = {"openapi": _VERSION, **spec.to_dict()}
    compact.open_answers(made)
    compact.describe(made)
    compact.show(made, compact.examples())
    compact.share(made)
    return made


def _any_subject(spec: APISpec) -> None:
    """A shape that is one of several: told apart by its kind, for which OpenAPI has words and marshmallow has none."""
    kinds = {}
    for kind, shape in AnySubject.VARIANTS.items():
        spec.components.schema(shape.__name__, schema=shape)
        kinds[kind] = f"#/components/schemas/{shape.__name__}"
    choice = {
        "oneOf": [{"$ref": one} for one in kinds.values()],
        "discriminator": {"propertyName": "kind", "mapping": kinds},
    }
    spec.components.schema(AnySubject.__name__, choice)


def as_yaml() -> str:
    return compact.dump(document())


def _amount(_converter: Any, field: Any, **_kwargs: Any) -> dict[str, Any]:
    """An amount leaves as a text of digits."""
    if not (isinstance(field, fields.Decimal) and field.as_string):
        return {}
    return {"type": ["string", "null"] if field.allow_none else "string"}


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__


def _operation(one: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": one.operation,
        "summary": one.summary,
        "description": _permission(one.permission) + ("" if one.kept else _EACH),
        "tags": [one.tag],
        "security": [] if one.permission == PUBLIC else [{"key": []}],
        "parameters": _parameters(one),
        "responses": _responses(one),
    }
    if one.body is not None:
        # One media type, although an edit is also read as plain JSON: generators stumble over two with one shape.
        operation["requestBody"] = {
            "required": True,
            "content": {one.media_types[0]: {"schema": one.body}},
        }
    if one.form is not None:
        operation["requestBody"] = {
            "required": True,
            "description": "The parts in this order: first what is JSON, then each file with its own `Content-Type`."
            " A `filename` that it is given is kept sealed, for custodians only.",
            "content": {
                multipart.MEDIA_TYPE: {"schema": one.form, "encoding": {"item": {"contentType": JSON}}}
            },
        }
    elif one.receive is not None:
        operation["requestBody"] = {
            "required": True,
            "description": "The bytes themselves, with whatever `Content-Type` they have.",
            "content": {BINARY: {"schema": _BYTES}},
        }
    return operation


def _schema(answer: Any) -> Any:
    """An answer as its shape; a choice of shapes by the name under which it stands in the components."""
    return {"$ref": f"#/components/schemas/{answer.__name__}"} if answer is AnySubject else answer


def _permission(permission: str) -> str:
    if permission == PUBLIC:
        return "Public: takes no key, and says the same to everybody."
    roles = ", ".join(role for role, may in ROLES.items() if permission in may)
    return f"Takes the permission `{permission}`: to {PERMISSIONS[permission]} ({roles})."


def _parameters(one: Endpoint) -> list[Any]:
    found: list[Any] = [
        {
            "in": "path",
            "name": name,
            "required": True,
            **(
                {
                    "description": "One of those that are served.",
                    "schema": {"type": "string", "enum": list(one.choices[name])},
                }
                if name in one.choices
                else {
                    "description": f"The id of a {' or '.join(one.kinds(name))}.",
                    "schema": {"type": "string", "pattern": ids.pattern(*one.kinds(name))},
                }
            ),
        }
        for name in one.parameters
    ]
    if one.query is not None:
        found.append({"in": "query", "schema": one.query})
    return found + _sent_headers(one)


def _sent_headers(one: Endpoint) -> list[Any]:
    found: list[tuple[str, str, dict[str, str]]] = []
    if one.ranges:
        found.append(("Range", "One part of the bytes, as `bytes=1000-`; anything else is passed over.", {}))
        found.append(("If-Range", "The ETag of what the part belongs to; with another all is sent.", {}))
    if one.versioned:
        found.append(("If-Match", "The ETag of what was read.", {}))
    if one.method == "POST":
        told = (
            "A new one for each act, the same with each repetition: it is acted on once. Kept for 24 hours."
            if one.kept
            else "Taken and not looked at: each call is an act of its own, and nothing is kept."
        )
        found.append((once.HEADER, told, {"pattern": f"^{once.PATTERN}$"}))
    if one.receive is not None and one.form is None:
        told = "`attachment; filename=…`: what the file is called. Kept sealed, for custodians only."
        found.append(("Content-Disposition", told, {}))
    if one.body is not None or one.receive is not None:
        told = f"The digest of the body (RFC 9530), by {' or '.join(digests.ALGORITHMS)}; checked first."
        found.append((digests.HEADER, told, {}))
    return [
        {
            "in": "header",
            "name": name,
            "required": name == "If-Match" and one.method == "PATCH",
            "description": told,
            "schema": {"type": "string", **more},
        }
        for name, told, more in found
    ]


def refusals(one: Endpoint) -> set[type[errors.Refusal]]:
    """Every reason this endpoint may give to say no: what it declares, and what follows from its shape."""
    found: set[type[errors.Refusal]] = {*one.refusals, errors.InvalidInput, BadRequest, errors.Busy}
    if one.permission != PUBLIC:
        found |= {errors.NotAuthenticated, errors.NotPermitted, errors.TooManyRequests, errors.TooManyAtOnce}
    if one.method == "POST" and one.kept:
        found |= {errors.IdempotencyKeyReused, errors.InFlight}
    if one.parameters:
        found.add(errors.NotFound)
    if one.body is not None:
        found |= {errors.BadJson, BadContentDigest, TooLarge, UnsupportedMediaType}
    if one.body is not None or one.receive is not None:
        found.add(TooSlow)
    if one.ranges:
        found.add(RangeNotSatisfiable)
    if one.versioned:
        found |= {errors.StaleEdit, *([PreconditionRequired] if one.method == "PATCH" else [])}
    return found


def _answer(one: Endpoint, carried: Mapping[str, Any]) -> dict[str, Any]:
    if one.answer == ():
        return {
            "description": one.summary + ".",
            "headers": {**_SAVED, **carried},
            "content": {one.produces: {"schema": _BYTES}},
        }
    if isinstance(one.answer, tuple):
        lines = {"description": "Each line is one of these.", "oneOf": list(one.answer)}
        return {
            "description": one.summary + ".",
            **({"headers": carried} if carried else {}),
            "content": {one.produces: {"schema": lines}},
        }
    headers = {"ETag": _header("Strong entity tag."), **carried}
    if "next" in one.answer().fields:
        headers["Link"] = _header('The page that follows, as `rel="next"` (RFC 8288); left out on the last.')
    return {
        "description": one.summary + ".",
        "headers": headers,
        "content": {one.produces: {"schema": _schemas(one)}},
    }


def _schemas(one: Endpoint) -> Any:
    """The shape of an answer. Where whoever asks is answered by who they are, each is named, and for whom it is."""
    if isinstance(one.answer, tuple) or one.own is None:
        return _schema(one.answer)
    told = f"`{one.answer.__name__}` to the desk, `{one.own.__name__}` to whoever reads what is their own."
    return {"description": told, "anyOf": [_schema(one.answer), one.own]}


def _responses(one: Endpoint) -> dict[str, Any]:
    limits = {} if one.permission == PUBLIC else _LIMITS
    carried = {} if one.permission == PUBLIC else {**_LIMITS, **_REQUEST_ID}
    replayed = _REPLAYED if one.method == "POST" and one.kept else {}
    said: dict[str, Any] = {str(one.status): _answer(one, {**carried, **replayed})}
    if one.ranges:
        part = _answer(one, {**carried, "Content-Range": _header("Which bytes these are, and of how many.")})
        said["206"] = {**part, "description": "The part that `Range` asks for."}
    if one.method == "GET" and (not isinstance(one.answer, tuple) or one.permission == PUBLIC):
        said["304"] = {
            "description": "What you have is still right.",
            **({"headers": carried} if carried else {}),
        }
    by_status: dict[int, list[str]] = {}
    for refusal in refusals(one):
        by_status.setdefault(STATUS[refusal], []).append(refusal.code)
    for status, codes in sorted(by_status.items()):
        said[str(status)] = {
            "description": "Refused: " + ", ".join(f"`{code}`" for code in sorted(codes)) + ".",
            "headers": {**_problem_headers(status), **(limits if status != 401 else {})},
            "content": {MEDIA_TYPE: {"schema": Problem}},
        }
    return said


def _problem_headers(status: int) -> dict[str, Any]:
    length = {"Content-Range": _header("`bytes */` and how many bytes there are.")}
    more = {400: _DIGESTS, 409: _WAIT, 416: length, 429: _WAIT, 503: _WAIT}
    return {**_REQUEST_ID, **more.get(status, {})}

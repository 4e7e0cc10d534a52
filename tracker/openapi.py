"""The OpenAPI 3.1 document, made from the endpoint declarations and from nothing else."""

from __future__ import annotations

from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields, validate

from tracker import __version__, compact
from tracker.api.endpoint import ENDPOINTS, Endpoint
from tracker.api.problems import (
    MEDIA_TYPE,
    STATUS,
    BadJson,
    BadRequest,
    PreconditionRequired,
    TooLarge,
    UnsupportedMediaType,
)
from tracker.domain import errors, ids
from tracker.domain.people import PERMISSIONS, PUBLIC, ROLES
from tracker.schemas.subjects import AnySubject

_VERSION: Final = "3.1.0"
_DESCRIPTION: Final = """\
The one record of who owes what, by when, with which means; what has been done; who says so, on what evidence.

Two halves, told apart by the path. `/v1/public/…` is read by anybody, says the same to everybody and may be cached.
`/v1/…` is the working record and takes a key. Errors are problem details (RFC 9457); their `type` is stable.
"""


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
        "description": _permission(one.permission),
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
    return operation


def _schema(answer: type[Schema]) -> Any:
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
    if one.versioned:
        found.append(
            {
                "in": "header",
                "name": "If-Match",
                "required": one.method == "PATCH",
                "description": "The ETag of what was read.",
                "schema": {"type": "string"},
            }
        )
    return found


def refusals(one: Endpoint) -> set[type[errors.Refusal]]:
    """Every reason this endpoint may give to say no: what it declares, and what follows from its shape."""
    found: set[type[errors.Refusal]] = {*one.refusals, errors.InvalidInput, BadRequest}
    if one.permission != PUBLIC:
        found |= {errors.NotAuthenticated, errors.NotPermitted}
    if one.parameters:
        found.add(errors.NotFound)
    if one.body is not None:
        found |= {BadJson, TooLarge, UnsupportedMediaType}
    if one.versioned:
        found |= {errors.StaleEdit, *([PreconditionRequired] if one.method == "PATCH" else [])}
    return found


def _responses(one: Endpoint) -> dict[str, Any]:
    headers = {"ETag": {"description": "Strong entity tag.", "schema": {"type": "string"}}}
    if "next" in one.answer().fields:
        told = 'The page that follows, as `rel="next"` (RFC 8288); left out on the last.'
        headers["Link"] = {"description": told, "schema": {"type": "string"}}
    said: dict[str, Any] = {
        str(one.status): {
            "description": one.summary + ".",
            "headers": headers,
            "content": {"application/json": {"schema": _schema(one.answer)}},
        }
    }
    if one.method == "GET":
        said["304"] = {"description": "What you have is still right."}
    by_status: dict[int, list[str]] = {}
    for refusal in refusals(one):
        by_status.setdefault(STATUS[refusal], []).append(refusal.code)
    for status, codes in sorted(by_status.items()):
        said[str(status)] = {
            "description": "Refused: " + ", ".join(f"`{code}`" for code in sorted(codes)) + ".",
            "content": {MEDIA_TYPE: {"schema": Problem}},
        }
    return said

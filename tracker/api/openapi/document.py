"""The OpenAPI 3.1 document, made from the endpoint declarations and from nothing else."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from tracker import __version__
from tracker.api.http import idempotency
from tracker.api.http.endpoint import ENDPOINTS, JSON, Endpoint
from tracker.api.openapi import components, feed_operations
from tracker.api.openapi.responses import BYTES, add_location, build_responses, find_example
from tracker.api.openapi.shape_sentences import Shapes
from tracker.api.openapi.tags import TAGS, list_groups
from tracker.domain import ids, partial_days, text
from tracker.domain.canonical import encode_json
from tracker.domain.people import PERMISSIONS, PUBLIC, ROLES
from tracker.http import digests, multipart
from tracker.http.attachments import BINARY
from tracker.http.refusals import STATUS
from tracker.schemas.descriptions import MEMBERS
from tracker.schemas.fields import make_pattern_with_slug
from tracker.schemas.problems import Problem
from tracker.schemas.shape_descriptions import OF_SHAPES
from tracker.schemas.subjects import AnySubject

_VERSION: Final = "3.1.0"
#: Two who ask at once wait for one document.
_MAKING: Final = Lock()
_DESCRIPTION: Final = """\
The one record of who owes what, by when, with which means; what has been done; who says so, on what evidence.

Two halves, told apart by the path. `/v1/public/…` is read by anybody, says the same to everybody and may be cached.
`/v1/…` is the working record and takes a key. Errors are problem details (RFC 9457); their `type` is stable.

Every problem, and every answer to a key, carries an `X-Request-Id`: tell it to the operators when you ask about one.
"""


_IF_MATCH: Final = (
    "The ETag of what was read, or several of which one must be the current; `*` stands for any version (RFC 9110,"
    " 13.1.1). A read takes no notice of it."
)

#: Of what is read on record.
_EACH: Final = (
    "Each call is an act of its own and is written down; no answer is kept, whatever header is sent. "
)


_KEY: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key, `trk_…`, issued by `tracker keys issue`.",
}


def build_document() -> dict[str, Any]:
    """The whole document as plain values."""
    shapes = Shapes(Problem, *AnySubject.VARIANTS.values())
    marshmallow = MarshmallowPlugin(schema_name_resolver=shapes.name)
    spec = APISpec(
        title="Accountability tracker",
        version=__version__,
        openapi_version=_VERSION,
        plugins=[marshmallow],
        info={"description": _DESCRIPTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        servers=[{"url": "/"}],
    )
    if marshmallow.converter is not None:
        marshmallow.converter.add_attribute_function(_describe_amount)  # type: ignore[no-untyped-call]
        marshmallow.converter.add_attribute_function(_describe_shape)  # type: ignore[no-untyped-call]
    spec.components.security_scheme("key", _KEY)
    spec.components.schema("Problem", schema=Problem)
    _any_subject(spec)
    for tag, description in TAGS.items():
        spec.tag({"name": tag, "description": description})
    for refusal in STATUS:
        spec.components.example(refusal.code, {"value": find_example(refusal)})
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _describe_operation(endpoint)
    for path, operations in (*paths.items(), *feed_operations.operations().items()):
        spec.path(path, operations=operations)
    made: dict[str, Any] = {"openapi": _VERSION, **spec.to_dict(), "x-tagGroups": list_groups()}
    shapes.describe(made)
    components.open_answers(made)
    components.unbound_codes(made)
    components.describe_operations(made)
    components.show_examples(made, components.load_examples())
    components.share_components(made)
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


def serve_document(form: str) -> bytes:
    """The document as it is served, `json` or `yaml`: made once for each process, when somebody first asks for it."""
    with _MAKING:
        return _made(form)


@cache
def _built() -> dict[str, Any]:
    """For both forms: to write it takes less time than to build it."""
    return build_document()


@cache
def _made(form: str) -> bytes:
    document = _built()
    return components.dump_yaml(document).encode() if form == "yaml" else encode_json(document)


def _describe_amount(_converter: Any, field: Any, **_kwargs: Any) -> dict[str, Any]:
    """An amount leaves as a text of digits."""
    if not (isinstance(field, fields.Decimal) and field.as_string):
        return {}
    return {"type": ["string", "null"] if field.allow_none else "string"}


def _describe_shape(_converter: Any, field: Any, **_kwargs: Any) -> dict[str, Any]:
    """What a member means, where its own declaration does not say it."""
    if "description" in field.metadata or not isinstance(field.parent, Schema):
        return {}
    name = field.data_key or field.name
    shapes = (f"{shape.__name__}.{name}" for shape in type(field.parent).__mro__)
    description = next((OF_SHAPES[one] for one in shapes if one in OF_SHAPES), MEMBERS.get(name))
    if description is not None and field.metadata.get("pattern") == partial_days.PATTERN:
        description = (
            f"{description} As it is known: a day, a month (`2025-03`) or a year (`2025`); EDTF, level 0."
        )
    return {} if description is None else {"description": description}


def _describe_operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.operation,
        "summary": endpoint.summary,
        "description": f"{endpoint.about} {_describe_following(endpoint)}{_describe_permission(endpoint.permission)}",
        "tags": [endpoint.tag],
        "security": [] if endpoint.permission == PUBLIC else [{"key": []}],
        "parameters": _describe_parameters(endpoint),
        "responses": build_responses(endpoint),
    }
    if endpoint.body is not None:
        # One media type, although an edit is also read as plain JSON: generators stumble over two with one shape.
        operation["requestBody"] = {
            "required": True,
            "content": {endpoint.media_types[0]: {"schema": endpoint.body}},
        }
    if endpoint.form is not None:
        operation["requestBody"] = {
            "required": True,
            "description": "The parts in this order: first what is JSON, then each file with its own `Content-Type`."
            " A `filename` that it is given is kept sealed, for custodians only.",
            "content": {
                multipart.MEDIA_TYPE: {"schema": endpoint.form, "encoding": {"item": {"contentType": JSON}}}
            },
        }
    elif endpoint.receive is not None:
        operation["requestBody"] = {
            "required": True,
            "description": "The bytes themselves, with whatever `Content-Type` they have.",
            "content": {BINARY: {"schema": BYTES}},
        }
    return operation


def _describe_following(endpoint: Endpoint) -> str:
    """What follows from the call."""
    if endpoint.method == "POST" and endpoint.again is None:
        return _EACH
    if endpoint.status == 201:
        return (
            f"What was made is answered{'; `Location` has its address' if add_location(endpoint) else ''}. "
        )
    if endpoint.versioned:
        return "The version in `If-Match` must be the current one; the answer carries the new one. "
    return ""


def _describe_permission(permission: str) -> str:
    if permission == PUBLIC:
        return "Public: takes no key, and says the same to everybody."
    roles = ", ".join(role for role, may in ROLES.items() if permission in may)
    return f"Takes the permission `{permission}`: to {PERMISSIONS[permission]} ({roles})."


def _describe_parameters(endpoint: Endpoint) -> list[Any]:
    parameters: list[Any] = [
        {
            "in": "path",
            "name": name,
            "required": True,
            **(
                {
                    "description": "One of those that are served.",
                    "schema": {"type": "string", "enum": list(endpoint.choices[name])},
                }
                if name in endpoint.choices
                else _describe_named(endpoint, name)
            ),
        }
        for name in endpoint.parameters
    ]
    if endpoint.query is not None:
        parameters.append({"in": "query", "schema": endpoint.query})
    return parameters + _sent_headers(endpoint)


def _describe_named(endpoint: Endpoint, name: str) -> dict[str, Any]:
    """A parameter that names a thing."""
    named = " or ".join(map(text.with_article, endpoint.kinds(name)))
    if endpoint.takes_slug(name):
        pattern = make_pattern_with_slug(*endpoint.kinds(name))
        return {
            "description": f"The id or the short name (`slug`) of {named}.",
            "schema": {"type": "string", "pattern": pattern, "maxLength": text.SLUG_LENGTH},
        }
    pattern = ids.make_pattern(*endpoint.kinds(name))
    return {"description": f"The id of {named}.", "schema": {"type": "string", "pattern": pattern}}


def _sent_headers(endpoint: Endpoint) -> list[Any]:
    headers: list[tuple[str, str, dict[str, str]]] = []
    names: dict[str, str] = {}
    if endpoint.ranges:
        headers.append(
            ("Range", "One part of the bytes, as `bytes=1000-`; anything else is passed over.", {})
        )
        headers.append(("If-Range", "The ETag of what the part belongs to; with another all is sent.", {}))
    if endpoint.versioned:
        required = endpoint.method == "PATCH"
        headers.append(("If-Match", _IF_MATCH, {}))
        names["If-Match"] = "If-Match-required" if required else "If-Match"
    if endpoint.method == "POST":
        digest = (
            "A new one for each act, the same with each repetition: it is acted on once. Kept for 24 hours."
            if endpoint.again is not None
            else "Taken and not looked at: each call is an act of its own, and nothing is kept."
        )
        headers.append((idempotency.HEADER, digest, {"pattern": f"^{idempotency.PATTERN}$"}))
        names[idempotency.HEADER] = (
            idempotency.HEADER if endpoint.again is not None else f"{idempotency.HEADER}-unused"
        )
    if endpoint.receive is not None and endpoint.form is None:
        digest = "`attachment; filename=…`: what the file is called. Kept sealed, for custodians only."
        headers.append(("Content-Disposition", digest, {}))
    if endpoint.body is not None or endpoint.receive is not None:
        digest = f"The digest of the body (RFC 9530), by {' or '.join(digests.ALGORITHMS)}; checked first."
        headers.append((digests.HEADER, digest, {}))
    return [
        {
            "in": "header",
            "name": name,
            "required": name == "If-Match" and endpoint.method == "PATCH",
            "description": told,
            "schema": {"type": "string", **more},
            components.NAME: names.get(name, name),
        }
        for name, told, more in headers
    ]

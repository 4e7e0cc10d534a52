"""Reading a request strictly: what it does not say plainly is refused, never guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

from flask import request
from marshmallow import Schema, ValidationError

from tracker.api import digests
from tracker.api.problems import BadJson, BadRequest, PreconditionRequired, TooLarge, UnsupportedMediaType
from tracker.domain import text
from tracker.domain.errors import FieldError, InvalidInput, StaleEdit

_DEPTH: Final = 32
#: One entity tag (RFC 9110, 8.8.3), weak or strong.
_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"', re.ASCII)


def raw(*media_types: str) -> bytes:
    """The bytes of the body: of a type that is read, no longer than the limit, and those that its digest says."""
    if request.mimetype not in media_types:
        raise UnsupportedMediaType(f"send {' or '.join(media_types)}")
    if request.content_encoding not in (None, "identity"):
        raise UnsupportedMediaType("send the body as it is, without a Content-Encoding")
    found, limit = request.get_data(cache=False), request.max_content_length
    # One that comes without its length is cut off at the limit without a word: what fills it is taken for longer.
    if limit is not None and request.content_length is None and len(found) >= limit:
        raise TooLarge(f"at most {limit} bytes are read")
    digests.check(found)
    return found


def body(shape: Schema, found: bytes) -> dict[str, Any]:
    """The JSON body as this shape reads it."""
    return load(shape, _json(found))


def load(shape: Schema, value: Any) -> dict[str, Any]:
    """A value as a shape reads it; `InvalidInput` points at every member that is at fault."""
    if not isinstance(value, dict):
        raise InvalidInput.at("", "must be a JSON object")
    try:
        loaded: dict[str, Any] = shape.load(value)
    except ValidationError as error:
        fields = list(_fields(error.messages_dict, ""))
        raise InvalidInput("one or more members are not valid", fields=fields) from None
    return loaded


def query(shape: Schema | None) -> dict[str, Any]:
    """The query string as this shape reads it. Unknown and repeated parameters are refused."""
    repeated = [name for name in request.args if len(request.args.getlist(name)) > 1]
    if repeated:
        raise InvalidInput(
            "a parameter stands there twice", fields=[FieldError(name, "give it once") for name in repeated]
        )
    given = request.args.to_dict()
    if shape is None:
        if given:
            raise InvalidInput(
                "this address takes no parameters",
                fields=[FieldError(name, "unknown parameter") for name in given],
            )
        return {}
    try:
        loaded: dict[str, Any] = shape.load(given)
    except ValidationError as error:
        fields = [
            FieldError(field.pointer.lstrip("/"), field.detail) for field in _fields(error.messages_dict, "")
        ]
        raise InvalidInput("one or more parameters are not valid", fields=fields) from None
    return loaded


def expected_version(id: str, method: str) -> int | None:
    """The version of this thing that `If-Match` names.

    `*` names none, so it counts as nothing: `PreconditionRequired` for an edit. `BadRequest` for what is not one
    entity tag, `StaleEdit` for a tag that this thing never had.
    """
    given = request.headers.get("If-Match", "*").strip()
    if given == "*":
        if method == "PATCH":
            raise PreconditionRequired("send If-Match with the ETag of what you read")
        return None
    if _TAG.fullmatch(given) is None:
        raise BadRequest("If-Match must carry the one ETag that you read, in its quotes")
    match = re.fullmatch(rf'"{id}-([0-9]{{1,9}})"', given, re.ASCII)
    if match is None:
        raise StaleEdit("If-Match does not carry a strong ETag of this thing")
    return int(match.group(1))


def _json(raw: bytes) -> Any:
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(f"the body is not UTF-8 (byte {error.start})") from None
    if "\x00" in decoded:
        raise BadJson("the body holds a NUL character")
    try:
        value = json.loads(decoded, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise BadJson("the body is nested too deeply") from None
    except ValueError as error:
        place = (
            f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise BadJson(f"the body is not JSON{place}") from None
    _walk(value)
    return value


class _Twice(dict[str, Any]):
    """An object in which a member stands twice."""

    again: str


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if fault := text.fault(name, lines=False):
            raise BadJson(f"in the name of a member: {fault}")
        if name in found:
            found = _Twice(found)
            found.again = name
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is not JSON")


def _walk(value: Any) -> None:
    """Refuse what is nested too deeply or holds a member twice, level by level, without recursion of our own."""
    level = [("", value)] if isinstance(value, (dict, list)) else []
    for _ in range(_DEPTH):
        for pointer, one in level:
            if isinstance(one, _Twice):
                fields = [FieldError(pointer + _step(one.again[:80]), "give it once")]
                raise BadJson(f"the member {one.again[:80]!r} stands there twice", fields=fields)
        level = [
            (pointer + _step(name), inner)
            for pointer, one in level
            for name, inner in (one.items() if isinstance(one, dict) else enumerate(one))
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise BadJson(f"the body is nested more than {_DEPTH} levels deep")


def _step(name: object) -> str:
    """One step of a JSON Pointer (RFC 6901)."""
    return "/" + str(name).replace("~", "~0").replace("/", "~1")


def _fields(messages: Any, pointer: str) -> Iterable[FieldError]:
    """Marshmallow's nested messages as JSON Pointers; under `_schema` it speaks of the value itself."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _fields(inner, pointer if name == "_schema" else pointer + _step(name))
        return
    for detail in messages:
        if isinstance(detail, Mapping):
            yield from _fields(detail, pointer)
        else:
            yield FieldError(pointer, str(detail))

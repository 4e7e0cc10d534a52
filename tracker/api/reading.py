"""Reading a request strictly: what it does not say plainly is refused, never guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

from flask import request
from marshmallow import Schema, ValidationError

from tracker.api.problems import BadJson, PreconditionRequired, UnsupportedMediaType
from tracker.domain.errors import FieldError, InvalidInput, StaleEdit

_DEPTH: Final = 32
_TAG: Final = re.compile(r'"[a-z]{3}_[0-9a-z]{26}-([0-9]{1,9})"', re.ASCII)


def body(shape: Schema, *media_types: str) -> dict[str, Any]:
    """The JSON body as this shape reads it."""
    if request.mimetype not in media_types:
        raise UnsupportedMediaType(f"send {' or '.join(media_types)}")
    return load(shape, _json(request.get_data(cache=False)))


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


def expected_version(required: bool) -> int | None:
    """The version in `If-Match`. `PreconditionRequired` where an edit comes without one."""
    given = request.headers.get("If-Match")
    if given is None:
        if required:
            raise PreconditionRequired("send If-Match with the ETag of what you read")
        return None
    match = _TAG.fullmatch(given.strip())
    if match is None:
        raise StaleEdit("If-Match must carry the one strong ETag that you read")
    return int(match.group(1))


def _json(raw: bytes) -> Any:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(f"the body is not UTF-8 (byte {error.start})") from None
    if "\x00" in text:
        raise BadJson("the body holds a NUL character")
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise BadJson("the body is nested too deeply") from None
    except ValueError as error:
        place = (
            f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise BadJson(f"the body is not JSON{place}") from None
    if _depth(value) > _DEPTH:
        raise BadJson(f"the body is nested more than {_DEPTH} levels deep")
    return value


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadJson(
                f"the member {name[:80]!r} stands there twice",
                fields=[FieldError(f"/{name[:80]}", "give it once")],
            )
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is not JSON")


def _depth(value: Any) -> int:
    """How deep a value is nested, without recursion of our own."""
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            inner
            for one in level
            if isinstance(one, (dict, list))
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return deepest


def _fields(messages: Any, pointer: str) -> Iterable[FieldError]:
    """Marshmallow's nested messages as JSON Pointers."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            # "_schema" is the value itself; "key" and "value" stand between a mapping and what is wrong in it.
            step = (
                "" if name in ("_schema", "value") else "/" + str(name).replace("~", "~0").replace("/", "~1")
            )
            yield from _fields(inner, pointer + step)
    else:
        for detail in messages:
            yield FieldError(pointer, str(detail))

"""JSON read strictly: what is ambiguous, too deep or no JSON at all is refused, never guessed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from tracker.domain import text
from tracker.domain.errors import BadJson, FieldError

_DEPTH: Final = 32


def parse_json(raw: bytes, what: str = "the body") -> Any:
    """The value; `BadJson` says what is wrong with ``what``, and where."""
    decoded = decode_json(raw, what)
    try:
        value = json.loads(decoded, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise BadJson(f"{what} is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise BadJson(f"{what} is not JSON (line {error.lineno}, column {error.colno})") from None
    except ValueError:  # Python's own limit, for such a number takes long to read
        raise BadJson(f"{what} holds a number of too many digits") from None
    _walk(value, what)
    return value


def decode_json(raw: bytes, what: str) -> str:
    """The text of these bytes, which is UTF-8 without a NUL."""
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(f"{what} is not UTF-8 (byte {error.start})") from None
    if "\x00" in decoded:
        raise BadJson(f"{what} holds a NUL character")
    return decoded


def escape_pointer_step(name: object) -> str:
    """One step of a JSON Pointer (RFC 6901)."""
    return "/" + str(name).replace("~", "~0").replace("/", "~1")


class _Twice(dict[str, Any]):
    """An object in which a member stands twice."""

    again: str


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if fault := text.find_fault(name, lines=False):
            raise BadJson(f"in the name of a member: {fault}")
        if name in found:
            found = _Twice(found)
            found.again = name
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is not JSON")


def _walk(value: Any, what: str) -> None:
    """Refuse what is nested too deeply or holds a member twice, level by level, without recursion of our own."""
    level = [("", value)] if isinstance(value, (dict, list)) else []
    for _ in range(_DEPTH):
        for pointer, one in level:
            if isinstance(one, _Twice):
                fields = [FieldError(pointer + escape_pointer_step(one.again[:80]), "give it once")]
                raise BadJson(f"the member {one.again[:80]!r} stands there twice", fields=fields)
        level = [
            (pointer + escape_pointer_step(name), inner)
            for pointer, one in level
            for name, inner in (one.items() if isinstance(one, dict) else enumerate(one))
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise BadJson(f"{what} is nested more than {_DEPTH} levels deep")
